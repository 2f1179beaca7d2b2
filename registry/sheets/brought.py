"""A row of a table that is looked at before anything of it is written: its values by key, and what cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry.base.errors import RegistryError
from registry.base.faults import Fault
from registry.sheets.headings import Heading, RecognisedColumn
from registry.sheets.parsed import Cell
from registry.sheets.reader import UploadedRow, place_of

Told = tuple[str, str, Mapping[str, Any]]
"""Letter of a column, template and values of what cannot be read in it."""


@dataclass(frozen=True)
class BroughtRow:
    """A row as it was read: `place` as a spreadsheet shows it, `letters` and `values` by key.

    A value is as JSON holds it (text, an ISO day, an amount as its digits, lines of parts); a key that is missing was
    empty or not in the file.
    `faults`: [letter, template, values] of what cannot be read.
    """

    number: int
    place: str
    letters: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[tuple[str, str, Mapping[str, Any]], ...] = ()

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


@dataclass(frozen=True)
class RowFinding:
    """Something said of a row, at a cell where it is one's; `odd`: to be answered for with a reason."""

    letter: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    odd: bool = False


def read_row(
    row: UploadedRow,
    heading: Heading,
    sheets: Sequence[str],
    keys: Collection[str],
    value: Callable[[RecognisedColumn, Cell], Any],
) -> BroughtRow:
    """The cells of `keys`, each by `value`: what is kept of it, None for an empty one, or its Fault (or it raises one).

    `sheets`: the names of those that were read.
    """
    letters, values = {}, {}
    faults: list[Told] = [_told("", row.fault)] if row.fault else []
    for column in heading.columns:
        if column.key is None or column.key not in keys or column.index >= len(row.cells):
            continue
        letters[column.key] = column.letter
        try:
            found = value(column, row.cells[column.index])
        except RegistryError as error:
            faults.append((column.letter, error.template, error.values))
            continue
        if isinstance(found, Fault):
            faults.append(_told(column.letter, found))
        elif found is not None:
            values[column.key] = found
    sheet, number = place_of(row.number)
    place = f"{sheets[sheet]} {number}" if len(sheets) > 1 else str(number)
    return BroughtRow(row.number, place, letters, values, tuple(faults))


def _told(letter: str, fault: Fault) -> Told:
    return letter, fault.template, {name: str(value) for name, value in fault.values.items()}
