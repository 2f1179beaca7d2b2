"""A database that is locked or away for a while is no fault of a file: the queue tries again, and all is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from registry.base import sqlite
from registry.base.extensions import db, queue
from registry.base.vocabulary import BatchState
from registry.firms.models.firms import Firm
from registry.imports.models import ImportBatch
from registry.imports.services import applying, batches, staging, undoing
from registry.people.queries import people
from registry.queue import jobs as work
from registry.queue import services
from registry.queue.jobs import minding, processes, working
from registry.queue.jobs.minding import Minder
from registry.queue.models import Job, Worker
from registry.queue.rules import MOST_ATTEMPTS, JobState, Lane
from registry.workbooks import jobs
from registry.workbooks.models import WorkbookReturn
from registry.workbooks.rules import ReturnState
from registry.workbooks.services import returns
from tests.queue.test_queue import _queued, drained, queue_now, received, state_of, worker
from tests.workbooks.filled import changed, issued, put
from tests.world import NOW, World

__all__ = ["_queued"]  # jobs wait for a worker, as in life


def busy() -> OperationalError:
    """As it comes from a lock that somebody held for too long."""
    said = sqlite.DRIVER.OperationalError("database is locked")
    said.sqlite_errorcode = 5
    return OperationalError("BEGIN IMMEDIATE", {}, said)


class Away:
    """The work of a service breaks off after a turn, so many times."""

    def __init__(self, work: Callable[..., Iterator[Any]], times: int) -> None:
        self.work, self.times = work, times

    def __call__(self, *given: Any, **named: Any) -> Iterator[Any]:
        for turn in self.work(*given, **named):
            if self.times:
                self.times -= 1
                yield turn
                raise busy()
            yield turn


def due() -> None:
    db.session.query(Job).update({"not_before": None})
    db.session.commit()


def test_a_list_whose_check_met_a_lock_is_checked_later(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, one = received(world), worker(app)
    monkeypatch.setattr(staging, "stage", Away(staging.stage, 1))
    assert drained(one) == 1
    assert (state_of(number), queue_now()) == (BatchState.CHECKING, [("check_batch", "short", "waiting", 1)])
    assert drained(one) == 0  # it waits before it is begun again
    due()
    assert drained(one) == 1
    assert (state_of(number), queue_now()) == (BatchState.CHECKED, [])


def test_a_list_that_met_a_lock_each_time_is_kept_with_the_reason(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, one = received(world), worker(app)
    monkeypatch.setattr(staging, "stage", Away(staging.stage, MOST_ATTEMPTS))
    for _ in range(MOST_ATTEMPTS):
        assert drained(one) == 1
        due()
    assert queue_now() == [("check_batch", "short", "failed", MOST_ATTEMPTS)]
    batch = db.session.get_one(ImportBatch, number)
    assert (batch.state, batches.size_of(batch.stored_name) > 0) == (BatchState.WAITING, True)
    assert batch.message % batch.message_values == (
        "数据库或磁盘连续 3 次无法使用，这一件没有办完；文件和已办的部分都还在。请告知系统管理员。"
    )
    services.retry(db.session.scalars(select(Job)).one())
    assert drained(one) == 1
    batch = db.session.get_one(ImportBatch, number)
    assert (batch.state, batch.new, batch.message) == (BatchState.CHECKED, 2, "")


@pytest.mark.parametrize("times", [1, MOST_ATTEMPTS])
def test_an_import_is_not_taken_back_for_a_lock(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    number, one = received(world, many=70), worker(app)
    drained(one)
    order(world, number, "apply")
    monkeypatch.setattr(applying, "turns", Away(applying.turns, times))
    for _ in range(times):
        assert drained(one) == 1
        due()
    batch = db.session.get_one(ImportBatch, number)
    assert (batch.state, batch.arriving) == (BatchState.APPLYING, True)
    if times == MOST_ATTEMPTS:
        assert batch.message.startswith("数据库或磁盘连续 %(times)s 次无法使用")
        services.retry(db.session.scalars(select(Job).where(Job.state == JobState.FAILED)).one())
    assert drained(one) >= 1
    batch = db.session.get_one(ImportBatch, number)
    assert (batch.state, batch.message, db.session.query(Firm).count()) == (BatchState.APPLIED, "", 70)


def order(world: World, number: int, what: str) -> None:
    batches.order(world.actor("haifeng"), db.session.get_one(ImportBatch, number), what, at=NOW)
    db.session.commit()
    queue.enqueue({"apply": "apply_batch", "undo": "undo_batch"}[what], number)


def test_an_undoing_that_met_a_lock_goes_on(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number, one = received(world, many=70), worker(app)
    drained(one)
    order(world, number, "apply")
    drained(one)
    order(world, number, "undo")
    monkeypatch.setattr(undoing, "turns", Away(undoing.turns, 1))
    assert drained(one) == 1
    assert state_of(number) == BatchState.UNDOING
    due()
    drained(one)
    assert state_of(number) == BatchState.UNDONE


def test_a_workbook_that_met_a_lock_is_kept(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = world.firm("海丰县云谷软件有限公司", activity="软件开发")
    kept = batches.keep([changed(issued(), put(firm, "主营业务", "应用软件开发"))])
    office, one = people.user("haifeng").office, worker(app)
    number = returns.receive(world.actor("haifeng"), office, kept, filename="簿.xlsx", at=NOW).id
    db.session.commit()
    compare = jobs.comparing.compare

    def locked(*_: Any, **__: Any) -> Any:
        raise busy()

    queue.enqueue("compare_workbook", number)
    monkeypatch.setattr(jobs.comparing, "compare", locked)
    for _ in range(MOST_ATTEMPTS):
        assert drained(one) == 1
        due()
    row = db.session.get_one(WorkbookReturn, number)
    assert (row.state, batches.size_of(row.stored_name) > 0) == (ReturnState.WAITING, True)
    monkeypatch.setattr(jobs.comparing, "compare", compare)
    services.retry(db.session.scalars(select(Job)).one())
    assert drained(one) == 1
    row = db.session.get_one(WorkbookReturn, number)
    assert (row.state, row.message) == (ReturnState.COMPARED, "")
    _and_written(world, one, row, monkeypatch)


def _and_written(world: World, one: working.LaneWorker, row: WorkbookReturn, monkeypatch: pytest.MonkeyPatch) -> None:
    number, write = row.id, jobs.Application._write
    returns.order(world.actor("haifeng"), row, "apply", at=NOW)
    db.session.commit()
    queue.enqueue("apply_workbook", number)

    def locked(*_: Any) -> None:
        raise busy()

    monkeypatch.setattr(jobs.Application, "_write", locked)
    assert drained(one) == 1
    assert db.session.get_one(WorkbookReturn, number).state == ReturnState.APPLYING
    monkeypatch.setattr(jobs.Application, "_write", write)
    due()
    assert drained(one) == 1
    assert db.session.get_one(WorkbookReturn, number).state == ReturnState.APPLIED


def test_who_lost_the_job_meanwhile_refuses_nothing(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number, one, other = received(world), worker(app), worker(app)

    def lost(*_: Any) -> None:
        db.session.query(Job).update({"worker_id": other.worker_id})
        db.session.commit()
        raise LookupError

    db.session.query(Job).update({"attempts": MOST_ATTEMPTS - 1})
    monkeypatch.setattr(work, "run", lost)
    assert drained(one) == 1
    assert (state_of(number), queue_now()) == (BatchState.WAITING, [("check_batch", "short", "running", 3)])


# -- the worker itself --------------------------------------------------------------------------------
def test_a_lock_at_the_start_does_not_end_a_worker(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = received(world, long=True)
    enlist, recover, stop = services.enlist, work.recover, {"enlist": 2, "recover": 2}

    def late(what: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def begin(*given: Any, **named: Any) -> Any:
            if stop[what]:
                stop[what] -= 1
                raise busy()
            return work(*given, **named)

        return begin

    monkeypatch.setattr(services, "enlist", late("enlist", enlist))
    monkeypatch.setattr(work, "recover", late("recover", recover))
    monkeypatch.setattr(working, "PAUSE", 0.0)
    monkeypatch.setattr(Minder, "mind", lambda *_: None)
    one = working.LaneWorker(app, Lane.LONG)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    run = one._run

    def last(*given: Any) -> None:
        run(*given)
        one._stopping.set()

    monkeypatch.setattr(one, "_run", last)
    db.session.commit()
    one.serve()
    assert (stop, state_of(number)) == ({"enlist": 0, "recover": 0}, BatchState.CHECKED)
    assert db.session.get_one(Worker, one.worker_id).stopped_at is not None


def test_a_worker_that_was_told_to_stop_beats_until_its_job_is_done(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was silent before, was taken for dead after a minute, and its job was begun a second time beside it."""
    db.session.commit()
    beaten, enough = [], threading.Event()

    def beat(number: int) -> None:
        beaten.append(number)
        if len(beaten) == 3:
            enough.set()

    monkeypatch.setattr(services, "beat", beat)
    monkeypatch.setattr(minding, "BEATS_EVERY", 0.01)
    stopping = threading.Event()
    stopping.set()
    minder = Minder(app, 1, stopping)
    minder.start()
    assert enough.wait(30)
    assert minder.is_alive()
    minder.end()
    minder.join(30)
    assert not minder.is_alive()


