"""A form as it is found: every cell, what is merged, which lists its cells offer; of every sheet, hidden ones too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from registry.sheets.shape import SheetShape

_MOST_CHOICES = 500
_FORMULA = "="


def opened(path: Path) -> Workbook:
    """With what is emphasised within a cell, and with formulas rather than their last results."""
    with path.open("rb") as file:  # by its name alone the library would refuse an upload
        return load_workbook(file, rich_text=True)


def sheet_of(sheet: Worksheet, shape: SheetShape) -> dict[str, Any]:
    """One sheet as plain values; rows and columns are counted from 1, as `[top, left, bottom, right]` where merged.

    `rows`: [number, {column: value}] of rows with a value. `styled`: the last row that has a look of its own. `lists`:
    [places, choices] of cells that offer a list. `shown`: units that number formats say, [column, scale, currency].
    """
    rows = []
    for number, cells in _by_row(sheet):
        told = {str(column): plain for column, value in cells if (plain := _plain(value)) is not None}
        if told:
            rows.append([number, told])
    return {
        "sheet": sheet.title,
        "hidden": shape.hidden,
        "rows": rows,
        "styled": max((row for row, _ in sheet._cells), default=0),
        "merged": [[one.min_row, one.min_col, one.max_row, one.max_col] for one in sheet.merged_cells.ranges],
        "lists": list(_lists(sheet)),
        "shown": [[column, str(unit.scale), unit.currency] for column, unit in shape.shown],
        "protected": bool(sheet.protection.sheet),
    }


def _by_row(sheet: Worksheet) -> Iterator[tuple[int, list[tuple[int, Any]]]]:
    rows: dict[int, list[tuple[int, Any]]] = {}
    for (row, column), cell in sheet._cells.items():
        rows.setdefault(row, []).append((column, cell.value))
    return ((row, sorted(rows[row], key=lambda one: one[0])) for row in sorted(rows))


def _plain(value: Any) -> Any:
    """Text, number or boolean; a day as its text. An array formula is a formula; an empty text nothing."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str | list):
        return _FORMULA
    text = str(value)
    return text if text and not text.isspace() else None


def _lists(sheet: Worksheet) -> Iterator[list[Any]]:
    for rule in sheet.data_validations.dataValidation:
        choices = _choices(sheet, rule.formula1) if rule.type == "list" and rule.formula1 else None
        if choices:
            yield [[[one.min_row, one.min_col, one.max_row, one.max_col] for one in rule.sqref.ranges], choices]


def _choices(sheet: Any, formula: str) -> list[str] | None:
    """What a list offers, where it is written out or lies in cells of this workbook; None where nobody can say."""
    if formula.startswith('"'):
        return [one.strip() for one in formula.strip('"').split(",")]
    name, _, place = formula.rpartition("!")
    try:
        home = sheet.parent[name.strip("'").replace("''", "'")] if name else sheet
        area = CellRange(place.replace("$", ""))
    except (KeyError, ValueError, TypeError):
        return None
    if area.size["rows"] * area.size["columns"] > _MOST_CHOICES:
        return None
    cells = (home.cell(row, column).value for row, column in _places(area))
    return [str(value).strip() for value in cells if value is not None]


def _places(area: CellRange) -> Iterator[tuple[int, int]]:
    for row in range(area.min_row, area.max_row + 1):
        for column in range(area.min_col, area.max_col + 1):
            yield row, column
