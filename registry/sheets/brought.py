"""A workbook of rows that a person brings, looks at and applies: how a row is read, kept, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from registry.base.errors import FileRefused, RegistryError
from registry.base.faults import Fault
from registry.sheets.columns import Column
from registry.sheets.headings import (
    Around,
    Heading,
    RecognisedColumn,
    find_heading,
    plain,
    recognise,
    refuse_direct_reporting,
    require_heading,
)
from registry.sheets.parsed import Cell
from registry.sheets.reader import UploadedRow, place_of

Faults = tuple[tuple[str, str, Mapping[str, Any]], ...]


@dataclass(frozen=True)
class BroughtRow:
    """A row as it was read: `place` as a spreadsheet shows it, `letters` and `values` by key.

    A value is what JSON holds; a key that is missing was empty or not in the file. `faults`: [letter, template, values]
    of what cannot be read.
    """

    number: int
    place: str
    letters: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    faults: Faults = ()

    def plain(self) -> dict[str, Any]:
        """As it is kept until somebody settles it."""
        return {
            "number": self.number,
            "place": self.place,
            "letters": dict(self.letters),
            "values": dict(self.values),
            "faults": [[letter, template, dict(values)] for letter, template, values in self.faults],
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> BroughtRow:
        faults = tuple((letter, template, values) for letter, template, values in kept["faults"])
        return cls(kept["number"], kept["place"], kept["letters"], kept["values"], faults)

    def cell(self, letter: str) -> str:
        """Where a cell stands: `D7`, `表二 D7`."""
        sheet, _space, number = self.place.rpartition(" ")
        return f"{sheet} {letter}{number}".strip()


@dataclass(frozen=True)
class RowFinding:
    """Something said of a row, at a cell where it is one's; `odd`: to be answered for, else the row is refused."""

    letter: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    odd: bool = False


def recognised(
    head: Sequence[tuple[int, Sequence[Cell]]],
    around: Around,
    own: Mapping[str, str],
    *,
    also: Collection[str],
    needed: frozenset[str],
    missing: str,
) -> Heading:
    """The heading row by our own words (`own`: plain heading -> key) and the directory's for the keys in `also`.

    Of two columns of one meaning the first is read. Raises FileRefused, with `missing` where a key of `needed` is not
    there.
    """
    found = find_heading(head, around)
    known = found is not None and "name" in found.keys and needed.issubset(_renamed(found, own, also).keys)
    ours = None if known else _by_own_words(head, around, own, needed)
    heading = _renamed(ours or require_heading(list(head), around), own, also)
    if not needed.issubset(heading.keys):
        raise FileRefused(missing)
    return heading


def _by_own_words(
    head: Sequence[tuple[int, Sequence[Cell]]], around: Around, own: Mapping[str, str], needed: frozenset[str]
) -> Heading | None:
    """The first row with every heading that is needed, where the directory knows none of them."""
    for number, cells in head:
        refuse_direct_reporting(cells)
        if needed <= {own.get(plain(str(cell))) for cell in cells if cell}:
            return recognise(number, cells, around=around)
    return None


def _renamed(found: Heading, own: Mapping[str, str], also: Collection[str]) -> Heading:
    columns, seen = [], set[str]()
    for column in found.columns:
        key = own.get(plain(column.heading)) or (column.key if column.key in also else None)
        if key in seen:
            columns.append(replace(column, key=None, why="twice", duplicate_of=None))
            continue
        seen |= {key} if key else set()
        columns.append(replace(column, key=key, why="" if key else column.why))
    return Heading(found.row, tuple(columns), found.last_row)


def brought(
    row: UploadedRow,
    heading: Heading,
    sheets: Sequence[str],
    columns: Mapping[str, Column],
    value: Callable[[Column, Cell], Any],
) -> BroughtRow:
    """The row by the keys of `columns`; `value`: what may be kept of a cell, None for an empty one, or its Fault."""
    return read_row(row, heading, sheets, columns, lambda column, cell: value(columns[str(column.key)], cell))


def read_row(
    row: UploadedRow,
    heading: Heading,
    sheets: Sequence[str],
    keys: Collection[str],
    value: Callable[[RecognisedColumn, Cell], Any],
) -> BroughtRow:
    """The same by the column as it was recognised, with its unit; `sheets`: the names of those that were read."""
    letters: dict[str, str] = {}
    values: dict[str, Any] = {}
    faults = [_said("", row.fault)] if row.fault else []
    for column in heading.columns:
        if column.key is None or column.key not in keys or column.index >= len(row.cells):
            continue
        letters[column.key] = column.letter
        try:
            read = value(column, row.cells[column.index])
        except RegistryError as error:
            faults.append((column.letter, error.template, error.values))
            continue
        if isinstance(read, Fault):
            faults.append(_said(column.letter, read))
        elif read is not None:
            values[column.key] = read
    sheet, number = place_of(row.number)
    place = f"{sheets[sheet]} {number}" if len(sheets) > 1 else str(number)
    return BroughtRow(row.number, place, letters, values, tuple(faults))


def _said(letter: str, fault: Fault) -> tuple[str, str, Mapping[str, Any]]:
    return letter, fault.template, {name: str(value) for name, value in fault.values.items()}
