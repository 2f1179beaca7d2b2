"""What a worker minds beside its job: it shows that it lives, puts what is due, and takes up what dead workers left."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from registry.base import sqlite
from registry.base.extensions import db
from registry.base.parts import Due
from registry.queue import jobs, queries, services
from registry.queue.jobs import processes
from registry.queue.models import Job, Worker
from registry.queue.rules import LOST_AFTER, JobState

log = logging.getLogger(__name__)

BEATS_EVERY = 10.0
RECOVERS_EVERY = 6
"""Beats between two looks for work that is in no queue."""


def _nightly(now: datetime) -> datetime:
    """Shortly after midnight in Shanghai."""
    due = now.replace(hour=16, minute=10, second=0, microsecond=0)
    return due if due <= now else due - timedelta(days=1)


def _hourly(now: datetime) -> datetime:
    due = now.replace(minute=20, second=0, microsecond=0)
    return due if due <= now else due - timedelta(hours=1)


def _every_minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


# How often a job is due -> when it was due last, at a moment in UTC. All such jobs are harmless to repeat.
LAST_DUE: dict[Due, Callable[[datetime], datetime]] = {
    Due.NIGHT: _nightly,
    Due.HOUR: _hourly,
    Due.MINUTE: _every_minute,
}


class Minder(threading.Thread):
    """Beats until `end`, which the worker calls after its last job.

    A worker that is stopping still is at work: silent, it would be taken for dead and its job be begun a second time.
    """

    def __init__(self, app: Flask, worker_id: int, stopping: threading.Event) -> None:
        super().__init__(name="minder", daemon=True)
        self.app, self.worker_id, self.stopping = app, worker_id, stopping
        self._ended = threading.Event()
        self._watched: dict[int, tuple[datetime, float]] = {}

    def run(self) -> None:
        beats = 0
        while not self._ended.wait(BEATS_EVERY if beats else 0):
            try:
                with self.app.app_context():
                    self.mind(beats)
            except SQLAlchemyError as error:  # away, or locked for long: the next beat tries again
                log.warning("worker %s could not be minded: %s", self.worker_id, type(error).__name__)
            except Exception:  # a worker that does not mind would be taken for dead
                log.exception("worker %s could not be minded", self.worker_id)
            beats += 1

    def end(self) -> None:
        """The worker has done its last job."""
        self._ended.set()

    def mind(self, beats: int = 0) -> None:
        """One beat; while the worker is stopping it only shows that it is still at work."""
        services.beat(self.worker_id)
        db.session.commit()
        if self.stopping.is_set():
            return
        put_due(datetime.now(UTC))
        self.take_back()
        if beats % RECOVERS_EVERY == 0:
            jobs.recover(starting=False)
            services.forget_old()
            db.session.commit()

    def take_back(self) -> None:
        """Jobs whose worker is gone wait again; that they were begun is remembered."""
        with sqlite.reading():
            others = select(Job.id, Job.name, Job.attempts, Worker).join(Worker, Worker.id == Job.worker_id)
            rows = db.session.execute(others.where(Job.state == JobState.RUNNING, Worker.id != self.worker_id))
            lost = [
                (job_id, name, attempts, worker.id) for job_id, name, attempts, worker in rows if self._is_lost(worker)
            ]
            db.session.rollback()
        for job_id, name, attempts, worker_id in lost:
            log.warning("worker %s died with job %s (%s, attempt %s)", worker_id, job_id, name, attempts)
            services.give_back(job_id, worker_id)
            services.sign_off(worker_id)
            db.session.commit()

    def _is_lost(self, worker: Worker) -> bool:
        """Stopped, or its process is not on this machine any more, or silent for as long as we have watched it.

        Watched by this process's own clock: neither a wrong clock elsewhere nor a database that was locked makes a
        living worker a dead one. A process that is seen to live here is not lost, however silent: it is at work.
        """
        if worker.stopped_at is not None:
            return True
        is_there = self._is_there(worker)
        return not is_there if is_there is not None else self._is_silent(worker)

    def _is_there(self, worker: Worker) -> bool | None:
        """Whether its process lives; None where that cannot be told from here."""
        if worker.host != socket.gethostname()[:200]:
            return None
        if worker.process:
            return processes.is_there(worker.pid, worker.process)
        return None if processes.is_running(worker.pid) else False

    def _is_silent(self, worker: Worker) -> bool:
        seen, since = self._watched.get(worker.id, (None, 0.0))
        if seen != worker.seen_at:
            self._watched[worker.id] = (worker.seen_at, time.monotonic())
            return False
        return time.monotonic() - since > LOST_AFTER.total_seconds()


def put_due(now: datetime) -> None:
    """Queue what the clock asks for and nobody queued since; a worker that was down misses nothing."""
    for name, (_feature, job) in jobs.declared().jobs.items():
        if job.due is None:
            continue
        with sqlite.reading():
            is_done = queries.queued_since(name, LAST_DUE[job.due](now))
            db.session.rollback()
        if not is_done:
            jobs.put(name)
