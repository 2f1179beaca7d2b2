"""Reads an uploaded workbook sheet by sheet as it is, hidden sheets too: for a workbook of ours with several lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from registry.sheets.guard import refuse_by_name
from registry.sheets.parsed import Cell
from registry.sheets.process import ParsingProcess
from registry.sheets.reader import PAGE_SECONDS, cell_of
from registry.sheets.shape import Limits
from registry.sheets.units import Unit

MOST_ROWS = 20_000
"""Of a sheet; all of them are held at once."""


@dataclass(frozen=True, slots=True)
class WholeSheet:
    """Filled rows by the number that a spreadsheet shows; places are row (from 1) and index of the column (from 0).

    `merged`: places that lie under the first row of cells merged over several rows, whose value is not their own.
    `units`: column -> what a number format says its numbers are in.
    """

    name: str
    concealed: bool
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    formulas: frozenset[tuple[int, int]] = frozenset()
    merged: frozenset[tuple[int, int]] = frozenset()
    unseen: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()
    units: dict[int, Unit] = field(default_factory=dict)


def read_sheets(path: Path, *, name: str, cpu_seconds: int = PAGE_SECONDS) -> list[WholeSheet]:
    """Every sheet that holds something; none of a file that is a text. Raises FileNotFoundError, `FileRefused`."""
    refuse_by_name(name)
    child = ParsingProcess(path, Limits(rows=MOST_ROWS), cpu_seconds, every=True)
    found: list[WholeSheet] = []
    try:
        while "end" not in (message := child.receive()):
            if "sheet" in message:
                found.append(_sheet(message))
            else:
                found[-1].rows.append((message["row"], [cell_of(value) for value in message["cells"]]))
    finally:
        child.close()
    return found


def _sheet(told: dict[str, Any]) -> WholeSheet:
    return WholeSheet(
        told["sheet"],
        told["concealed"],
        formulas=frozenset((row, column - 1) for row, column in told["formulas"]),
        merged=frozenset(place for merge in told["merges"] for place in _under(*merge)),
        unseen=frozenset(row for first, last in told["hidden"] for row in range(first, last + 1)),
        struck=frozenset(told["struck"]),
        units={index: Unit(Decimal(scale), currency) for index, scale, currency in told["shown"]},
    )


def _under(top: int, left: int, bottom: int, right: int) -> Iterator[tuple[int, int]]:
    return ((row, index) for row in range(top + 1, bottom + 1) for index in range(left - 1, right))
