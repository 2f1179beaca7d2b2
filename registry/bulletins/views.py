"""What pages of bulletins show: the text in pieces with where each number leads, and what is to be done next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from registry.bulletins.models import Bulletin
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


def rows_href(bulletin: Bulletin, key: str) -> str:
    """Where a number leads; a name, a day and an aim have nothing behind them."""
    return url_for("bulletins.rows", bulletin_id=bulletin.id, key=key) if numbers.counts_rows(key) else ""
