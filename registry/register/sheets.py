"""How a file of the register is read: which column is which, with headings or without, and a row of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from registry.base import credit_code
from registry.base.errors import REGISTER_COLUMNS, REGISTER_NO_CODE, FileRefused
from registry.base.faults import Fault, Notice
from registry.base.labels import N_
from registry.sheets import account
from registry.sheets.cells import parse
from registry.sheets.columns import Column, ColumnKind, by_key
from registry.sheets.headings import Around, Heading, RecognisedColumn, find_heading, plain, require_heading
from registry.sheets.parsed import Cell, absent
from registry.sheets.reader import UploadedRow, UploadedTable, read_table
from registry.sheets.shape import Limits, letter
from registry.sheets.units import unit_words

SECONDS = 600
"""Of processor time, for a file of five million rows."""
_LONG = 20_000


def _text(key: str, heading: str, aliases: str = "") -> Column:
    return Column(key, heading, ColumnKind.TEXT, "", aliases=tuple(aliases.split()), max_length=_LONG)


COLUMNS: Mapping[str, Column] = {
    column.key: column
    for column in (
        replace(by_key("name"), max_length=200),
        replace(by_key("credit_code"), required=True),
        by_key("founded_on"),
        replace(by_key("legal_form"), max_length=200),
        by_key("capital"),
        replace(by_key("activity"), key="scope", max_length=_LONG),
        replace(by_key("registered_address"), key="address", max_length=_LONG),
        replace(by_key("division"), key="region"),
        _text("province", N_("省份"), "省 所属省份 所在省份"),
        _text("city", N_("城市"), "市 所属城市 所在城市 地市"),
        replace(by_key("operating_state"), key="registration", kind=ColumnKind.TEXT, max_length=_LONG),
    )
}
"""What is read of a registered firm; its legal representative is not, whatever the file holds."""

NAMES = {
    "activity": "scope", "registered_address": "address", "division": "region", "operating_state": "registration",
}  # fmt: skip
"""Key of a column of the directory -> what the register calls it; also understood by `--columns`."""


def open_register(path: Path, *, columns: Sequence[str] = (), cpu_seconds: int = SECONDS) -> UploadedTable:
    """Open a file of the register; `columns` names the columns of a file without headings, '' or '-' passes one over.

    A file without headings whose cells tell name and code is understood too. Raises FileNotFoundError, FileRefused.
    """
    given = _given(columns)

    def recognise(head: Sequence[tuple[int, Sequence[Cell]]], around: Around) -> Heading:
        heading = given or _by_heading(head, around) or _by_content(head) or require_heading(list(head), around)
        if not {"name", "credit_code"} <= set(heading.keys):
            raise FileRefused(REGISTER_NO_CODE, row=max(heading.row, 1))
        return heading

    table = read_table(path, limits=Limits(), cpu_seconds=cpu_seconds, name=path.name, recognise=recognise)
    table.refuse_workbook()
    return table


def _given(columns: Sequence[str]) -> Heading | None:
    keys = [NAMES.get(key.strip(), key.strip()) for key in columns]
    if not keys:
        return None
    unknown = [key for key in keys if key not in COLUMNS and key not in ("", "-")]
    if unknown or len(set(keys) - {"", "-"}) != len([key for key in keys if key not in ("", "-")]):
        raise FileRefused(REGISTER_COLUMNS, known=", ".join(COLUMNS))
    return _headless(dict(enumerate(keys)))


def _headless(keys: Mapping[int, str]) -> Heading:
    """A heading in row 0: the file begins with data."""
    columns = [
        RecognisedColumn(index, letter(index), COLUMNS[key].heading if key in COLUMNS else "", _known(key))
        for index, key in sorted(keys.items())
    ]
    return Heading(0, tuple(columns))


def _known(key: str) -> str | None:
    return key if key in COLUMNS else None


def _by_heading(head: Sequence[tuple[int, Sequence[Cell]]], around: Around) -> Heading | None:
    found = find_heading(head, around)
    if found is None or not found.is_usable:
        return None
    require_heading(list(head), around)
    return found


_OWN: Mapping[str, str] = {
    plain(text): key for key in ("province", "city") for text in (COLUMNS[key].heading, *COLUMNS[key].aliases)
}


def read_as(column: RecognisedColumn) -> str | None:
    """What the register reads the column as (a key of `COLUMNS`); None for one that it does not read."""
    key = NAMES.get(column.key, column.key) if column.key else _OWN.get(plain(column.heading))
    return key if key in COLUMNS else None


def read_columns(heading: Heading) -> dict[str, RecognisedColumn]:
    """What is read under a heading, by its key; a file may have several, in any order of columns."""
    return {key: column for column in heading.columns if (key := read_as(column))}


def _by_content(head: Sequence[tuple[int, Sequence[Cell]]]) -> Heading | None:
    """A table that begins with data: a column of valid codes, one of longer words before anything else, then places."""
    rows = [cells for _, cells in head]
    width = max((len(cells) for cells in rows), default=0)
    texts = [[str(cells[at]) for cells in rows if at < len(cells) and cells[at]] for at in range(width)]
    codes = [at for at, column in enumerate(texts) if column and _are_codes(column)]
    if len(codes) != 1:
        return None
    words = [at for at, column in enumerate(texts) if column and at != codes[0] and not _are_plain(column)]
    names = [at for at in words if sum(map(len, texts[at])) >= 6 * len(texts[at])]
    if not names:
        return None
    places = [at for at in words if at > names[0] and max(map(len, texts[at])) <= 12]
    keys = dict.fromkeys(range(width), "") | dict(zip(places, ("province", "city"), strict=False))
    return _headless(keys | {codes[0]: "credit_code", names[0]: "name"})


def _are_codes(column: Sequence[str]) -> bool:
    return sum(credit_code.check(text).valid for text in column) * 5 >= len(column) * 4


def _are_plain(column: Sequence[str]) -> bool:
    return all(text.isascii() for text in column)


@dataclass(slots=True)
class Reading:
    """A row of the register. `faults` keep it out; `left_out` are fields whose cell could not be read."""

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    notices: list[tuple[str | None, Notice]] = field(default_factory=list)
    columns: Mapping[str, RecognisedColumn] = field(default_factory=dict)
    """What stands where in the row's own table."""


