"""One streaming pass over the cells of a worksheet: no wild places, how many rows hold something, what would be lost.

Only the start of an element is looked at, so memory stays constant and a million cells take about a second.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from xml.parsers import expat

from registry.base.errors import SHEET_COLUMNS, SHEET_ERRORS, SHEET_MERGES, SHEET_PLACE, SHEET_ROWS, FileRefused
from registry.sheets.container import Meter
from registry.sheets.looks import Looks
from registry.sheets.parts import SheetPart, parse_part
from registry.sheets.shape import Limits, LostCell, SheetShape, column_number, letter
from registry.sheets.units import Unit

_MAX_ROW = 1_048_576
_MAX_COLUMN = 16_384
NO_LOOKS = Looks()


def scan_sheet(
    container: zipfile.ZipFile, meter: Meter, sheet: SheetPart, limits: Limits, looks: Looks = NO_LOOKS
) -> SheetShape:
    """The shape of one worksheet; raises `FileRefused` where a place in it is out of bounds or out of order."""
    scan = _SheetScan(sheet.name, limits, looks)
    parse_part(container, meter, sheet.part, scan.start, bind=scan.bind)
    return scan.shape(sheet)


class _SheetScan:
    """Follows the cells of one worksheet; rows and columns are 1-based."""

    def __init__(self, name: str, limits: Limits, looks: Looks) -> None:
        self.name = name
        self.limits = limits
        self.looks = looks
        self.looked_at = bool(looks.struck or looks.shown)
        self.style: str | None = None
        self.row_cells = self.row_struck = 0
        self.struck: list[int] = []
        self.shown: dict[int, Unit] = {}
        self.hidden: list[tuple[int, int]] = []
        self.hidden_columns: list[int] = []
        self.filtered = False
        self.down: list[tuple[int, int, int, int]] = []
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
        self._close_row()
        return SheetShape(
            sheet.name, sheet.part, sheet.hidden, self.filled_rows, self.last_row, self.last_column, tuple(self.lost),
            tuple(self.formulas), tuple(self.down), tuple(self.hidden), self.filtered, tuple(self.struck),
            tuple(self.shown.items()), tuple(self.hidden_columns),
        )  # fmt: skip

    def _on_col(self, found: dict[str, str]) -> None:
        """Columns are told before the rows, several of one look at once."""
        first, last = found.get("min", ""), found.get("max", "")
        if found.get("hidden", "0") in ("0", "false") or not (first.isdecimal() and last.isdecimal()):
            return
        end = min(int(last[:9]), self.limits.columns)
        self.hidden_columns += range(int(first[:9]), end + 1)

    def _on_row(self, found: dict[str, str]) -> None:
        self._close_cell()
        text = found.get("r")
        number = self.row + 1 if text is None else int(text) if text.isdecimal() and len(text) < 9 else 0
        if not self.row < number <= _MAX_ROW or (text is not None and text != str(number)):
            raise FileRefused(SHEET_PLACE, sheet=self.name, place=(text or "")[:20])
        self._close_row()
        self.row, self.row_text, self.row_filled, self.column = number, str(number), False, 0
        if found.get("hidden", "0") not in ("0", "false") or found.get("ht") == "0":
            self._hide(number)

    def _hide(self, number: int) -> None:
        if self.hidden and self.hidden[-1][1] == number - 1:
            self.hidden[-1] = (self.hidden[-1][0], number)
        elif len(self.hidden) < self.limits.lost_cells:
            self.hidden.append((number, number))

    def _close_row(self) -> None:
        """A row is struck out when more than half of its filled cells are."""
        if self.row_struck * 2 > self.row_cells and len(self.struck) < self.limits.lost_cells:
            self.struck.append(self.row)
        self.row_cells = self.row_struck = 0

    def _on_c(self, found: dict[str, str]) -> None:
        if self.has_formula:
            self._close_cell()
        place = found.get("r")
        column = self.column + 1 if place is None else self._column_of(place)
        if not self.column < column <= _MAX_COLUMN:
            raise FileRefused(SHEET_PLACE, sheet=self.name, place=(place or "")[:20])
        self.column = column
        self.kind = found.get("t")
        if self.looked_at:
            self.style = found.get("s")

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

    def _look(self) -> None:
        """What the style of a filled cell says; a number alone is shown in a unit."""
        self.row_cells += 1
        self.row_struck += self.style in self.looks.struck
        if self.style in self.looks.shown and self.kind in (None, "n"):
            self.shown.setdefault(self.column, self.looks.shown[str(self.style)])

    def _fill(self) -> None:
        if self.looked_at:
            self._look()
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

    def _on_autoFilter(self, found: dict[str, str]) -> None:  # noqa: N802 - the element's name
        self.filtered = True

    def _on_mergeCell(self, found: dict[str, str]) -> None:  # noqa: N802 - the element's name
        place = found.get("ref", "")
        self.merges += 1
        self.merged_area += _area(place)
        if (corners := _corners(place)) is not None and corners[2] > corners[0]:
            self.down.append(corners)
        if self.merges > self.limits.merges or self.merged_area > self.limits.merge_area:
            raise FileRefused(SHEET_MERGES, sheet=self.name, place=place[:20])


def _area(place: str) -> int:
    """How many cells a range covers; far too many for a range that is none."""
    corners = _corners(place)
    if corners is None:
        return _MAX_ROW * _MAX_COLUMN
    top, left, bottom, right = corners
    return (bottom - top + 1) * (right - left + 1)


def _corners(place: str) -> tuple[int, int, int, int] | None:
    """First row, first column, last row, last column (1-based) of a range; None where it is none."""
    corners = []
    for corner in place.replace("$", "").split(":", 1):
        digits = corner.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        column = column_number(corner[: len(corner) - len(digits)])
        known = 0 < column <= _MAX_COLUMN and digits.isdecimal() and len(digits) <= 7
        if not known or int(digits) > _MAX_ROW:
            return None
        corners.append((int(digits), column))
    (top, left), (bottom, right) = corners[0], corners[-1]
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)
