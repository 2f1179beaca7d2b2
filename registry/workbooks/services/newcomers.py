"""Rows of a returned workbook that name firms it did not hold: sorted as an import sorts them, in a batch of their own.

The same questions are asked of them, the same doubts, the same choices; the batch is confirmed along with the cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from registry.base.extensions import db
from registry.base.faults import Fault
from registry.base.permissions import Actor
from registry.base.vocabulary import BatchState, RowKind
from registry.imports.models import ImportBatch
from registry.imports.services import batches, staging, tolerance
from registry.imports.services.batches import StoredUpload
from registry.imports.services.earlier import Earlier
from registry.imports.services.plain import packed, unpacked
from registry.imports.services.rows import Dated, Ground, Reading, RowReader
from registry.imports.services.sorting import Sorter
from registry.people.models import Office
from registry.sheets import cells
from registry.sheets.headings import Heading, RecognisedColumn
from registry.sheets.reader import UploadedRow
from registry.sheets.values import YUAN_PER_UNIT
from registry.workbooks.models import IssuedWorkbook, WorkbookReturn
from registry.workbooks.services.comparing import File
from registry.workbooks.services.issuing import Newcomer
from registry.workbooks.sheets import layout

Staged = list[dict[str, Any]]


def sort(book: IssuedWorkbook, file: File, rows: Sequence[UploadedRow], *, actor: Actor, on: date) -> Staged:
    """The rows as an import stages them; nothing is changed."""
    ground = Ground.of(book.office, year=book.year, on=on)
    reader = _Newcomers(file.columns, ground, frozenset(layout.figures(book.year, book.month)))
    with Earlier() as before:
        sorter = Sorter(actor, book.office_id, ground, before, lambda number: number)
        return [staging.staged_row(row, on) for row in sorter.sort(reader.read(row) for row in rows)]


def keep(row: WorkbookReturn, staged: Staged, file: File, *, actor: Actor, year: int, at: datetime, on: date) -> None:
    """Put the rows into a batch of the return, in the place of one that an earlier comparison made."""
    drop(actor, row, at=at)
    if not staged:
        return
    office: Office = row.office
    sent = StoredUpload("", row.sha256)
    batch = batches.receive(actor, office, sent, filename=row.filename, year=year, at=at)
    put = tolerance.staged(batch.id, staged)
    for kind in RowKind:
        setattr(batch, kind.value, sum(one["kind"] == kind for one in put))
    batch.state, batch.judged_on, batch.total, batch.done = BatchState.CHECKED, on, len(put), len(put)
    batch.reading = {"columns": [_column(key, column) for key, column in file.columns.items()], "sheets": []}
    row.batch_id = batch.id
    db.session.flush()


def drop(actor: Actor, row: WorkbookReturn, *, at: datetime) -> None:
    """The batch of the return is given up, unless it is confirmed already."""
    batch = db.session.get(ImportBatch, row.batch_id) if row.batch_id else None
    if batch is not None and batch.state == BatchState.CHECKED:
        batches.order(actor, batch, "discard", at=at)
    row.batch_id = None


def waiting(row: WorkbookReturn, *, held: bool = False) -> ImportBatch | None:
    """The batch of the return, while it waits to be confirmed; `held`: still until the commit."""
    lock = {"of": ImportBatch} if held else None
    batch = db.session.get(ImportBatch, row.batch_id, with_for_update=lock) if row.batch_id else None
    return batch if batch is not None and batch.state == BatchState.CHECKED else None


def going_back(rows: Sequence[Any]) -> list[Newcomer]:
    """Rows of a batch that were not taken, as they stand in a workbook to be mended."""
    return [_going_back(row) for row in rows]


def _going_back(row: Any) -> Newcomer:
    faults = {found["field"]: Fault(found["code"], found["field"], found["values"]).sentence() for found in row.faults}
    typed = {key: unpacked(cell) for key, cell in row.raw.items()}
    shown = {key: value for key, value in typed.items() if isinstance(value, str | int | float | date | Decimal)}
    return Newcomer(shown, {key or "name": said for key, said in faults.items()})


def _column(key: str, column: RecognisedColumn) -> dict[str, Any]:
    """As `account` tells of a column of a file."""
    told: dict[str, Any] = {"row": 0, "column": column.letter, "heading": column.heading, "as": key, "taken": "read"}
    if key in (layout.KEY, layout.STATE, layout.REASON):
        return told | {"taken": "left_out", "why": "ignored"}
    return told


class _Newcomers:
    """Reads a row by the rules of an import, and the figures of the months beside it, those that were `asked`."""

    def __init__(self, columns: Mapping[str, RecognisedColumn], ground: Ground, asked: frozenset[str]) -> None:
        self._asked, self._on = asked, ground.on
        own = {key: column for key, column in columns.items() if key not in (layout.KEY, layout.STATE, layout.REASON)}
        self._figures = {key: column for key, column in own.items() if layout.figure_of(key)}
        plain = tuple(replace(column, key=key) for key, column in own.items() if key not in self._figures)
        self._rows = RowReader(Heading(0, plain), ground)

    def read(self, row: UploadedRow) -> Reading:
        reading = self._rows.read(UploadedRow(row.number, row.cells))
        reading.letters = {**reading.letters, **{key: column.letter for key, column in self._figures.items()}}
        for key, column in self._figures.items():
            self._figure(key, column, row, reading)
        return reading

    def _figure(self, key: str, column: RecognisedColumn, row: UploadedRow, reading: Reading) -> None:
        named, cell = layout.figure_of(key), row.cells[column.index]
        if cell is None or named is None:
            return
        kind, period = named
        reading.raw[key] = packed(cell)
        if key not in self._asked or period.end > self._on:
            # of the whole row: in the workbook that goes back there is no cell of it
            code = "future_figure" if period.end > self._on else "figure_not_asked"
            reading.fault(code, heading=column.heading, period=period.label)
            return
        parsed = cells.parse(layout.column_of(key), cell, scale=column.scale or YUAN_PER_UNIT)
        if parsed.fault is not None:
            reading.faults.append(parsed.fault.at(row.number, column.letter))
            return
        reading.notices += [(key, notice) for notice in parsed.notices]
        if parsed.value is not None and parsed.value != ():
            reading.figures[key] = Dated(kind, period, Decimal(str(parsed.value)))
