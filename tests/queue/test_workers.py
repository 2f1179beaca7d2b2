"""`registry worker` as it runs in life: processes, and one of them killed in the middle of its work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base import sqlite
from registry.base.extensions import db, queue
from registry.base.vocabulary import BatchState
from registry.imports.models import ImportBatch
from registry.queue import jobs
from registry.queue.models import Job, Worker
from registry.queue.rules import JobState
from tests.queue.test_queue import received
from tests.world import World

PATIENCE = 200
MORE_THAN_A_LOOK_TAKES = 20_000
"""Rows that no machine checks between two looks at how far it is."""


@pytest.fixture
def keeper(app: Flask, database: str, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with both lanes on the test's database."""
    app.config["JOBS_IMMEDIATE"] = False
    jobs.switch(app)
    environment = {**os.environ, "REGISTRY_DATABASE_URL": database, "REGISTRY_INSTANCE": str(tmp_path)}
    environment |= {"REGISTRY_UPLOADS": str(tmp_path / "uploads"), "REGISTRY_TODAY": "2021-10-15"}
    process = subprocess.Popen([sys.executable, "-m", "registry", "worker"], env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def until(condition: Callable[[], bool]) -> bool:
    """Whether it came true within a time that is ample on a slow machine."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        with sqlite.reading():  # the workers want the lock
            is_so = condition()
            db.session.rollback()
        if is_so:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_killed_worker_is_started_again_and_its_job_is_done(world: World, keeper: subprocess.Popen[bytes]) -> None:
    number = received(world, many=3_000)

    def batch() -> ImportBatch:
        return db.session.get_one(ImportBatch, number)

    assert until(lambda: batch().state == BatchState.CHECKING and batch().done > 0)
    job = db.session.scalars(select(Job).where(Job.state == JobState.RUNNING, Job.name == "check_batch")).one()
    killed = db.session.get_one(Worker, job.worker_id or 0)
    job_id, pid, killed_id = job.id, killed.pid, killed.id
    db.session.rollback()
    os.kill(pid, signal.SIGKILL)
    assert until(lambda: batch().state == BatchState.CHECKED)
    assert until(lambda: db.session.get_one(Job, job_id).state == JobState.DONE)
    assert (batch().new, batch().total) == (3_000, 3_000)
    assert (job.attempts, job.worker_id != killed_id) == (2, True)
    assert keeper.poll() is None
    db.session.rollback()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_worker_told_to_stop_gives_back_what_it_was_at(world: World, keeper: subprocess.Popen[bytes]) -> None:
    number = received(world, many=MORE_THAN_A_LOOK_TAKES)
    assert until(lambda: db.session.get_one(ImportBatch, number).done > 0)
    keeper.terminate()
    assert keeper.wait(60) == 0
    db.session.expire_all()
    job = db.session.scalars(select(Job).where(Job.name == "check_batch")).one()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    assert all(worker.stopped_at for worker in db.session.scalars(select(Worker)))
    queue.enqueue("check_batch", number)
    assert len(db.session.scalars(select(Job).where(Job.name == "check_batch")).all()) == 1
