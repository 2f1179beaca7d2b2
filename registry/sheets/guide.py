"""The instructions sheet of the template, made from the columns themselves."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.cell import WriteOnlyCell
from openpyxl.workbook import Workbook

from registry.base.vocabulary import NOTICE, Action
from registry.sheets.columns import Column
from registry.sheets.formstyles import GUIDE_LABEL, GUIDE_TEXT, HINT, TITLE
from registry.sheets.printing import LINE_HEIGHT, lines_needed
from registry.sheets.wording import (
    FILING_MARK,
    GUIDE_HEADINGS,
    GUIDE_PARAGRAPHS,
    GUIDE_SHEET,
    GUIDE_TITLE,
    OPTIONAL_MARK,
    REQUIRED_MARK,
    WANTED_MARK,
)

_MARKS = {Action.SUBMIT: WANTED_MARK, Action.FILE: FILING_MARK}
_WIDTHS = (20, 12, 8, 60, 60)
_ALIASES_SHOWN = 6


def mark(column: Column) -> str:
    """What stands above the heading: from which step on the column has to be filled in."""
    return REQUIRED_MARK if column.required else _MARKS.get(column.needed_for or Action.CREATE, OPTIONAL_MARK)


def add_guide(
    book: Workbook,
    columns: Sequence[Column],
    *,
    title: str = GUIDE_TITLE,
    paragraphs: Sequence[str] = GUIDE_PARAGRAPHS,
) -> None:
    """Add the sheet: how to fill in, what happens after the upload, then one line for each column."""
    sheet = book.create_sheet(GUIDE_SHEET)
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def put(texts: Sequence[str], style: str, first_style: str | None = None) -> None:
        cells = [WriteOnlyCell(sheet, text) for text in texts]
        for index, cell in enumerate(cells):
            cell.style = first_style if first_style and index == 0 else style
            cell.data_type = "s"
        sheet.append(cells)

    put([title], TITLE)
    put([NOTICE], HINT)
    for paragraph in paragraphs:
        put([paragraph], HINT)
    put([""], HINT)
    put(GUIDE_HEADINGS, GUIDE_LABEL)
    row = len(paragraphs) + 4
    for column in columns:
        aliases = "、".join(column.aliases[:_ALIASES_SHOWN])
        row += 1
        sheet.row_dimensions[row].height = LINE_HEIGHT * lines_needed([column.note, aliases], _WIDTHS[3:]) + 4
        texts = [column.heading, mark(column), column.unit or "", column.note, aliases]
        put(texts, GUIDE_TEXT, GUIDE_LABEL)
