"""Import batches in the background: check a file, apply what was confirmed, take it back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import and_, not_, or_, select

from registry.base import errors, runs, turns
from registry.base.errors import FileRefused, RegistryError
from registry.base.extensions import clock, db, queue
from registry.base.trouble import trouble_in
from registry.base.turns import Pace
from registry.base.vocabulary import BatchState
from registry.imports.models import ImportBatch
from registry.imports.services import applying, batches, choosing, pairing, staging, undoing
from registry.imports.services.staging import SortedTable
from registry.queue.jobs import lanes
from registry.queue.jobs.lanes import Place, TurnedOutLong
from registry.queue.rules import Unavailable

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


def place(batch_id: int) -> Place:
    """By the rows to be written, or, where they are not counted yet, by the size of the file."""
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None:
        return lanes.short()
    if batch.state in (BatchState.WAITING, BatchState.CHECKING):
        return Place(lanes.by_size(batches.size_of(batch.stored_name)), batch.office_id)
    return Place(lanes.by_rows(batch.new + batch.changed), batch.office_id)


def check(batch_id: int) -> None:
    """Read and sort the file into the batch; progress is committed chunk by chunk."""
    batch = db.session.get_one(ImportBatch, batch_id)
    actor, office, year, name = batches.acting(batch), batch.office, batch.year, batch.filename
    stored_name = batch.stored_name
    run = batches.start_checking(batch, at=clock.now())
    db.session.commit()
    if run is None:
        return
    try:
        path = batches.upload(stored_name)
        with SortedTable(path, actor=actor, office=office, year=year, on=clock.today(), name=name) as table:
            lanes.needs(table.expected)
            for _ in staging.stage(batch_id, table, run):
                db.session.commit()
    except staging.GivenUp:
        _give_up(batch_id)
    except TurnedOutLong:
        raise
    except FileRefused as error:
        refuse(batch_id, error, run)
    except Exception as error:
        if trouble_in(error):  # no fault of the file: the queue tries again
            raise
        log.exception("checking batch %s failed", batch_id)
        refuse(batch_id, RegistryError(errors.BATCH_FAILED), run)


def _give_up(batch_id: int) -> None:
    """Rows go only where a person gave the batch up: else they are those of a later run."""
    db.session.rollback()
    batch = db.session.get_one(ImportBatch, batch_id)
    if batch.state == BatchState.DISCARDED:
        staging.clear(batch_id)
    else:
        log.warning("batch %s is checked by a later run, or was; this one ends", batch_id)
    db.session.commit()


def apply(batch_id: int) -> None:
    """Make the staged rows real, in turns; where that cannot be, take back what was written and say why."""
    batch = db.session.get_one(ImportBatch, batch_id)
    stored_name, run = batch.stored_name, batch.run
    if batch.state == BatchState.APPLYING:
        try:
            _take(applying.turns, batch)
        except errors.BatchConflict as error:
            _stop(batch_id, error, run)
        except errors.BatchIncomplete as error:
            log.error("batch %s: checking counted %s rows, there are %s", batch_id, *error.values.values())  # noqa: TRY400 - no fault of this run
            _stop(batch_id, error, run)
        except Exception as error:
            if trouble_in(error):
                raise
            log.exception("applying batch %s failed", batch_id)
            _stop(batch_id, RegistryError(errors.BATCH_FAILED), run)
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
    run = batch.run
    try:
        _take(undoing.turns, batch)
    except Exception as error:
        if trouble_in(error):
            raise
        log.exception("undoing batch %s failed", batch_id)
        _send_back(batch_id, run, BatchState.UNDOING, BatchState.APPLIED, RegistryError(errors.BATCH_UNDO_FAILED))
    else:
        queue.enqueue("find_pairs", batch_id)


def _take(work: Callable[..., Iterator[int]], batch: ImportBatch) -> None:
    pace = Pace()
    turns.take(work(batch, batches.acting(batch), pace, now=clock.now, on=clock.today()), db.session.commit, pace)


def _take_back(batch: ImportBatch) -> None:
    """All that was written goes before anybody saw it; then the file is checked anew."""
    batch_id = batch.id
    _take(undoing.withdrawing, batch)
    state = db.session.get_one(ImportBatch, batch_id).state
    db.session.rollback()
    if state == BatchState.WAITING:
        queue.enqueue("check_batch", batch_id)


def _stop(batch_id: int, error: RegistryError, run: str) -> None:
    """The order cannot be carried out: nothing was written yet, or it goes back, or its firms are there to stay.

    What only wants its database back stays where it is. What is not as it was counted is checked anew in any case.
    """
    db.session.rollback()
    batch = db.session.get_one(ImportBatch, batch_id)
    waits, is_begun = isinstance(error, Unavailable), batch.arriving or batch.applied_at is not None
    if batch.applied_at is not None and not waits:
        error = RegistryError(errors.BATCH_STOPPED)
    state = BatchState.CHECKED
    if is_begun and (waits or batch.applied_at is not None):
        state = BatchState.APPLYING
    elif is_begun or isinstance(error, errors.BatchIncomplete):
        state = BatchState.TAKING_BACK
    _send_back(batch_id, run, BatchState.APPLYING, state, error)


def find_pairs(batch_id: int) -> None:
    """What the firms of an import may be duplicates of; committed chunk by chunk, harmless to run again."""
    pace = Pace()
    turns.take(pairing.of_batch(batch_id, pace, at=clock.now()), turns.let_go, pace)
    batch = db.session.get(ImportBatch, batch_id)
    if batch is not None and batch.state == BatchState.APPLIED:
        choosing.record(batch, batches.acting(batch), at=clock.now())
    db.session.commit()


def unfinished() -> list[tuple[str, tuple[int, ...]]]:
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
    found: list[tuple[str, tuple[int, ...]]] = [
        (JOB_OF[BatchState(state)], (batch_id,)) for state, batch_id in db.session.execute(rows)
    ]
    db.session.rollback()  # the jobs that follow want the lock
    return found


def refuse(batch_id: int, error: RegistryError, run: str | None = None) -> None:
    """A batch that was being checked (by `run`, else by whatever run) is not taken, with the reason.

    Where only the database was away the file is kept, and waits.
    """
    db.session.rollback()
    batch = db.session.get_one(ImportBatch, batch_id)
    stored_name, actor = batch.stored_name, batches.acting(batch)
    held = runs.held(ImportBatch, batch_id, batch.run if run is None else run, *batches.TO_CHECK)
    if held is None:
        db.session.rollback()
    elif isinstance(error, Unavailable):
        batches.send_back(held, BatchState.WAITING, error, at=clock.now())
        db.session.commit()
    else:
        batches.refuse(actor, held, error, at=clock.now())
        db.session.commit()
        batches.remove_file(stored_name)


def send_back(batch_id: int, error: RegistryError) -> None:
    """A batch that was being applied or undone stands as before the order, with the reason."""
    db.session.rollback()
    batch = db.session.get_one(ImportBatch, batch_id)
    state, run = BatchState(batch.state), batch.run
    if state == BatchState.APPLYING:
        _stop(batch_id, error, run)
    elif state == BatchState.UNDOING:
        _send_back(batch_id, run, state, BatchState.APPLIED, error)


def _send_back(batch_id: int, run: str, source: BatchState, state: BatchState, error: RegistryError) -> None:
    """From `source` to `state`, with the reason, if the batch still is under the order `run`."""
    db.session.rollback()
    if (batch := runs.held(ImportBatch, batch_id, run, source)) is not None:
        batches.send_back(batch, state, error, at=clock.now())
    db.session.commit()