class RegisterReader:
    """Reads the rows of an opened file, each under its own heading; only name and code can make a row faulty."""

    def __init__(self, table: UploadedTable) -> None:
        self._first = table.heading
        self._columns: dict[int, tuple[Heading, dict[str, RecognisedColumn]]] = {}

    def read(self, row: UploadedRow) -> Reading:
        heading = row.heading or self._first
        if id(heading) not in self._columns:
            self._columns[id(heading)] = heading, read_columns(heading)
        columns = self._columns[id(heading)][1]
        reading = Reading(row.number, faults=[row.fault] if row.fault else [], columns=columns)
        reading.notices += account.of_row(row, heading)
        for key, column in COLUMNS.items():
            if key in columns:
                self._cell(column, columns[key], row.cells[columns[key].index], reading)
            elif column.required:
                reading.faults += filter(None, (absent(column).fault,))
        return reading

    def _cell(self, column: Column, place: RecognisedColumn, cell: Cell, reading: Reading) -> None:
        if cell is None and not column.required:
            return
        parsed = parse(column, cell, scale=place.scale, currency=place.currency)
        reading.notices += [(column.key, notice) for notice in parsed.notices]
        if place.doubt and parsed.value is not None:
            unit = {"heading": column.heading, "unit": unit_words(place.scale, place.currency)}
            reading.notices.append((column.key, Notice(place.doubt, unit)))
        if parsed.fault is not None and column.required:
            reading.faults.append(parsed.fault.at(reading.number, place.letter))
        elif parsed.fault is not None:
            reading.left_out.append(column.key)
        elif parsed.value is not None:
            reading.fields[column.key] = parsed.value
            if column.key == "capital":
                reading.fields["capital_currency"] = parsed.currency
            if column.key == "legal_form":
                reading.fields["form_text"] = str(cell).strip()
