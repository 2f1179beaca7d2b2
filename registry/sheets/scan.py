"""One streaming pass of expat over the parts of a workbook: no DTD, no wild cell places, and what the rows hold.

Only the start of an element is looked at, so memory stays constant and a million cells take about a second.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from registry.domain.errors import (
    FILE_DAMAGED,
    FILE_DATE_SYSTEM,
    FILE_DECLARATION,
    FILE_MACRO,
    FILE_PART_ENCODING,
    SHEET_COLUMNS,
    SHEET_ERRORS,
    SHEET_LOST,
    SHEET_MERGES,
    SHEET_NAMES,
    SHEET_NONE,
    SHEET_PLACE,
    SHEET_ROWS,
    FileRefused,
)
from registry.sheets.container import CONTENT_TYPES, WORKBOOK, Meter
from registry.sheets.shape import Limits, LostCell, SheetShape, column_number

_MAX_ROW = 1_048_576
_MAX_COLUMN = 16_384
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ENCODINGS = ("UTF-8", "UTF8", "US-ASCII")
Start = Callable[[str, dict[str, str]], None]


@dataclass(frozen=True, slots=True)
class SheetPart:
    name: str
    part: str
    hidden: bool


def sheet_parts(container: zipfile.ZipFile, meter: Meter) -> tuple[SheetPart, ...]:
    """The worksheets that the workbook names, in its order; raises `FileRefused` when one has no part."""
    parse_part(container, meter, CONTENT_TYPES, _refuse_macros)
    listed: list[dict[str, str]] = []
    parse_part(container, meter, WORKBOOK, lambda tag, found: _collect_sheets(tag, found, listed))
    relations: dict[str, dict[str, str]] = {}
    if _RELATIONS in container.namelist():
        parse_part(container, meter, _RELATIONS, lambda tag, found: _collect_relation(tag, found, relations))
    parts = tuple(part for sheet in listed if (part := _sheet_part(sheet, relations, container)) is not None)
    if not parts:
        raise FileRefused(SHEET_NONE)
    return parts


def scan_sheet(container: zipfile.ZipFile, meter: Meter, sheet: SheetPart, limits: Limits) -> SheetShape:
    """The shape of one worksheet; raises `FileRefused` where a place in it is out of bounds or out of order."""
    scan = _SheetScan(sheet.name, limits)
    parse_part(container, meter, sheet.part, scan.start)
    return scan.shape(sheet)


def scan_other(container: zipfile.ZipFile, meter: Meter, name: str) -> None:
    """Any other part: its real size is counted; XML must be UTF-8, well formed and without declarations."""
    if name.endswith((".xml", ".rels")):
        parse_part(container, meter, name, lambda tag, found: None)
    else:
        for _ in meter.chunks(container, name):
            pass


def parse_part(
    container: zipfile.ZipFile, meter: Meter, name: str, start: Start, text: Callable[[str], None] | None = None
) -> None:
    """Stream one XML part through expat; raises `FileRefused` on a DTD, another encoding than UTF-8, or damage."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text

    def refuse_declaration(*_: object) -> NoReturn:
        raise FileRefused(FILE_DECLARATION, part=name)

    def check_encoding(version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.upper() not in _ENCODINGS:
            raise FileRefused(FILE_PART_ENCODING, part=name)

    parser.StartDoctypeDeclHandler = refuse_declaration
    parser.EntityDeclHandler = refuse_declaration
    parser.XmlDeclHandler = check_encoding
    first = True
    try:
        for chunk in meter.chunks(container, name):
            if first and (chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in chunk[:4]):
                raise FileRefused(FILE_PART_ENCODING, part=name)
            first = False
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FileRefused(FILE_DAMAGED, part=name) from error


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_macros(tag: str, found: dict[str, str]) -> None:
    if "macroEnabled" in found.get("ContentType", "") or "vbaProject" in found.get("ContentType", ""):
        raise FileRefused(FILE_MACRO)


def _collect_sheets(tag: str, found: dict[str, str], listed: list[dict[str, str]]) -> None:
    tag = _local(tag)
    if tag == "workbookPr" and found.get("date1904", "0") not in ("0", "false"):
        raise FileRefused(FILE_DATE_SYSTEM)
    if tag == "sheet":
        listed.append({_local(key): value for key, value in found.items() if key != "id"})


def _collect_relation(tag: str, found: dict[str, str], relations: dict[str, dict[str, str]]) -> None:
    if _local(tag) == "Relationship" and "Id" in found:
        relations[found["Id"]] = found


def _sheet_part(
    sheet: dict[str, str], relations: dict[str, dict[str, str]], container: zipfile.ZipFile
) -> SheetPart | None:
    name = sheet.get("name", "")
    relation = relations.get(sheet.get("id", ""), {})
    if relation.get("Type", "").endswith(("/chartsheet", "/dialogsheet")):
        return None
    part = posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
    if part not in container.namelist():
        raise FileRefused(SHEET_LOST, sheet=name)
    return SheetPart(name, part, sheet.get("state", "visible") != "visible")


def check_names(parts: tuple[SheetPart, ...], limits: Limits) -> None:
    """Every worksheet has its own name and its own part; raises `FileRefused`."""
    names: set[str] = set()
    for sheet in parts:
        if sheet.name.casefold() in names or sheet.part in names:
            raise FileRefused(SHEET_NAMES, sheet=sheet.name)
        names |= {sheet.name.casefold(), sheet.part}
    if len(parts) > limits.sheets:
        raise FileRefused(SHEET_NONE)


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
        self.is_error = False
        self.formula_waits = False
        self.lost: list[LostCell] = []
        self.numbers: dict[str, int] = {}
        self.steps: dict[str, Callable[[dict[str, str]], None] | None] = {}

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
            sheet.name, sheet.part, sheet.hidden, self.filled_rows, self.last_row, self.last_column, tuple(self.lost)
        )

    def _on_row(self, found: dict[str, str]) -> None:
        self._close_cell()
        text = found.get("r")
        number = self.row + 1 if text is None else int(text) if text.isdecimal() and len(text) < 9 else 0
        if not self.row < number <= _MAX_ROW or (text is not None and text != str(number)):
            raise FileRefused(SHEET_PLACE, sheet=self.name, place=(text or "")[:20])
        self.row, self.row_text, self.row_filled, self.column = number, str(number), False, 0

    def _on_c(self, found: dict[str, str]) -> None:
        if self.formula_waits:
            self._close_cell()
        place = found.get("r")
        column = self.column + 1 if place is None else self._column_of(place)
        if not self.column < column <= _MAX_COLUMN:
            raise FileRefused(SHEET_PLACE, sheet=self.name, place=(place or "")[:20])
        self.column = column
        self.is_error = found.get("t") == "e"

    def _column_of(self, place: str) -> int:
        if not place.endswith(self.row_text):
            return 0
        letters = place[: -len(self.row_text)]
        number = self.numbers.get(letters)
        if number is None:
            number = self.numbers[letters] = column_number(letters)
        return number

    def _on_v(self, found: dict[str, str]) -> None:
        self.formula_waits = False
        self._fill()
        if self.is_error:
            self._lose("error")

    def _on_t(self, found: dict[str, str]) -> None:
        if self.column:
            self._fill()

    def _on_f(self, found: dict[str, str]) -> None:
        self._fill()
        self.formula_waits = True

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
                place = f"{self.column}:{self.row}"
                raise FileRefused(SHEET_COLUMNS, sheet=self.name, place=place, limit=self.limits.columns)

    def _close_cell(self) -> None:
        if self.formula_waits:
            self.formula_waits = False
            self._lose("formula")

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
        if not column or not digits.isdecimal() or not 0 < len(digits) <= 7:
            return _MAX_ROW * _MAX_COLUMN
        corners.append((int(digits), column))
    (top, left), (bottom, right) = corners[0], corners[-1]
    return (abs(bottom - top) + 1) * (abs(right - left) + 1)
