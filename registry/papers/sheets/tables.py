"""A table across the whole text: its columns as wide as what they hold asks for, its head again on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from docx.document import Document as DocxDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.text.paragraph import CT_P
from docx.text.paragraph import Paragraph

from registry.papers.sheets.measures import TEXT_WIDTH
from registry.papers.sheets.paper import Table
from registry.papers.sheets.styles import CAPTION, CELL, CELL_HEADING, CELL_NUMBER, NOTE
from registry.papers.sheets.writing import Pen, ems

_LEAST, _MOST = 2.5, 14.0
"""Characters that a column asks for at least and at most; a longer text is broken."""
_UNBROKEN = 9.0
"""Characters up to which a text is not broken."""
_PADDING = 1.5
_CHARACTER = 210
"""Twips of a character in a cell."""
_ROW = 420
"""Twips; the least height of a row."""


def write_table(document: DocxDocument, table: Table, pen: Pen) -> None:
    """The title, the table, and the note if it has one. Raises ValueError for a row with too few or too many cells."""
    pen.write(document, table.title, CAPTION)
    frame = parse_xml(_frame(column_widths(table), len(table.rows)))
    document.element.body.insert_element_before(frame, "w:sectPr")
    looks = [CELL_NUMBER if at in table.numeric else CELL for at in range(len(table.headings))]
    head = [(text, CELL_HEADING) for text in table.headings]
    body = [pair for row in table.rows for pair in zip(row, looks, strict=True)]
    for paragraph, (text, look) in zip(frame.iter(qn("w:p")), [*head, *body], strict=True):
        pen.fill(Paragraph(cast(CT_P, paragraph), document), text, look)
    if table.note:
        pen.write(document, table.note, NOTE)


def column_widths(table: Table) -> list[int]:
    """Twips of each column, together the width of the text; a heading may be broken once.

    Where not all have room, long texts give way: a day, a number or a word stays on its line.
    """
    longest = [
        max(_LEAST, ems(heading) / 2, *(ems(row[at]) for row in table.rows))
        for at, heading in enumerate(table.headings)
    ]
    room = TEXT_WIDTH / _CHARACTER - _PADDING * len(longest)
    short = sum(length for length in longest if length <= _UNBROKEN)
    share = max(0.0, room - short) / max(1.0, sum(min(_MOST, length) for length in longest if length > _UNBROKEN))
    wanted = [
        _PADDING + (length if length <= _UNBROKEN else max(_UNBROKEN / 2, min(_MOST, length) * min(1.0, share)))
        for length in longest
    ]
    ends = [round(TEXT_WIDTH * sum(wanted[: at + 1]) / sum(wanted)) for at in range(len(wanted))]
    return [end - start for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def _frame(widths: Sequence[int], rows: int) -> str:
    """The empty table: a head and so many rows."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p/></w:tc>'
        for width in widths
    )
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/>'
        '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{_row(cells, '<w:tblHeader/>')}{_row(cells) * rows}</w:tbl>"
    )


def _row(cells: str, head: str = "") -> str:
    return f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{_ROW}" w:hRule="atLeast"/>{head}</w:trPr>{cells}</w:tr>'
