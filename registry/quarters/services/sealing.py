"""What was read of a quarter is written in short turns, out of everybody's sight, and sealed by one last row.

A closing that died leaves rows that nobody sees; whoever closes the quarter next takes its place and clears them away.
Of two at once the later one goes on, and the other is told at its next turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from registry.base import turns
from registry.base.errors import QuarterClosed
from registry.base.extensions import db
from registry.base.sqlite import reading
from registry.quarters.models import Snapshot, SnapshotChange, SnapshotRow
from registry.quarters.services.sealed import change_of, row_of

_HEAD: Any = Snapshot.__table__  # the table, and not the class: what is not sealed yet is hidden from every query
_PARTS: tuple[Any, ...] = (SnapshotRow.__table__, SnapshotChange.__table__)
FIRST = 200
"""Rows of the first turn."""


def write(values: dict[str, Any], rows: Iterable[str], changes: Iterable[str], commit: Callable[[], None]) -> int:
    """Write head, rows and changes, with a `commit` after each turn; the number of the snapshot, not sealed yet.

    Raises QuarterClosed where it is closed already, or somebody began to close it meanwhile.
    """
    number = _begin(values)
    commit()
    pace = turns.Pace(FIRST)
    turns.take(_turns(number, values["quarter"], rows, changes, pace), commit, pace)
    return number


def seal(number: int, quarter: str) -> Snapshot:
    """From the caller's commit on everybody sees the quarter, and nothing of it changes."""
    own = update(_HEAD).where(_HEAD.c.id == number, _HEAD.c.quarter == quarter).values(sealed=True)
    if db.session.execute(own.returning(_HEAD.c.id)).first() is None:
        raise QuarterClosed(quarter=quarter)
    return db.session.scalars(select(Snapshot).where(Snapshot.id == number)).one()


def sweep() -> None:
    """Clear away, in turns, what closings left that did not come to their end and lost their place."""
    with reading():
        left = list(db.session.scalars(select(_HEAD.c.id).where(~_HEAD.c.sealed, _HEAD.c.quarter.like("-%"))))
        db.session.rollback()
    for number in left:
        pace = turns.Pace(turns.MOST)
        turns.take(_cleared(number, pace), db.session.commit, pace)
        db.session.execute(delete(_HEAD).where(_HEAD.c.id == number))
        db.session.commit()


def _begin(values: dict[str, Any]) -> int:
    """The head, in the place of one that was begun and not finished: that gives its name up."""
    quarter = values["quarter"]
    unfinished = select(_HEAD.c.id).where(_HEAD.c.quarter == quarter, ~_HEAD.c.sealed).with_for_update()
    for number in list(db.session.scalars(unfinished)):
        db.session.execute(update(_HEAD).where(_HEAD.c.id == number).values(quarter=f"-{number}"))
    try:
        made = db.session.execute(insert(_HEAD).values(**values, sealed=False).returning(_HEAD.c.id))
        return int(made.scalar_one())
    except IntegrityError as error:
        db.session.rollback()
        raise QuarterClosed(quarter=quarter) from error


def _turns(number: int, quarter: str, rows: Iterable[str], changes: Iterable[str], pace: turns.Pace) -> Iterator[int]:
    for table, made, texts in ((_PARTS[0], row_of, rows), (_PARTS[1], change_of, changes)):
        numbered = enumerate(texts, start=1)
        while chunk := list(islice(numbered, pace.size)):
            _hold(number, quarter)
            db.session.execute(insert(table), [made(number, *each) for each in chunk])
            yield len(chunk)


def _hold(number: int, quarter: str) -> None:
    """The head is still ours, and stays so until the turn's end."""
    own = select(_HEAD.c.id).where(_HEAD.c.id == number, _HEAD.c.quarter == quarter).with_for_update()
    if db.session.execute(own).first() is None:
        db.session.rollback()
        raise QuarterClosed(quarter=quarter)


def _cleared(number: int, pace: turns.Pace) -> Iterator[int]:
    for table in _PARTS:
        some = select(table.c.id).where(table.c.snapshot_id == number)
        while gone := list(db.session.scalars(some.limit(pace.size))):
            db.session.execute(delete(table).where(table.c.id.in_(gone)))
            yield len(gone)
