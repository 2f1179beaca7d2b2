"""The queue and its workers: what waits in which order, what a batch's page says of its place, who is alive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, func, or_, select

from registry.base.clocks import SHANGHAI
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.pending import Pending
from registry.base.permissions import Actor, can
from registry.queue.models import Job, Worker
from registry.queue.rules import LOST_AFTER, JobState, Lane, Waiting, in_turn

_KEPT = (JobState.WAITING, JobState.RUNNING, JobState.FAILED)


def machine_now() -> datetime:
    """The machine's own time: a queue runs by it, whatever day the application plays."""
    return datetime.now(SHANGHAI)


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """How it stands with one piece of work. `before`: so many go before it; None while it runs or where it failed.

    `is_served`: a worker of its lane is alive; else `dead_since` says since when none is, None where none ever was.
    `behind_own`: its office has another one at work.
    """

    state: JobState | None
    lane: Lane
    before: int | None = None
    behind_own: bool = False
    attempts: int = 0
    reason: str = ""
    is_served: bool = True
    dead_since: datetime | None = None


def standing(names: Iterable[str], arguments: str) -> QueuePosition:
    """Of the latest job of one of these names with these arguments; `state` None where none is queued (yet)."""
    wanted = select(Job).where(Job.name.in_(tuple(names)), Job.arguments == arguments, Job.state.in_(_KEPT))
    job = db.session.scalars(wanted.order_by(Job.id.desc()).limit(1)).first()
    lane = Lane(job.lane) if job else Lane.SHORT
    alive = is_served(lane)
    seen = None if alive else last_seen(lane)
    if job is None:
        return QueuePosition(None, lane, is_served=alive, dead_since=seen)
    before, behind_own = _place(job) if job.state == JobState.WAITING else (None, False)
    return QueuePosition(JobState(job.state), lane, before, behind_own, job.attempts, job.reason, alive, seen)


def _place(job: Job) -> tuple[int, bool]:
    """How many go before it, those at work included; and whether one of them is its own office's, at work."""
    running = list(db.session.scalars(select(Job.office_id).where(Job.lane == job.lane, Job.state == JobState.RUNNING)))
    order = [waiting.id for waiting in in_turn(waiting(job.lane), served(job.lane))]
    before = order.index(job.id) if job.id in order else 0
    return before + len(running), job.office_id is not None and job.office_id in running


def waiting(lane: str, *, due: datetime | None = None) -> list[Waiting]:
    """What waits in a lane; with `due` only what may be begun by then."""
    rows = select(Job.id, Job.office_id).where(Job.lane == lane, Job.state == JobState.WAITING)
    if due is not None:
        rows = rows.where(or_(Job.not_before.is_(None), Job.not_before <= due))
    return [Waiting(number, office_id) for number, office_id in db.session.execute(rows)]


def served(lane: str) -> dict[int | None, datetime]:
    """Office -> when its last job in this lane was begun."""
    rows = select(Job.office_id, func.max(Job.started_at)).where(Job.lane == lane, Job.started_at.is_not(None))
    return {office_id: at for office_id, at in db.session.execute(rows.group_by(Job.office_id)) if at}


def running_offices(lane: str) -> set[int | None]:
    rows = select(Job.office_id).where(Job.lane == lane, Job.state == JobState.RUNNING)
    return set(db.session.scalars(rows))


def last_seen(lane: str) -> datetime | None:
    """When a worker of this lane was last heard of; None where there never was one."""
    return db.session.scalar(select(func.max(Worker.seen_at)).where(Worker.lane == lane))


def is_served(lane: str) -> bool:
    """Whether a worker of this lane is alive: heard of lately, and not stopped."""
    since = machine_now() - LOST_AFTER
    alive = select(Worker.id).where(Worker.lane == lane, Worker.stopped_at.is_(None), Worker.seen_at >= since)
    return db.session.scalar(alive.limit(1)) is not None


def is_alive(worker: Worker) -> bool:
    """The same of one worker."""
    return worker.stopped_at is None and machine_now() - worker.seen_at <= LOST_AFTER


def failed(job_id: int) -> Select[Job]:
    return select(Job).where(Job.id == job_id, Job.state == JobState.FAILED)


def workers() -> Select[Worker]:
    return select(Worker).order_by(Worker.stopped_at.is_not(None), Worker.seen_at.desc(), Worker.id)


def listed() -> Select[Job]:
    """What waits, runs or could not be done, in that order."""
    order = {JobState.RUNNING: 0, JobState.WAITING: 1, JobState.FAILED: 2}
    return select(Job).where(Job.state.in_(_KEPT)).order_by(case(order, value=Job.state), Job.id)


def is_waiting(name: str, arguments: str) -> bool:
    found = select(Job.id).where(Job.name == name, Job.arguments == arguments, Job.state == JobState.WAITING).limit(1)
    return db.session.scalar(found) is not None


def is_known(name: str, arguments: str) -> bool:
    """Whether the queue holds this job in any state but done."""
    found = select(Job.id).where(Job.name == name, Job.arguments == arguments, Job.state.in_(_KEPT)).limit(1)
    return db.session.scalar(found) is not None


def queued_since(name: str, moment: datetime) -> bool:
    """Whether a job of this name was queued at or after `moment`."""
    return db.session.scalar(select(Job.id).where(Job.name == name, Job.queued_at >= moment).limit(1)) is not None


# -- what waits for somebody ----------------------------------------------------------------------
def could_not(actor: Actor) -> Select[Job] | None:
    """Jobs that could not be done: somebody has to look, and puts them into the queue again."""
    if not can(actor, "job.list"):
        return None
    return select(Job).where(Job.state == JobState.FAILED).order_by(Job.queued_at, Job.id)


WAITING = (Pending("job", N_("未能完成的后台任务"), "jobs.listing", could_not),)
