"""The paper of a bulletin out of its content; the pictures are those of the quarter's page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from registry.bulletins import texts
from registry.bulletins.rules.tables import read_back
from registry.bulletins.rules.wording import HEADINGS, Level, shown
from registry.papers.sheets.paper import Block, Body, Heading, OfficialPaper, Picture, Table
from registry.quarters.sheets.bars import described, funnel, movement, specification

SCALE = 2.0


def paper_of(content: Mapping[str, Any]) -> OfficialPaper:
    """`content`: as `queries.content` gives it."""
    paragraphs = [(Level(row["level"]), row["head"] + shown(row["text"])) for row in content["paragraphs"]]
    recipients = next((text for level, text in paragraphs if level is Level.RECIPIENTS), "")
    return OfficialPaper(
        title=next(text for level, text in paragraphs if level is Level.TITLE),
        recipients=recipients if recipients.endswith(texts.RECIPIENTS_END) or not recipients
        else recipients + texts.RECIPIENTS_END,
        blocks=tuple(_text(paragraphs)),
        attached=(*_tables(content), *_pictures(content["pictures"])),
        signature=content["signature"],
        day=date.fromisoformat(content["day"]) if content["day"] else None,
        footer=texts.NOT_FOR_STATISTICS,
        sources=tuple(content["sources"]),
    )  # fmt: skip


def _text(paragraphs: list[tuple[Level, str]]) -> Iterator[Block]:
    for level, text in paragraphs:
        if level in HEADINGS:
            yield Heading(HEADINGS[level], text)
        elif level is Level.BODY:
            yield Body(text)


def _tables(content: Mapping[str, Any]) -> Iterator[Table]:
    for table in map(read_back, content["tables"]):
        rows = tuple(tuple(cell.shown for cell in row) for row in table.rows)
        yield Table(table.title, table.headings, rows, frozenset(table.numeric), table.note)


def _pictures(pictures: Mapping[str, Any] | None) -> Iterator[Picture]:
    if pictures is None:
        return
    for title, rows in (
        (texts.FUNNEL_TITLE, funnel((label, count) for label, count in pictures["stages"])),
        (texts.MOVEMENT_TITLE, movement((label, count, total) for label, count, total in pictures["steps"])),
    ):
        yield Picture(title, png(specification(rows)), described(rows, texts.WORDS_JOINT))


def png(drawing: dict[str, Any]) -> bytes:
    """A specification drawn on white."""
    import vl_convert  # heavy: only the process that draws pays for it

    drawn: bytes = vl_convert.vegalite_to_png({**drawing, "background": "white"}, scale=SCALE)
    return drawn
