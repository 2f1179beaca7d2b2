"""A form on disk, seen from here: what it holds, and the same file with what was written into it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from registry.sheets.guard import refuse_by_name
from registry.sheets.process import ConfinedProcess
from registry.sheets.units import Unit

_MODULE = "registry.upperforms.sheets.child"
_LOOK_SECONDS, _WRITE_SECONDS = 20, 40


@dataclass(frozen=True)
class FormSheet:
    """One sheet: `rows` by number, their values by the column's index from 0; areas are (top, left, bottom, right) of
    row numbers and such indices. `styled`: the last row with a look of its own. `lists`: areas and what they offer.
    """

    name: str
    hidden: bool
    rows: Mapping[int, Mapping[int, Any]]
    styled: int = 0
    merged: tuple[tuple[int, int, int, int], ...] = ()
    lists: tuple[tuple[tuple[tuple[int, int, int, int], ...], frozenset[str]], ...] = ()
    shown: Mapping[int, Unit] = field(default_factory=dict)

    @property
    def last_row(self) -> int:
        return max(self.rows, default=0)

    def cells(self, row: int) -> list[Any]:
        """The row as a list, as headings are read."""
        found = self.rows.get(row, {})
        return [found.get(index) for index in range(max(found, default=-1) + 1)]

    def offered(self, row: int, index: int) -> frozenset[str] | None:
        """What the cell offers to choose from; None for one that takes anything."""
        for areas, choices in self.lists:
            if any(_within(area, row, index) for area in areas):
                return choices
        return None

    def covered(self, row: int, index: int) -> bool:
        """Whether the cell lies under another that it is merged with."""
        return any(_within(area, row, index) and area[:2] != (row, index) for area in self.merged)


@dataclass(frozen=True)
class FormBook:
    """`lost`: codes of what will not survive being filled (`losses.WORDS`)."""

    sheets: tuple[FormSheet, ...]
    lost: tuple[str, ...]


def looked_at(path: Path, *, name: str) -> FormBook:
    """Raises FileNotFoundError, FileRefused."""
    refuse_by_name(name)
    sheets: list[FormSheet] = []
    with tempfile.TemporaryDirectory(prefix="registry-") as folder:
        child = ConfinedProcess(_MODULE, path, (), _LOOK_SECONDS, folder=Path(folder))
        try:
            while "end" not in (message := child.receive()):
                sheets.append(_sheet(message))
        finally:
            child.close()
    return FormBook(tuple(sheets), tuple(message["lost"]))


def filled(path: Path, orders: Mapping[str, Any]) -> bytes:
    """The form with what `writing.fill` is ordered to write. Raises FileNotFoundError, FileRefused."""
    with tempfile.TemporaryDirectory(prefix="registry-") as folder:
        told, out = Path(folder) / "orders.json", Path(folder) / "filled.xlsx"
        told.write_text(json.dumps(orders, ensure_ascii=False), "utf-8")
        child = ConfinedProcess(
            _MODULE, path, ("--orders", str(told), "--out", str(out)), _WRITE_SECONDS, folder=Path(folder)
        )
        try:
            while "end" not in child.receive():
                pass
        finally:
            child.close()
        return out.read_bytes()


def _sheet(told: Mapping[str, Any]) -> FormSheet:
    return FormSheet(
        told["sheet"],
        told["hidden"],
        {number: {int(column) - 1: value for column, value in cells.items()} for number, cells in told["rows"]},
        told["styled"],
        tuple(_area(one) for one in told["merged"]),
        tuple((tuple(_area(one) for one in areas), frozenset(choices)) for areas, choices in told["lists"]),
        {column - 1: Unit(Decimal(scale), currency) for column, scale, currency in told["shown"]},
    )


def _area(told: list[int]) -> tuple[int, int, int, int]:
    top, left, bottom, right = told
    return top, left - 1, bottom, right - 1


def _within(area: tuple[int, int, int, int], row: int, index: int) -> bool:
    top, left, bottom, right = area
    return top <= row <= bottom and left <= index <= right