@pytest.mark.skipif(not processes.mark(os.getpid()), reason="no /proc")
def test_a_process_that_is_seen_to_live_is_not_lost_however_silent(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    received(world)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        other = services.enlist(Lane.SHORT, minding.socket.gethostname(), process.pid, processes.mark(process.pid))
        db.session.commit()
        assert services.take(Lane.SHORT, other) is not None
        db.session.commit()
        minder, clock = Minder(app, worker(app).worker_id, threading.Event()), [1000.0]
        monkeypatch.setattr(minding.time, "monotonic", lambda: clock[0])
        for seconds in (0, 61, 600):
            clock[0] += seconds
            minder.take_back()
            assert queue_now() == [("check_batch", "short", "running", 1)]
        process.kill()
        while processes.mark(process.pid):  # until it is dead, whether or not somebody asked after it
            pass
        minder.take_back()
        assert queue_now() == [("check_batch", "short", "waiting", 1)]


@pytest.mark.skipif(not processes.mark(os.getpid()), reason="no /proc")
def test_another_process_of_the_same_number_is_another(world: World) -> None:
    mine = processes.mark(os.getpid())
    room, _, moment = mine.rpartition(":")
    assert processes.is_there(os.getpid(), mine) is True
    assert processes.is_there(os.getpid(), f"{room}:{int(moment) - 1}") is False
    assert processes.is_there(os.getpid(), f"elsewhere:{moment}") is None
    assert processes.is_there(os.getpid(), "") is None
