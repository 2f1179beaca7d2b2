"""One streaming pass over the cells of a worksheet: no wild places, how many rows hold something, what would be lost.

Only the start of an element is looked at, so memory stays constant and a million cells take about a second.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from xml.parsers import expat

from registry.base.errors import SHEET_COLUMNS, SHEET_ERRORS, SHEET_MERGES, SHEET_PLACE, SHEET_ROWS, FileRefused
from registry.sheets.container import Meter
from registry.sheets.parts import SheetPart, parse_part
from registry.sheets.shape import Limits, LostCell, SheetShape, column_number, letter

_MAX_ROW = 1_048_576
_MAX_COLUMN = 16_384


def scan_sheet(container: zipfile.ZipFile, meter: Meter, sheet: SheetPart, limits: Limits) -> SheetShape:
    """The shape of one worksheet; raises `FileRefused` where a place in it is out of bounds or out of order."""
    scan = _SheetScan(sheet.name, limits)
    parse_part(container, meter, sheet.part, scan.start, bind=scan.bind)
    return scan.shape(sheet)


class _SheetScan:
    """Follows the cells of one worksheet; rows and columns are 1-based."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.prefix: str | None = None
        self.row = self.column = 0
        self.row_text = "0"
        self.row_filled = False
        self.filled_rows = self.last_row = self.last_column = 0
        self.merges = self.merged_area = 0
        self.kind: str | None = None
        self.formula_waits = self.has_formula = False
        self.lost: list[LostCell] = []
        self.formulas: list[tuple[int, int]] = []
        self.numbers: dict[str, int] = {}
        self.steps: dict[str, Callable[[dict[str, str]], None] | None] = {}

    def bind(self, parser: expat.XMLParserType) -> None:
        self.parser = parser

    def start(self, tag: str, found: dict[str, str]) -> None:
        try:
            step = self.steps[tag]
        except KeyError:
            step = self.steps[tag] = self._step_for(tag)
        if step is not None:
            step(found)

    def _step_for(self, tag: str) -> Callable[[dict[str, str]], None] | None:
        """Only elements with the root's prefix count: the formulas of an extension list are not cells."""
        prefix, _, name = tag.rpartition(":")
        if self.prefix is None:
            self.prefix = prefix
        return getattr(self, f"_on_{name}", None) if prefix == self.prefix else None

    def shape(self, sheet: SheetPart) -> SheetShape:
        self._close_cell()
        return SheetShape(
            sheet.name, sheet.part, sheet.hidden, self.filled_rows, self.last_row, self.last_column, tuple(self.lost),
            tuple(self.formulas),
        )  # fmt: skip

    def _on_row(self, found: dict[str, str]) -> None:
        self._close_cell()
        text = found.get("r")
        number = self.row + 1 if text is None else int(text) if text.isdecimal() and len(text) < 9 else 0
        if not self.row < number <= _MAX_ROW or (text is not None and text != str(number)):
            raise FileRefused(SHEET_PLACE, sheet=self.name, place=(text or "")[:20])
        self.row, self.row_text, self.row_filled, self.column = number, str(number), False, 0

    def _on_c(self, found: dict[str, str]) -> None:
        if self.has_formula:
            self._close_cell()
        place = found.get("r")
        column = self.column + 1 if place is None else self._column_of(place)
        if not self.column < column <= _MAX_COLUMN:
            raise FileRefused(SHEET_PLACE, sheet=self.name, place=(place or "")[:20])
        self.column = column
        self.kind = found.get("t")

    def _column_of(self, place: str) -> int:
        if not place.endswith(self.row_text):
            return 0
        letters = place[: -len(self.row_text)]
        number = self.numbers.get(letters)
        if number is None:
            number = self.numbers[letters] = column_number(letters)
        return number

    def _on_v(self, found: dict[str, str]) -> None:
        self._fill()
        if self.kind == "e":
            self._lose("error")
            self.formula_waits = False
        elif self.formula_waits:
            # A text may be empty; any other result that is missing was never calculated.
            self.parser.CharacterDataHandler = self._on_result
            self.formula_waits = self.kind != "str"

    def _on_t(self, found: dict[str, str]) -> None:
        if self.column:
            self._fill()

    def _on_f(self, found: dict[str, str]) -> None:
        self._fill()
        self.formula_waits = self.has_formula = True
        if len(self.formulas) < self.limits.lost_cells:
            self.formulas.append((self.row, self.column))

    def _on_result(self, text: str) -> None:
        self.formula_waits = self.formula_waits and not text.strip()

    def _fill(self) -> None:
        if not self.row_filled:
            self.row_filled = True
            self.filled_rows += 1
            self.last_row = self.row
            if self.filled_rows > self.limits.rows + self.limits.title_rows:
                raise FileRefused(SHEET_ROWS, sheet=self.name, limit=self.limits.rows)
        if self.column > self.last_column:
            self.last_column = self.column
            if self.column > self.limits.columns:
                place = f"{letter(self.column - 1)}{self.row}"
                raise FileRefused(SHEET_COLUMNS, sheet=self.name, place=place, limit=self.limits.columns)

    def _close_cell(self) -> None:
        if self.formula_waits:
            self._lose("formula")
        self.formula_waits = self.has_formula = False
        self.parser.CharacterDataHandler = None

    def _lose(self, kind: str) -> None:
        self.lost.append(LostCell(self.row, self.column, kind))
        if len(self.lost) > self.limits.lost_cells:
            raise FileRefused(SHEET_ERRORS, sheet=self.name, count=self.limits.lost_cells)

    def _on_mergeCell(self, found: dict[str, str]) -> None:  # noqa: N802 - the element's name
        place = found.get("ref", "")
        self.merges += 1
        self.merged_area += _area(place)
        if self.merges > self.limits.merges or self.merged_area > self.limits.merge_area:
            raise FileRefused(SHEET_MERGES, sheet=self.name, place=place[:20])


def _area(place: str) -> int:
    """How many cells a range covers; far too many for a range that is none."""
    corners = []
    for corner in place.replace("$", "").split(":", 1):
        digits = corner.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        column = column_number(corner[: len(corner) - len(digits)])
        known = 0 < column <= _MAX_COLUMN and digits.isdecimal() and len(digits) <= 7
        if not known or int(digits) > _MAX_ROW:
            return _MAX_ROW * _MAX_COLUMN
        corners.append((int(digits), column))
    (top, left), (bottom, right) = corners[0], corners[-1]
    return (abs(bottom - top) + 1) * (abs(right - left) + 1)
