"""What stops a bulletin: a number that is not what its source says, or names none; a text that is too long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from registry.bulletins.rules.numbers import QuarterNumbers
from registry.bulletins.rules.wording import by_hand, pieces, plain
from registry.quarters.rules.frozen import digest

LENGTH = "bulletin.length"
"""The parameter with as many characters as a paper should have at most."""


@dataclass(frozen=True, slots=True)
class TextFault:
    """`why`: of `texts.PROBLEMS`; `line`: the paragraph, from 1; `expected`: what the quarter says."""

    why: str
    line: int
    shown: str
    key: str
    expected: str = ""


@dataclass(frozen=True, slots=True)
class HandNumber:
    """A number in the text that names no source."""

    line: int
    shown: str


def faults(paragraphs: Iterable[str], numbers: QuarterNumbers) -> Iterator[TextFault]:
    for line, text in enumerate(paragraphs, start=1):
        for piece in pieces(text):
            if not piece.key:
                continue
            one = numbers.numbers.get(piece.key)
            if one is None:
                yield TextFault("unknown", line, piece.shown, piece.key)
            elif plain(one.shown) != piece.shown:
                yield TextFault("differs", line, piece.shown, piece.key, plain(one.shown))


def hand_numbers(paragraphs: Iterable[str]) -> list[HandNumber]:
    return [HandNumber(line, shown) for line, text in enumerate(paragraphs, start=1) for shown in by_hand(text)]


def digest_of(found: Sequence[tuple[str, str]]) -> str:
    """SHA-256 over an office's numbers, whatever order they come in."""
    return digest("\n".join(sorted("\t".join(one) for one in found)))
