"""Import batches in the background: check a file, apply what was confirmed, take it back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import and_, not_, or_, select

from registry.domain import errors
from registry.domain.errors import FileRefused, RegistryError
from registry.domain.vocabulary import BatchState
from registry.extensions import clock, db, queue
from registry.jobs import lanes
from registry.jobs.lanes import TurnedOutLong
from registry.models import ImportBatch
from registry.services import turns
from registry.services.imports import applying, batches, staging, undoing
from registry.services.imports.staging import SortedTable
from registry.services.turns import Pace

log = logging.getLogger(__name__)

ABANDONED = timedelta(minutes=10)
"""A command that has not touched its batch for so long is not running any more."""
ABANDONED_WRITING = timedelta(minutes=60)
"""One that writes touches it more rarely."""
# What a stopped worker leaves behind -> the job that takes it up from the start.
JOB_OF = {
    BatchState.WAITING: "check_batch",
    BatchState.CHECKING: "check_batch",
    BatchState.APPLYING: "apply_batch",
    BatchState.TAKING_BACK: "apply_batch",
    BatchState.UNDOING: "undo_batch",
}

WRITING = frozenset({BatchState.APPLYING, BatchState.TAKING_BACK, BatchState.UNDOING})


def check(batch_id: int) -> None:
    """Read and sort the file into the batch; progress is committed chunk by chunk."""
    batch = db.session.get_one(ImportBatch, batch_id)
    actor, office, year, name = batches.acting(batch), batch.office, batch.year, batch.filename
    stored_name = batch.stored_name
    if not batches.start_checking(batch, at=clock.now()):
        return
    db.session.commit()
    try:
        path = batches.upload(stored_name)
        with SortedTable(path, actor=actor, office=office, year=year, on=clock.today(), name=name) as table:
            lanes.needs(table.expected)
            for _ in staging.stage(batch_id, table):
                db.session.commit()
    except staging.GivenUp:
        db.session.rollback()
        staging.clear(batch_id)
        db.session.commit()
    except TurnedOutLong:
        raise
    except FileRefused as error:
        refuse(batch_id, error)
    except Exception:
        log.exception("checking batch %s failed", batch_id)
        refuse(batch_id, RegistryError(errors.BATCH_FAILED))


def apply(batch_id: int) -> None:
    """Make the staged rows real, in turns; where that cannot be, take back what was written and say why."""
    batch = db.session.get_one(ImportBatch, batch_id)
    stored_name = batch.stored_name
    if batch.state == BatchState.APPLYING:
        try:
            _take(applying.turns, batch)
        except errors.BatchConflict as error:
            _stop(batch_id, error)
        except Exception:
            log.exception("applying batch %s failed", batch_id)
            _stop(batch_id, RegistryError(errors.BATCH_FAILED))
    batch = db.session.get_one(ImportBatch, batch_id)
    if batch.state == BatchState.TAKING_BACK:
        _take_back(batch)
    elif batch.state == BatchState.APPLIED:
        db.session.rollback()
        batches.remove_file(stored_name)
        queue.enqueue("find_pairs", batch_id)


def undo(batch_id: int) -> None:
    """Take an applied batch back, in turns."""
    batch = db.session.get_one(ImportBatch, batch_id)
    if batch.state != BatchState.UNDOING:
        return
    try:
        _take(undoing.turns, batch)
    except Exception:
        log.exception("undoing batch %s failed", batch_id)
        _send_back(batch_id, BatchState.APPLIED, RegistryError(errors.BATCH_UNDO_FAILED))
    else:
        queue.enqueue("find_pairs", batch_id)


def _take(work: Callable[..., Iterator[int]], batch: ImportBatch) -> None:
    pace = Pace()
    turns.take(work(batch, batches.acting(batch), pace, now=clock.now, on=clock.today()), db.session.commit, pace)


def _take_back(batch: ImportBatch) -> None:
    """All that was written goes before anybody saw it; then the file is checked anew."""
    batch_id = batch.id
    _take(undoing.withdrawing, batch)
    db.session.rollback()
    queue.enqueue("check_batch", batch_id)


def _stop(batch_id: int, error: RegistryError) -> None:
    """The order cannot be carried out: nothing was written yet, or it goes back, or its firms are there to stay."""
    db.session.rollback()
    batch = db.session.get_one(ImportBatch, batch_id)
    if batch.applied_at is not None:
        error = RegistryError(errors.BATCH_STOPPED)
    state = BatchState.TAKING_BACK if batch.arriving else BatchState.CHECKED
    _send_back(batch_id, BatchState.APPLYING if batch.applied_at else state, error)


def unfinished() -> list[tuple[str, int]]:
    """(job, batch) of everything that was begun or ordered and not finished, the oldest first.

    A batch without a stored file belongs to a command at a terminal, which may still be at work on it.
    """
    writing, now = ImportBatch.state.in_(WRITING), clock.now()
    ours = or_(
        ImportBatch.stored_name != "",
        and_(not_(writing), ImportBatch.touched_at < now - ABANDONED),
        and_(writing, ImportBatch.touched_at < now - ABANDONED_WRITING),
    )
    rows = select(ImportBatch.state, ImportBatch.id).where(ImportBatch.state.in_(JOB_OF), ours).order_by(ImportBatch.id)
    found = [(JOB_OF[BatchState(state)], batch_id) for state, batch_id in db.session.execute(rows)]
    db.session.rollback()  # the jobs that follow want the lock
    return found


def refuse(batch_id: int, error: RegistryError) -> None:
    """A batch that was being checked is not taken, with the reason."""
    db.session.rollback()
    batch = db.session.get_one(ImportBatch, batch_id)
    if batch.state not in (BatchState.WAITING, BatchState.CHECKING):
        db.session.rollback()
        return
    stored_name = batch.stored_name
    batches.refuse(batches.acting(batch), batch, error, at=clock.now())
    db.session.commit()
    batches.remove_file(stored_name)


def send_back(batch_id: int, error: RegistryError) -> None:
    """A batch that was being applied or undone stands as before the order, with the reason."""
    db.session.rollback()
    state = BatchState(db.session.get_one(ImportBatch, batch_id).state)
    if state == BatchState.APPLYING:
        _stop(batch_id, error)
    elif state == BatchState.UNDOING:
        _send_back(batch_id, BatchState.APPLIED, error)


def _send_back(batch_id: int, state: BatchState, error: RegistryError) -> None:
    db.session.rollback()
    batch = db.session.get_one(ImportBatch, batch_id)
    batches.send_back(batch, state, error, at=clock.now())
    db.session.commit()
