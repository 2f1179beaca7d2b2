"""Puts rows into a sheet above what stands below its table: the library moves cells alone, here all goes with them."""

from __future__ import annotations

from collections.abc import Callable

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils import get_column_letter, quote_sheetname, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet


def make_room(book: Workbook, sheet: Worksheet, before: int, count: int) -> None:
    """`count` empty rows before row `before`. Merged cells, heights, lists, formats, formulas and the area of print
    follow; what spans the table down to its last row then spans the new rows too.
    """
    heights = {row: sheet.row_dimensions[row].height for row in range(before, sheet.max_row + 1)}
    sheet.move_range(f"A{before}:{get_column_letter(sheet.max_column)}{sheet.max_row}", rows=count)
    areas = list(sheet.merged_cells.ranges)
    for one in areas:
        if one.min_row >= before:
            one.shift(row_shift=count)
    sheet.merged_cells.ranges = set(areas)
    for row in sorted(heights, reverse=True):
        sheet.row_dimensions[row + count].height = heights[row]
        sheet.row_dimensions[row].height = None
    _stretch(sheet, before, count)
    for one in book.worksheets:
        _adapt(one, sheet, before, count)


def moved(top: int, bottom: int, before: int, count: int) -> tuple[int, int]:
    """Where rows lie afterwards; a span that ends with the table's last row, or reaches past it, grows."""
    if top >= before:
        return top + count, bottom + count
    return top, bottom + count if bottom >= before - 1 and bottom > top else bottom


def _stretch(sheet: Worksheet, before: int, count: int) -> None:
    for rule in sheet.data_validations.dataValidation:
        rule.sqref = MultiCellRange([_area(one, before, count) for one in rule.sqref.ranges])
    formats = ConditionalFormattingList()
    for one in sheet.conditional_formatting:
        for rule in one.rules:
            formats.add(" ".join(_area(area, before, count).coord for area in one.sqref.ranges), rule)
    sheet.conditional_formatting = formats
    if sheet.print_area:
        areas = [CellRange(area.rpartition("!")[2].replace("$", "")) for area in sheet.print_area.split(",")]
        sheet.print_area = [_area(area, before, count).coord for area in areas]


def _area(area: CellRange, before: int, count: int) -> CellRange:
    top, bottom = moved(area.min_row, area.max_row, before, count)
    return CellRange(min_col=area.min_col, min_row=top, max_col=area.max_col, max_row=bottom)


def _adapt(sheet: Worksheet, changed: Worksheet, before: int, count: int) -> None:
    """The formulas of a sheet, where they speak of rows that moved."""
    own = sheet is changed
    names = {changed.title, quote_sheetname(changed.title)}
    for cell in list(sheet._cells.values()):
        if cell.data_type == "f" and isinstance(cell.value, str):
            cell.value = _formula(cell.value, lambda name: (own and not name) or name in names, before, count)


def _formula(text: str, concerns: Callable[[str], bool], before: int, count: int) -> str:
    tokens = Tokenizer(text)
    for token in tokens.items:
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            name, mark, place = token.value.rpartition("!")
            if concerns(name):
                token.value = f"{name}{mark}{_reference(place, before, count)}"
    return "=" + "".join(token.value for token in tokens.items)


def _reference(place: str, before: int, count: int) -> str:
    """`B5:B9` or `$B$5` as it is called afterwards; a whole column or a name stays what it is."""
    try:
        _, top, _, bottom = range_boundaries(place)
    except (ValueError, TypeError):
        return place
    if top is None or bottom is None:
        return place
    rows = moved(top, bottom, before, count)
    parts = place.split(":")
    return ":".join(
        part[: len(part) - len(_digits(part))] + str(row) for part, row in zip(parts, rows[: len(parts)], strict=True)
    )


def _digits(part: str) -> str:
    return part[len(part.rstrip("0123456789")) :]
