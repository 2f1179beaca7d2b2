"""Writes into a form that is open: cells where nothing stood, rows below the table, and a sheet of what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date
from typing import Any

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from registry.sheets.styles import DATE_FORMAT, TEXT_FORMAT
from registry.upperforms.sheets import moving

_GENERAL = "General"
_NOTE_WIDTHS = (18, 110)


def fill(book: Workbook, orders: Mapping[str, Any]) -> None:
    """`orders`: `sheet`, `cells` [row, column, kind, value], `like` (the row whose look new rows take), `new` (first
    and last of them), `room` (before which row how many are put in, or None), `notes` (name and [label, text] rows).

    Raises ValueError for a cell that is not empty: whoever planned it saw another file.
    """
    sheet = book[orders["sheet"]]
    if orders["room"] is not None:
        moving.make_room(book, sheet, *orders["room"])
    if orders["new"] is not None:
        _dress(sheet, orders["like"], *orders["new"])
    for row, column, kind, value in orders["cells"]:
        cell = sheet.cell(row, column)
        if not isinstance(cell, Cell) or cell.value is not None:
            raise ValueError(f"{cell.coordinate} is not empty")
        _put(cell, kind, value)
    _write_notes(book, orders["notes"]["name"], orders["notes"]["rows"])


def _put(cell: Cell, kind: str, value: Any) -> None:
    """A text stays a text whatever it begins with; a day has a format of days, unless the form's own says text."""
    if kind == "day" and cell.number_format != TEXT_FORMAT:
        cell.value = date.fromisoformat(value)
        if cell.number_format == _GENERAL or not cell.is_date:
            cell.number_format = DATE_FORMAT
    elif kind == "number":
        cell.value = int(value) if str(value).lstrip("-").isdigit() else float(value)
    else:
        cell.value = value
        cell.data_type = "s"


def _dress(sheet: Worksheet, like: int, first: int, last: int) -> None:
    """Rows that have no look of their own take that of the first row of data: borders, fonts, formats, height."""
    height = sheet.row_dimensions[like].height
    for row in range(first, last + 1):
        if row == like:
            continue
        for column in range(1, sheet.max_column + 1):
            model: Any = sheet.cell(like, column)
            cell: Any = sheet.cell(row, column)
            if model.has_style and not cell.has_style:
                cell._style = copy(model._style)
        if height is not None and sheet.row_dimensions[row].height is None:
            sheet.row_dimensions[row].height = height


def _write_notes(book: Workbook, name: str, rows: Sequence[Sequence[str]]) -> None:
    sheet = book.create_sheet(name)
    for letter, width in zip("AB", _NOTE_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column, text)
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if column == 1 or number == 1:
                cell.font = Font(bold=True)
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
