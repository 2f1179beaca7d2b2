"""Which lane a job goes into, by how much there is to do; and how one that turns out long changes over."""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple

from registry.domain.queueing import SHORT_BYTES, SHORT_ROWS, Lane
from registry.domain.vocabulary import BatchState
from registry.extensions import db
from registry.models import ImportBatch, WorkbookReturn
from registry.services.imports import batches

serving: ContextVar[Lane | None] = ContextVar("serving", default=None)
"""The lane of the worker that runs the present job; None where it runs at once, in no queue."""


class Place(NamedTuple):
    """Where a job is queued, and whose it is."""

    lane: Lane
    office_id: int | None = None


class TurnedOutLong(Exception):
    """The job has more to do than its lane is for."""


def needs(rows: int) -> None:
    """So many rows are to be worked on. Raises `TurnedOutLong` in the short lane where they are many."""
    if serving.get() is Lane.SHORT and rows > SHORT_ROWS:
        raise TurnedOutLong


def short() -> Place:
    return Place(Lane.SHORT)


def long() -> Place:
    return Place(Lane.LONG)


def of_batch(batch_id: int) -> Place:
    """By the rows to be written, or, where they are not counted yet, by the size of the file."""
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None:
        return short()
    if batch.state in (BatchState.WAITING, BatchState.CHECKING):
        return Place(_by_size(batch.stored_name), batch.office_id)
    return Place(Lane.LONG if batch.new + batch.changed > SHORT_ROWS else Lane.SHORT, batch.office_id)


def of_return(return_id: int) -> Place:
    row = db.session.get(WorkbookReturn, return_id)
    if row is None:
        return short()
    many = int(row.counts.get("rows") or 0) > SHORT_ROWS
    return Place(Lane.LONG if many else _by_size(row.stored_name), row.office_id)


def _by_size(stored_name: str) -> Lane:
    size = batches.size_of(stored_name)
    return Lane.LONG if size > SHORT_BYTES else Lane.SHORT
