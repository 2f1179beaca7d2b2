"""Which lane a job goes into, by how much there is to do; and how one that turns out long changes over."""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple

from registry.queue.rules import SHORT_BYTES, SHORT_ROWS, Lane

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


def by_size(size: int) -> Lane:
    """`size` in bytes of a file whose rows are not counted yet."""
    return Lane.LONG if size > SHORT_BYTES else Lane.SHORT


def by_rows(rows: int) -> Lane:
    return Lane.LONG if rows > SHORT_ROWS else Lane.SHORT
