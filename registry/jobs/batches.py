"""Import batches in the background: check a file, apply what was confirmed, take it back."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import and_, not_, or_, select

from registry.domain import errors
from registry.domain.errors import FileRefused, RegistryError
from registry.domain.vocabulary import BatchState
from registry.extensions import clock, db, queue
from registry.jobs import lanes
from registry.jobs.lanes import TurnedOutLong
from registry.models import ImportBatch
from registry.services.imports import applying, batches, staging, undoing
from registry.services.imports.staging import SortedTable

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
    BatchState.UNDOING: "undo_batch",
}

# What a batch was before the order that could not be carried out.
BEFORE = {BatchState.APPLYING: BatchState.CHECKED, BatchState.UNDOING: BatchState.APPLIED}


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
    """Make the staged rows real in one transaction; where that cannot be, say why and leave everything as it was."""
    batch = db.session.get_one(ImportBatch, batch_id)
    if batch.state != BatchState.APPLYING:
        return
    stored_name = batch.stored_name
    try:
        applying.apply(batch, batches.acting(batch), at=clock.now(), on=clock.today())
        db.session.commit()
    except errors.BatchConflict as error:
        _send_back(batch_id, BatchState.CHECKED, error)
    except Exception:
        log.exception("applying batch %s failed", batch_id)
        _send_back(batch_id, BatchState.CHECKED, RegistryError(errors.BATCH_FAILED))
    else:
        batches.remove_file(stored_name)
        queue.enqueue("find_pairs", batch_id)


def undo(batch_id: int) -> None:
    """Take an applied batch back in one transaction."""
    batch = db.session.get_one(ImportBatch, batch_id)
    if batch.state != BatchState.UNDOING:
        return
    try:
        undoing.undo(batch, batches.acting(batch), at=clock.now(), on=clock.today())
        db.session.commit()
    except Exception:
        log.exception("undoing batch %s failed", batch_id)
        _send_back(batch_id, BatchState.APPLIED, RegistryError(errors.BATCH_UNDO_FAILED))
    else:
        queue.enqueue("find_pairs", batch_id)


def unfinished() -> list[tuple[str, int]]:
    """(job, batch) of everything that was begun or ordered and not finished, the oldest first.

    A batch without a stored file belongs to a command at a terminal, which may still be at work on it.
    """
    writing, now = ImportBatch.state.in_(BEFORE), clock.now()
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
    if state in BEFORE:
        _send_back(batch_id, BEFORE[state], error)


def _send_back(batch_id: int, state: BatchState, error: RegistryError) -> None:
    db.session.rollback()
    batch = db.session.get_one(ImportBatch, batch_id)
    batches.send_back(batch, state, error, at=clock.now())
    db.session.commit()
