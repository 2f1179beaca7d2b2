"""What pages of bulletins show: the text in pieces with where each number leads, and what is to be done next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.bulletins.queries import numbers
from registry.bulletins.rules.checking import TextFault
from registry.bulletins.rules.wording import Piece, by_hand, pieces


@dataclass(frozen=True)
class ShownPiece:
    """`tone`: `wrong` where the number is not its source's, `hand` where it names none."""

    shown: str
    key: str = ""
    tone: str = ""


@dataclass(frozen=True)
class ShownParagraph:
    number: int
    level: str
    head: str
    pieces: list[ShownPiece]
    edited: bool


def paragraphs(content: Mapping[str, Any], faults: Iterable[TextFault]) -> list[ShownParagraph]:
    """The text of a bulletin's content; `faults` as `queries.bulletins.check` found them."""
    wrong = {(fault.line, fault.key) for fault in faults}
    return [
        ShownParagraph(
            number, row["level"], row["head"],
            [one for piece in pieces(row["text"]) for one in _shown(piece, number, wrong)], row["edited"],
        )
        for number, row in enumerate(content["paragraphs"], start=1)
    ]  # fmt: skip


def _shown(piece: Piece, number: int, wrong: set[tuple[int, str]]) -> list[ShownPiece]:
    if piece.key:
        return [ShownPiece(piece.shown, piece.key, "wrong" if (number, piece.key) in wrong else "")]
    found, rest = [], piece.shown
    for one in by_hand(piece.shown):
        before, _, rest = rest.partition(one)
        found += [ShownPiece(before), ShownPiece(one, tone="hand")]
    return [one for one in (*found, ShownPiece(rest)) if one.shown]


def has_rows(key: str) -> bool:
    """Whether something can be listed behind a number: a name, a day and an aim have nothing."""
    return numbers.counts_rows(key)
