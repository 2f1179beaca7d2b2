"""Wording with places for numbers, and the text made of it, in which every number says where it comes from.

A wording has `{name}` where a number stands; what is in `[...]` falls away where every number in it is nought.
The text made of it has `{shown|key}` instead: what is printed, and the number of the quarter that it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from registry.bulletins.texts import COUNT_WORDS, PLAIN

_SLOT = re.compile(r"\{([^{}|]*)\}")
_MARK = re.compile(r"\{([^{}|]*)\|([^{}|]+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_BY_HAND = re.compile(rf"\d[\d,.]*|{COUNT_WORDS}")


class Level(StrEnum):
    """What a paragraph is in the paper."""

    TITLE = "title"
    RECIPIENTS = "recipients"
    FIRST = "first"
    SECOND = "second"
    BODY = "body"


HEADINGS = {Level.FIRST: 1, Level.SECOND: 2}


class WordingFault(StrEnum):
    """Why a line of wording cannot stand."""

    UNKNOWN = "unknown"
    DIGITS = "digits"
    BRACES = "braces"


@dataclass(frozen=True, slots=True)
class BoundNumber:
    """A number as the quarter has it: what is printed, `value` if it can be nought, and the office it is of."""

    key: str
    shown: str
    value: int | None = None
    office_id: int | None = None

    @property
    def is_empty(self) -> bool:
        return self.value == 0 if self.value is not None else not self.shown


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: words, or what is shown of a number with its `key`."""

    shown: str
    key: str = ""


def faults(text: str, known: Callable[[str], bool]) -> Iterator[tuple[WordingFault, str]]:
    """What keeps a line of wording from being used, each with the part that is wrong."""
    for name in _SLOT.findall(text):
        if not known(name):
            yield WordingFault.UNKNOWN, name
    rest = _SLOT.sub("", text)
    if re.search(r"[{}]", rest) or re.search(r"[\[\]]", _OPTIONAL.sub("", rest)):
        yield WordingFault.BRACES, text
    for found in _BY_HAND.findall(rest):
        yield WordingFault.DIGITS, found


def filled(text: str, number: Callable[[str], BoundNumber]) -> str:
    """The text made of a wording."""

    def optional(found: re.Match[str]) -> str:
        named = [number(name) for name in _SLOT.findall(found[1])]
        counted = [one for one in named if one.value is not None] or named
        return "" if counted and all(one.is_empty for one in counted) else found[1]

    def mark(found: re.Match[str]) -> str:
        one = number(found[1])
        return marked(one.shown, one.key)

    return _SLOT.sub(mark, _OPTIONAL.sub(optional, text))


def plain(shown: str) -> str:
    """What is printed of a name: what would break a mark is shown otherwise, and it stands on one line."""
    return " ".join(shown.translate(PLAIN).split())


def marked(shown: str, key: str) -> str:
    """How a text names a number."""
    return f"{{{plain(shown)}|{key}}}"


def pieces(text: str) -> Iterator[Piece]:
    """The parts of a text, in order."""
    end = 0
    for found in _MARK.finditer(text):
        if found.start() > end:
            yield Piece(text[end : found.start()])
        yield Piece(found[1], found[2])
        end = found.end()
    if end < len(text):
        yield Piece(text[end:])


def shown(text: str) -> str:
    """The text as it is printed."""
    return "".join(piece.shown for piece in pieces(text))


def keys(text: str) -> list[str]:
    return [piece.key for piece in pieces(text) if piece.key]


def by_hand(text: str) -> list[str]:
    """Numbers that stand in the text and name no source: digits, and Chinese numerals before a word of counting."""
    return _BY_HAND.findall(_MARK.sub(" ", text))


def has_stray_braces(text: str) -> bool:
    """Whether something looks like a number's mark and is none."""
    rest = _MARK.sub("", text)
    return "{" in rest or "}" in rest


def length(texts: Iterator[str]) -> int:
    """Characters that are printed, without spaces."""
    return sum(len("".join(shown(text).split())) for text in texts)
