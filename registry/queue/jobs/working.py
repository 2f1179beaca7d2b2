"""A worker: one process that serves one lane, one job after another, until it is told to stop."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from registry.base import following
from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.trouble import trouble_in
from registry.queue import jobs, services
from registry.queue.jobs import lanes, processes
from registry.queue.jobs.lanes import TurnedOutLong
from registry.queue.jobs.minding import Minder
from registry.queue.rules import CRASHED, MOST_ATTEMPTS, UNKNOWN, Lane, Unavailable

log = logging.getLogger(__name__)

LOOKS_EVERY = 0.5
"""Seconds between two looks at an empty queue."""
PAUSE = 5.0
"""Seconds to wait for a database that is away."""
AGAIN_AFTER = timedelta(seconds=30)
"""What failed in a way nobody foresaw is tried again after that, and later each time."""


class Stopped(BaseException):
    """The worker was told to stop while it was at work."""


class LaneWorker:
    """Serves `lane` of the application's queue. A job it is stopped in is given back and not held against it."""

    def __init__(self, app: Flask, lane: Lane) -> None:
        self.app, self.lane = app, lane
        self._stopping, self._interruptible = threading.Event(), False
        self.worker_id = 0

    def serve(self) -> None:
        """Until a signal to end."""
        for number in following.stopping_signals():
            signal.signal(number, self._stop)
        if not self._patiently(self.sign_on):
            return
        minder = Minder(self.app, self.worker_id, self._stopping)
        minder.start()
        log.info("worker %s of the %s lane is at work (process %s)", self.worker_id, self.lane, os.getpid())
        if self.lane is Lane.LONG:
            self._patiently(self._recover)
        while not self._stopping.is_set():
            if not self.work_once():
                self._stopping.wait(LOOKS_EVERY)
        minder.end()
        minder.join(timeout=5)
        self.sign_off()

    def sign_on(self) -> None:
        with self.app.app_context():
            pid = os.getpid()
            self.worker_id = services.enlist(self.lane, socket.gethostname(), pid, processes.mark(pid))
            db.session.commit()

    def sign_off(self) -> None:
        """Whoever cannot say so is missed: the process is gone."""
        try:
            with self.app.app_context():
                services.sign_off(self.worker_id)
                db.session.commit()
        except SQLAlchemyError as error:
            log.warning("worker %s could not sign off: %s", self.worker_id, type(error).__name__)

    def _recover(self) -> None:
        with self.app.app_context():
            jobs.recover()

    def _patiently(self, step: Callable[[], None]) -> bool:
        """Take a step of the beginning as soon as the database lets us; False where we are told to stop before."""
        while not self._stopping.is_set():
            try:
                step()
            except Exception as error:
                if not trouble_in(error):
                    raise
                log.warning("the worker of the %s lane waits for the database: %s", self.lane, type(error).__name__)
                self._stopping.wait(PAUSE)
            else:
                return True
        return False

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping.set()
        if self._interruptible:
            self._interruptible = False
            raise Stopped

    def work_once(self) -> bool:
        """Take a job and do it; False where there was none, or the database could not be asked."""
        try:
            with self.app.app_context():
                job = services.take(self.lane, self.worker_id)
                taken = CurrentJob(job.id, job.name, job.arguments, job.attempts) if job else None
                db.session.commit()
        except SQLAlchemyError as error:
            log.warning("the queue could not be read: %s", type(error).__name__)
            self._stopping.wait(PAUSE)
            return False
        if taken is not None:
            self._do(taken)
        return taken is not None

    def _do(self, job: CurrentJob) -> None:
        try:
            arguments = job.checked()
        except ValueError:
            log.error("job %s is none of ours and is not run: %.100r", job.id, job.name)  # noqa: TRY400 - no fault of code
            self._settle(services.fail, job, UNKNOWN)
            return
        try:
            if job.attempt > MOST_ATTEMPTS:
                self._end(job, arguments, RegistryError(CRASHED, times=MOST_ATTEMPTS))
            else:
                self._run(job, arguments)
                self._settle(services.finish, job)
        except Stopped:
            self._settle(services.give_back, job, attempts=job.attempt - 1)
        except TurnedOutLong:
            self._settle(services.give_back, job, lane=Lane.LONG, attempts=0)
        except Exception as error:  # noqa: BLE001 - it is logged there
            self._failed(job, arguments, error)

    def _failed(self, job: CurrentJob, arguments: list[int | str], error: Exception) -> None:
        """Later again; at last with the reason: where the database or the disk was in trouble it is not the work."""
        if trouble := trouble_in(error):
            log.warning("job %s (%s, attempt %s): the database is %s", job.id, job.name, job.attempt, trouble)
        else:
            log.error("job %s (%s, attempt %s) failed", job.id, job.name, job.attempt, exc_info=error)
        if job.attempt < MOST_ATTEMPTS:
            self._settle(services.give_back, job, after=job.attempt * AGAIN_AFTER)
        elif trouble:
            self._end(job, arguments, Unavailable(times=MOST_ATTEMPTS))
        else:
            self._end(job, arguments, RegistryError(CRASHED, times=MOST_ATTEMPTS))

    def _run(self, job: CurrentJob, arguments: list[int | str]) -> None:
        with self.app.app_context():
            token = lanes.serving.set(self.lane)
            self._interruptible = True
            try:
                if self._stopping.is_set():
                    raise Stopped
                jobs.run(job.name, arguments)
            finally:
                self._interruptible = False
                lanes.serving.reset(token)

    def _end(self, job: CurrentJob, arguments: list[int | str], error: RegistryError) -> None:
        """Say that it cannot be done where somebody looks for it; the offending data is not needed for that."""
        try:
            with self.app.app_context():
                is_ours = services.is_held(job.id, self.worker_id)
                db.session.rollback()
                if is_ours:  # else another worker was given it, and is at it
                    jobs.end(job.name, arguments, error)
        except Exception:  # the job's own row still says it
            log.exception("job %s (%s) could not be ended on its page", job.id, job.name)
        self._settle(services.fail, job, str(error))

    def _settle(self, verb: Callable[..., None], job: CurrentJob, *given: Any, **values: Any) -> None:
        """Write what became of the job; while the database is away, wait for it."""
        while True:
            try:
                with self.app.app_context():
                    verb(job.id, self.worker_id, *given, **values)
                    db.session.commit()
                return
            except SQLAlchemyError as error:
                log.warning("what became of job %s could not be written yet: %s", job.id, type(error).__name__)
                if self._stopping.wait(PAUSE):
                    return  # the next worker finds it without one


class CurrentJob(NamedTuple):
    """A job as it stood in the queue."""

    id: int
    name: str
    packed: str
    attempt: int

    def checked(self) -> list[int | str]:
        """Its arguments. Raises ValueError where name or arguments are none of ours."""
        arguments = services.unpacked(self.packed)
        jobs.checked(self.name, arguments)
        return arguments
