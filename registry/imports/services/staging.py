"""From the file to the batch: chunks of rows are read, sorted and staged, each with the progress it makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import delete, update

from registry.base import sqlite
from registry.base.characters import shown
from registry.base.contacts import RESTRICTED, masked
from registry.base.extensions import clock, db
from registry.base.faults import Fault, Notice
from registry.base.permissions import Actor
from registry.base.vocabulary import BatchState, RowKind
from registry.imports.models import ImportBatch, ImportRow
from registry.imports.services import choosing, creating, tolerance
from registry.imports.services.columns import for_reader, of_office
from registry.imports.services.earlier import Earlier
from registry.imports.services.plain import plain, plain_all
from registry.imports.services.rows import Ground, RowReader
from registry.imports.services.sorting import Sorted, Sorter
from registry.people.models import Office
from registry.sheets import account
from registry.sheets.byhand import Choices
from registry.sheets.reader import JOB_SECONDS, UploadedTable, read_table

CHUNK = 1_000
RETURNED = (RowKind.DUPLICATE, RowKind.FAULTY)
"""Kinds of rows that applying leaves out and that go back to whoever sent them."""


class GivenUp(Exception):
    """Somebody gave the batch up while it was being checked, or a later run checks it from the start."""


@dataclass
class Tally:
    """How many data rows fell into each kind; `blank` counts empty rows between them."""

    counts: dict[str, int] = field(default_factory=lambda: {kind.value: 0 for kind in RowKind})
    blank: int = 0

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    def correct(self, before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> None:
        """Some rows turned out to be of another kind."""
        for old, new in zip(before, after, strict=True):
            self.counts[old["kind"]] -= 1
            self.counts[new["kind"]] += 1


class SortedTable:
    """An uploaded table, opened; iterate `chunks` once. Changes nothing: what it reads of the directory it lets go."""

    def __init__(
        self,
        path: Path,
        *,
        actor: Actor,
        office: Office,
        year: int,
        on: date,
        name: str | None = None,
        columns: Choices | None = None,
    ) -> None:
        """`columns`: what is said of headings for this file alone, beside what the office has said for all of its own.

        Raises `FileRefused`, here or while iterating.
        """
        with looking():
            self._ground = Ground.of(office, year=year, on=on)
            office_id = office.id
            self.choices: Choices = of_office(office_id) | dict(columns or {})
        self.tally = Tally()
        self._table = read_table(path, cpu_seconds=JOB_SECONDS, name=name, year=year, by_hand=for_reader(self.choices))
        self._table.refuse_workbook()
        self.year = year
        self._before = Earlier()
        self._reader = RowReader(self._table.heading, self._ground)
        self._sorter = Sorter(actor, office_id, self._ground, self._before, self._place)

    @property
    def table(self) -> UploadedTable:
        return self._table

    @property
    def on(self) -> date:
        """The day by whose rules the rows are judged."""
        return self._ground.on

    @property
    def expected(self) -> int:
        """About how many data rows there will be."""
        return max(0, self._table.expected_rows - 1)

    def _place(self, number: int) -> int | str:
        """A row as a person is told it: with its sheet where several are read."""
        read = [sheet.name for sheet in self._table.sheets if not sheet.why]
        return account.row_words(number, read) if len(read) > 1 else number

    def chunks(self) -> Iterator[list[dict[str, Any]]]:
        """Staged rows as the columns of `ImportRow`, in the order of the file."""
        while rows := list(islice(self._table.rows, CHUNK)):
            readings = [self._reader.read(row) for row in rows]
            with looking():
                chunk = [self._staged(row) for row in self._sorter.sort(readings)]
            yield chunk
        self.tally.blank = sum(sheet.blank for sheet in self._table.sheets)

    def _staged(self, row: Sorted) -> dict[str, Any]:
        self.tally.counts[row.kind.value] += 1
        return staged_row(row, self._ground.on)

    def close(self) -> None:
        self._table.close()
        self._before.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def staged_row(row: Sorted, on: date) -> dict[str, Any]:
    """A sorted row as the columns of `ImportRow`."""
    reading, letters = row.reading, row.reading.letters
    return {
        "number": reading.number,
        "kind": row.kind.value,
        "name": reading.name,
        "credit_code": reading.credit_code,
        "name_key": reading.keys.name_key,
        "parts_key": reading.keys.parts_key,
        "raw": reading.raw if row.kind in RETURNED else {},
        "carried": {} if row.kind is RowKind.FAULTY else reading.carried,
        "values": _values(row, on),
        "changes": [_shown(change, letters) for change in row.changes],
        "faults": [_finding(fault.field, fault, letters) for fault in reading.faults],
        "notices": [_finding(key, notice, letters) for key, notice in reading.notices],
        "matches": row.matches,
        "firm_id": row.firm_id,
        "firm_version": row.firm_version,
        "before": {},
        "outcome": "",
        "choice": "",
        "alternatives": _alternatives(row, on),
    }


def _values(row: Sorted, on: date) -> dict[str, Any]:
    if row.kind is RowKind.NEW:
        return creating.values_of(row.reading, on)
    return changed_values(row) if row.kind is RowKind.CHANGED else {}


def _alternatives(row: Sorted, on: date) -> dict[str, Any]:
    """What each choice would write, of a row that looks like a firm on record."""
    if row.apart is None:
        return {}
    letters = row.reading.letters
    return {
        "two": {
            "values": creating.values_of(row.apart, on),
            "notices": [_finding(key, notice, letters) for key, notice in row.apart.notices],
        },
        "same": [_as_of_firm(one, letters) for one in row.same],
        "back": [_finding(key, notice, letters) for key, notice in row.reading.notices],
    }


def _as_of_firm(row: Sorted, letters: Mapping[str, str]) -> dict[str, Any]:
    return {
        "firm": row.firm_id,
        "version": row.firm_version,
        "values": changed_values(row) if row.kind is RowKind.CHANGED else {},
        "changes": [_shown(change, letters) for change in row.changes],
        "notices": [_finding(key, notice, letters) for key, notice in row.reading.notices],
        "faults": [_finding(fault.field, fault, letters) for fault in row.reading.faults],
    }


def changed_values(row: Sorted) -> dict[str, Any]:
    """What will be written of a changed firm: the differing fields, figures and added former names."""
    reading, changed = row.reading, [change["field"] for change in row.changes]
    fields = {key: reading.fields[key] for key in changed if key in reading.fields}
    for key, along in (("industry", "industry_year"), ("capital", "capital_currency")):
        if key in fields:
            fields[along] = reading.fields[along]
    if "credit_code" in fields:
        fields["no_code_reason"] = ""
    figures = [
        [key, str(given.kind), given.period.year, given.period.month, str(given.amount)]
        for key, given in reading.figures.items()
        if key in changed
    ]
    former: list[str] = next((c["after"][len(c["before"]) :] for c in row.changes if c["field"] == "former_names"), [])
    odd = creating.doubts_of(reading)
    return {"fields": plain_all(fields), "figures": figures, "doubts": odd, "former": former}


@contextmanager
def looking() -> Iterator[None]:
    """Reads of the directory that hold no lock against writers and end with the block."""
    with sqlite.reading():
        try:
            yield
        finally:
            db.session.rollback()


def stage(batch_id: int, table: SortedTable, run: str) -> Iterator[list[dict[str, Any]]]:
    """Put the rows into the batch, chunk by chunk; the caller commits after each. Raises `FileRefused`, `GivenUp`.

    `run`: from `batches.start_checking`. The batch is taken before the rows of a chunk are put, so that whoever takes
    it next finds either all of them or none.
    """
    made = db.session.get_one(ImportBatch, batch_id, populate_existing=True).reading.get("choices", {})
    head = head_of(table)
    kept = {"choices": made} if made else {}  # for another run, should this one be interrupted
    _note(
        batch_id, run, **{**head, "reading": head["reading"] | kept}, judged_on=table.on, total=table.expected, done=0
    )
    yield []
    for chunk in table.chunks():
        _note(batch_id, run)
        put = tolerance.staged(batch_id, chunk)
        table.tally.correct(chunk, put)
        _note(batch_id, run, done=table.tally.rows, **table.tally.counts)
        yield put
    ended = {"total": table.tally.rows, "blank": table.tally.blank, "reading": _reading(table)}
    _note(batch_id, run, state=BatchState.CHECKED, **ended)
    batch = db.session.get_one(ImportBatch, batch_id, populate_existing=True)
    if made and (dropped := choosing.make_again(batch, made)):
        batch.reading = {**batch.reading, "dropped_choices": dropped}
    yield []


def clear(batch_id: int) -> None:
    """Drop what was staged of the batch."""
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))


def head_of(table: SortedTable) -> dict[str, Any]:
    """How the file was understood, as the columns of `ImportBatch`."""
    read = table.table
    headings = [
        {
            "letter": c.letter,
            "heading": shown(c.heading, 100),
            "key": c.key,
            "scale": plain(c.scale),
            "currency": c.currency,
        }
        for c in read.columns
    ]
    return {
        "sheet": shown(read.sheet or "", 100),
        "heading_row": read.heading_row,
        "headings": headings,
        "reading": _reading(table),
    }


def _reading(table: SortedTable) -> dict[str, Any]:
    return account.of(table.table, table.year, table.choices)


def _note(batch_id: int, run: str, **values: Any) -> None:
    """Write progress and hold the batch until the commit, as long as it is still being checked by this very run."""
    moment: datetime = clock.now()
    done = db.session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch_id, ImportBatch.state == BatchState.CHECKING, ImportBatch.run == run)
        .values(touched_at=moment, **values)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise GivenUp


def _finding(key: str | None, found: Fault | Notice, letters: Mapping[str, str]) -> dict[str, Any]:
    values = {name: value if isinstance(value, int) else str(value) for name, value in found.values.items()}
    return {"field": key, "column": letters.get(key or ""), "code": found.code, "values": values}


def _shown(change: dict[str, Any], letters: Mapping[str, str]) -> dict[str, Any]:
    """A change as it is kept for the page: contacts masked."""
    key = change["field"]
    if key in RESTRICTED:
        change = {**change, "before": masked(key, change["before"] or ""), "after": masked(key, change["after"] or "")}
    return {**change, "column": letters.get(key)}
