"""The queue of background jobs: put, take, end, give back. Rows are plain data; nothing of them is ever run as code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from registry.base import sqlite
from registry.base.extensions import db
from registry.queue import queries
from registry.queue.models import Job, Worker
from registry.queue.queries import machine_now
from registry.queue.rules import JobState, Lane, in_turn

Arguments = Sequence[int | str]
KEPT = timedelta(days=2)
"""What is done is forgotten after that; until then it says whose turn was when."""


def packed(arguments: Arguments) -> str:
    """The arguments as they stand in the queue."""
    return json.dumps(list(arguments), ensure_ascii=True)


def unpacked(text: str) -> list[Any]:
    """Back again; raises ValueError for anything but a JSON list."""
    found = json.loads(text)
    if not isinstance(found, list):
        raise ValueError("no list")  # noqa: TRY004 - of data
    return found


def put(name: str, arguments: Arguments, *, lane: Lane, office_id: int | None) -> None:
    """Queue the job, unless the same one waits already."""
    values = {"name": name, "arguments": packed(arguments), "lane": lane, "office_id": office_id}
    try:
        with db.session.begin_nested():
            db.session.add(Job(**values, state=JobState.WAITING, attempts=0, queued_at=machine_now(), reason=""))
    except IntegrityError:  # uq_job_waiting
        return


def take(lane: Lane, worker_id: int) -> Job | None:
    """The job whose turn it is, marked as this worker's; None where nothing waits, or another worker was faster.

    An office with a job at work in the long lane waits until that is done. To be called in no transaction.
    """
    now = machine_now()
    with sqlite.reading():  # an empty queue is looked at without a lock
        first = _first(lane, now)
        db.session.rollback()
    if first is None:
        return None
    taken = _move(
        first, JobState.WAITING, state=JobState.RUNNING, worker_id=worker_id, started_at=now, attempts=Job.attempts + 1
    )
    return db.session.get(Job, first, populate_existing=True) if taken else None


def _first(lane: Lane, now: datetime) -> int | None:
    waiting = queries.waiting(lane, due=now)
    if not waiting:
        return None
    busy = queries.running_offices(lane) - {None} if lane is Lane.LONG else set()
    return next((job.id for job in in_turn(waiting, queries.served(lane)) if job.office_id not in busy), None)


def finish(job_id: int, worker_id: int) -> None:
    """The job is done; an earlier failure of the same is made good with it."""
    name, arguments = db.session.execute(select(Job.name, Job.arguments).where(Job.id == job_id)).one()
    if _move(job_id, JobState.RUNNING, worker_id, state=JobState.DONE, finished_at=machine_now(), reason=""):
        _forget_failures(name, arguments, but=job_id)


def fail(job_id: int, worker_id: int, reason: str) -> None:
    """The job is not begun again by itself; of failures of one job the last is kept."""
    name, arguments = db.session.execute(select(Job.name, Job.arguments).where(Job.id == job_id)).one()
    ended = {"state": JobState.FAILED, "worker_id": None, "finished_at": machine_now(), "reason": reason}
    if _move(job_id, JobState.RUNNING, worker_id, **ended):
        _forget_failures(name, arguments, but=job_id)


def give_back(job_id: int, worker_id: int, *, after: timedelta = timedelta(0), **values: Any) -> None:
    """The job waits again; where the same was queued meanwhile, that one stands for it."""
    now = machine_now()
    try:
        with db.session.begin_nested():
            given = {"state": JobState.WAITING, "worker_id": None, "not_before": now + after, **values}
            _move(job_id, JobState.RUNNING, worker_id, **given)
    except IntegrityError:  # uq_job_waiting
        _move(job_id, JobState.RUNNING, worker_id, state=JobState.DONE, finished_at=now)


def is_held(job_id: int, worker_id: int) -> bool:
    """Whether the job is still this worker's, and no other was given it meanwhile."""
    ours = select(Job.id).where(Job.id == job_id, Job.state == JobState.RUNNING, Job.worker_id == worker_id)
    return db.session.scalar(ours) is not None


def retry(job: Job) -> None:
    """A failed job is begun anew, with all its attempts."""
    same = queries.is_waiting(job.name, job.arguments)
    state = JobState.DONE if same else JobState.WAITING
    _move(job.id, JobState.FAILED, state=state, attempts=0, not_before=None, reason="", queued_at=machine_now())


def _move(job_id: int, source: JobState, worker_id: int | None = None, /, **values: Any) -> bool:
    """True where the job was in that state and with that worker: of two who move it, one does."""
    moving = update(Job).where(Job.id == job_id, Job.state == source).values(**values)
    if worker_id is not None:
        moving = moving.where(Job.worker_id == worker_id)
    return bool(db.session.execute(moving.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def _forget_failures(name: str, arguments: str, *, but: int) -> None:
    failed = delete(Job).where(Job.name == name, Job.arguments == arguments, Job.state == JobState.FAILED)
    db.session.execute(failed.where(Job.id != but).execution_options(synchronize_session=False))


def forget_old() -> None:
    """Drop what was done days ago, and workers long gone that nothing refers to; the last of each lane is kept."""
    since = machine_now() - KEPT
    db.session.execute(
        delete(Job)
        .where(Job.state == JobState.DONE, Job.finished_at < since)
        .execution_options(synchronize_session=False)
    )
    latest = select(func.max(Worker.id)).group_by(Worker.lane)
    used = select(Job.worker_id).where(Job.worker_id.is_not(None))
    db.session.execute(
        delete(Worker)
        .where(Worker.seen_at < since, Worker.id.not_in(latest), Worker.id.not_in(used))
        .execution_options(synchronize_session=False)
    )


def enlist(lane: Lane, host: str, pid: int, process: str = "") -> int:
    """A worker begins to serve a lane; its number. `process`: what tells its process from a later one of its number."""
    now = machine_now()
    worker = Worker(lane=lane, host=host[:200], pid=pid, process=process[:120], started_at=now, seen_at=now)
    db.session.add(worker)
    db.session.flush()
    return worker.id


def beat(worker_id: int) -> None:
    """The worker is alive; one that was taken for stopped is not."""
    _say(worker_id, seen_at=machine_now(), stopped_at=None)


def sign_off(worker_id: int) -> None:
    """The worker stops in good order, or was found dead."""
    _say(worker_id, stopped_at=machine_now())


def _say(worker_id: int, **values: datetime | None) -> None:
    said = update(Worker).where(Worker.id == worker_id).values(**values)
    db.session.execute(said.execution_options(synchronize_session=False))
