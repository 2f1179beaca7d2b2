"""Reads a workbook of cases that came back: what it is of, each cell as it went out, each cell as it stands now."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from registry.base.characters import plainly, shown
from registry.base.errors import HEADING_TWICE, FileRefused, RegistryError
from registry.cases.rules import values as reading
from registry.cases.rules.kinds import FieldType, Kind, KindField
from registry.cases.sheets.layout import (
    APPLICANT,
    BASE,
    CODE,
    MAIN,
    MARK,
    NUMBER,
    VERSION,
    BookColumn,
    BookSheet,
    sheets,
)
from registry.cases.texts import BOOK_CELLS, BOOK_FILES, BOOK_NOTES
from registry.sheets import units
from registry.sheets.days import is_serial, read_date
from registry.sheets.headings import plain
from registry.sheets.parsed import Cell, Lost
from registry.sheets.shape import letter
from registry.sheets.whole import WholeSheet, read_sheets
from registry.sheets.wording import GUIDE_SHEET, LISTS_SHEET

_SEARCHED = 20
_SHOWN = 60
_EXACT = 10**15
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{2}", re.IGNORECASE)
_BRACKETED = re.compile(r"\((.*)\)$")
_NUMBERS = (FieldType.YUAN, FieldType.NUMBER, FieldType.WHOLE)
_IDENTITIES = KindField("", "")

Said = tuple[str, Mapping[str, Any]]
"""A sentence of `texts` and what stands in it."""


class SheetPlace(NamedTuple):
    """A cell as a person finds it: 发票!F7."""

    sheet: str
    cell: str

    @property
    def words(self) -> str:
        return f"{self.sheet}!{self.cell}"


@dataclass(frozen=True)
class ReadCell:
    """A cell: as it was typed, and as it would be stored (None where it cannot be: `fault`).

    `doubt`: why it is not taken where it differs from what went out. `notices`: what was assumed.
    """

    place: SheetPlace
    text: str
    value: str | None
    fault: Said | None = None
    doubt: Said | None = None
    notices: tuple[Said, ...] = ()


@dataclass(frozen=True)
class ReadRow:
    """A row of a sheet with the cells of the columns that the file still has."""

    sheet: str
    number: int
    cells: Mapping[str, ReadCell]
    unseen: bool = False
    struck: bool = False

    @property
    def words(self) -> str:
        return f"{self.sheet}!{self.number}"

    def text(self, code: str) -> str:
        """What says which case the row is of, as it stands there; "" where nothing does."""
        cell = self.cells.get(code)
        return cell.value or "" if cell is not None else ""


@dataclass
class BaseCase:
    """A case as it went out."""

    revision: int = 0
    applicant: str = ""
    code: str = ""
    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)


@dataclass
class BookFile:
    """What a returned workbook holds. `base`: number -> the case as it went out; `lists`: those that were read.

    `missing`: columns of cases that the file lacks; `notes`: what of the file was not read, or was assumed.
    """

    code: str
    year: str
    office: str
    base: dict[str, BaseCase] = field(default_factory=dict)
    main: list[ReadRow] = field(default_factory=list)
    lists: dict[str, list[ReadRow]] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    notes: list[Said] = field(default_factory=list)


def read_book(path: Path, kind: Kind, *, name: str) -> BookFile:
    """Raises `FileRefused` where the file is unsafe, none of ours, or of another kind; nothing is stored here."""
    found = {sheet.name: sheet for sheet in read_sheets(path, name=name)}
    book = _base(found.get(BASE))
    if book.code != kind.code:
        raise FileRefused(BOOK_FILES["kind"])
    known = sheets(kind)
    for layout in known:
        if layout.name in found:
            _Reading(book, layout, found[layout.name]).read()
        elif not layout.code:
            raise FileRefused(BOOK_FILES["no_main"], sheet=MAIN)
        else:
            book.notes.append((BOOK_NOTES["no_sheet"], {"sheet": layout.name}))
    ours = {BASE, *(one.name for one in known)}
    for one in found.values():
        if one.name not in ours and not one.concealed and one.name not in _BESIDE:
            book.notes.append((BOOK_NOTES["sheet_unread"], {"sheet": shown(one.name, _SHOWN)}))
    return book


_BESIDE = frozenset({GUIDE_SHEET, LISTS_SHEET})


def _base(sheet: WholeSheet | None) -> BookFile:
    """What the hidden sheet says. Raises FileRefused."""
    rows = [[str(cell or "") for cell in cells] for _, cells in sheet.rows] if sheet is not None else []
    head = rows[0] if rows else []
    if len(head) < 5 or head[0] != MARK:
        raise FileRefused(BOOK_FILES["foreign"])
    if head[1] != VERSION:
        raise FileRefused(BOOK_FILES["version"], version=shown(head[1], 10))
    book = BookFile(head[2], head[3].strip("-"), head[4])
    for row in rows[1:]:
        try:
            _base_row(book, row)
        except (IndexError, ValueError, AttributeError) as error:
            raise FileRefused(BOOK_FILES["foreign"]) from error
    return book


def _base_row(book: BookFile, row: Sequence[str]) -> None:
    case = book.base.setdefault(row[1], BaseCase())
    if row[0] == "case":
        case.revision, case.applicant, case.code = int(row[2]), row[3], row[4].strip("-")
    elif row[0] == "field":
        case.values[row[2]] = row[3]
    else:
        told = json.loads(row[3])
        case.rows.setdefault(row[2], []).append({str(code): str(value) for code, value in told.items()})


# -- a sheet --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Found:
    """A column of the file; `unit`: another than that of the field, as the file says it."""

    index: int
    of: BookColumn
    unit: str = ""


class _Reading:
    """One sheet: its heading, then its rows."""

    def __init__(self, book: BookFile, layout: BookSheet, sheet: WholeSheet) -> None:
        self.book, self.layout, self.sheet = book, layout, sheet

    def read(self) -> None:
        heading = self._heading()
        if heading is None:
            if not self.layout.code:
                raise FileRefused(BOOK_FILES["no_heading"], sheet=self.sheet.name)
            self._note("list_unread", columns=self.layout.columns[0].column.heading)
            return
        row, columns = heading
        lacking = [one for one in self.layout.columns if one.code not in columns]
        if self.layout.code:
            if wanted := [one.column.heading for one in lacking if one.code != APPLICANT]:
                self._note("list_unread", columns=tuple(wanted))
                return
            self.book.lists[self.layout.code] = list(self._rows(row, columns))
            return
        self.book.missing = frozenset(one.code for one in lacking)
        if self.book.missing - {CODE}:
            self._note("columns_missing", columns=tuple(one.column.heading for one in lacking))
        self.book.main = list(self._rows(row, columns))

    def _note(self, what: str, **values: Any) -> None:
        self.book.notes.append((BOOK_NOTES[what], {"sheet": self.sheet.name, **values}))

    def _heading(self) -> tuple[int, dict[str, _Found]] | None:
        """The row of headings and its columns: the first that names the case and its applicant."""
        stated = ""
        for number, cells in self.sheet.rows:
            if number > _SEARCHED:
                return None
            columns = self._columns(number, cells)
            if NUMBER in columns and (APPLICANT in columns or self.layout.code):
                self._unknown(cells, columns)
                return number, {code: self._in_unit(one, stated) for code, one in columns.items()}
            stated = next((said for cell in cells if isinstance(cell, str) and (said := _stated(cell))), stated)
        return None

    def _columns(self, number: int, cells: Sequence[Cell]) -> dict[str, _Found]:
        found: dict[str, _Found] = {}
        for index, cell in enumerate(cells):
            one = _meant(self.layout, cell) if isinstance(cell, str) else None
            if one is None:
                continue
            if one.code in found:
                letters = f"{letter(found[one.code].index)}、{letter(index)}"
                raise FileRefused(HEADING_TWICE, row=number, heading=one.column.heading, letters=letters)
            found[one.code] = _Found(index, one, _unit_said(one, str(cell)))
        return found

    def _unknown(self, cells: Sequence[Cell], columns: Mapping[str, _Found]) -> None:
        taken = {one.index for one in columns.values()}
        for index, cell in enumerate(cells):
            if cell is not None and index not in taken:
                self._note("column_unread", column=letter(index), heading=shown(str(cell), _SHOWN))

    def _in_unit(self, one: _Found, stated: str) -> _Found:
        """What a line above the table, or the number format of the column, says of its unit."""
        if one.unit or one.of.of is None or one.of.of.type is not FieldType.YUAN:
            return one
        format_of = self.sheet.units.get(one.index)
        if format_of is not None and format_of != units.Unit(Decimal(1)):
            return replace(one, unit=units.unit_words(format_of.scale, format_of.currency))
        return replace(one, unit=stated)

    def _rows(self, heading: int, columns: Mapping[str, _Found]) -> Iterator[ReadRow]:
        unseen = []
        for number, cells in self.sheet.rows:
            if number <= heading:
                continue
            read = {code: self._cell(number, cells, one) for code, one in columns.items()}
            if not any(cell.text or cell.fault or cell.doubt for cell in read.values()):
                continue
            if number in self.sheet.unseen:
                unseen.append(str(number))
            yield ReadRow(self.sheet.name, number, read, number in self.sheet.unseen, number in self.sheet.struck)
        if unseen:
            self._note("rows_unseen", rows="、".join(unseen[:_SHOWN]))

    def _cell(self, number: int, cells: Sequence[Cell], one: _Found) -> ReadCell:
        raw = cells[one.index] if one.index < len(cells) else None
        place = SheetPlace(self.sheet.name, f"{letter(one.index)}{number}")
        of = one.of.of or _IDENTITIES
        doubt = self._doubt(number, one, raw)
        typed = _typed(of, raw)
        text = shown(typed.text, 4000)
        if typed.fault is not None:
            return ReadCell(place, text, None, typed.fault, doubt, typed.notices)
        try:
            value = reading.read(of, typed.plain)
        except RegistryError as error:
            return ReadCell(place, text, None, (error.template, error.values), doubt, typed.notices)
        return ReadCell(place, text, value, None, doubt, typed.notices)

    def _doubt(self, number: int, one: _Found, raw: Cell) -> Said | None:
        if (number, one.index) in self.sheet.merged:
            return BOOK_CELLS["merged"], {}
        if (number, one.index) in self.sheet.formulas:
            return BOOK_CELLS["formula"], {}
        if one.unit and raw is not None and one.of.of is not None:
            return BOOK_CELLS["unit"], {"said": one.unit, "unit": one.of.of.unit or "元"}
        return None


# -- a heading ------------------------------------------------------------------------------------
def _meant(layout: BookSheet, heading: str) -> BookColumn | None:
    """The column whose name it is, with or without a unit; of several the longest name."""
    text = plain(heading)
    rest, _unit = units.split_off(text)
    found = None
    for one in layout.columns:
        name = plain(one.column.heading)
        fits = text in (name, plain(one.column.heading_with_unit)) or rest == name or _behind(name, text) is not None
        if fits and (found is None or len(name) > len(plain(found.column.heading))):
            found = one
    return found


def _behind(name: str, text: str) -> str | None:
    """What stands in brackets behind the name; None where something else does."""
    match = _BRACKETED.fullmatch(text[len(name) :]) if text.startswith(name) else None
    return match[1] if match else None


def _unit_said(one: BookColumn, heading: str) -> str:
    """The unit that the heading says, where it is another than that of the field."""
    if one.of is None or one.of.type not in _NUMBERS:
        return ""
    text, name, own = plain(heading), plain(one.column.heading), plain(one.of.unit)
    said = _behind(name, text)
    if said is None and text != name:
        said = text.removeprefix(name).strip("_-/:,")
    if not said or said == own:
        return ""
    unit = units.read_unit(said)
    return said if unit != units.read_unit(own) or (own and unit is None) else ""


def _stated(line: str) -> str:
    """The unit of a line above the table (单位：万元), where it is another than the yuan."""
    unit = units.stated(plain(line))
    return "" if unit is None or unit == units.Unit(Decimal(1)) else units.unit_words(unit.scale, unit.currency)


# -- a cell ---------------------------------------------------------------------------------------
class _Typed(NamedTuple):
    """A cell as text: as it is shown, and `plain` for the reader of fields."""

    text: str
    plain: str
    fault: Said | None = None
    notices: tuple[Said, ...] = ()


def _typed(of: KindField, raw: Cell) -> _Typed:
    if isinstance(raw, Lost):
        return _Typed("", "", (BOOK_CELLS["lost"], {}))
    if isinstance(raw, datetime):
        return _Typed(raw.isoformat(" ", "minutes"), "", (BOOK_CELLS["time"], {}))
    if raw is None or isinstance(raw, bool | date):
        text = "" if raw is None else str(raw).upper()
        return _Typed(text, text)
    return _written(of, raw)


def _written(of: KindField, raw: str | float) -> _Typed:
    text = _digits(raw) if isinstance(raw, int | float) else raw
    if of.type is FieldType.DAY:
        return _day(raw, text)
    if of.type in _NUMBERS:
        return _Typed(text, plainly(text))
    if isinstance(raw, int | float):
        return _code(raw, text)
    if _SCIENTIFIC.fullmatch(text.strip()):
        return _Typed(text, "", (BOOK_CELLS["digits"], {}))
    return _Typed(text, text)


def _digits(number: float) -> str:
    """A number as its digits, never with an exponent."""
    return f"{Decimal(str(number)):f}"


def _day(raw: str | float, text: str) -> _Typed:
    found = read_date(raw)
    if found is None:
        return _Typed(text, text)
    said = ((BOOK_CELLS["serial"], {"day": found.isoformat()}),) if is_serial(raw) else ()
    return _Typed(text, found.isoformat(), None, said)


def _code(raw: float, text: str) -> _Typed:
    """A number where a text belongs: a code typed as one may have lost what stood before or behind."""
    if abs(raw) >= _EXACT:
        return _Typed(text, "", (BOOK_CELLS["digits"], {}))
    return _Typed(text, text, None, ((BOOK_CELLS["typed_number"], {"text": text}),))
