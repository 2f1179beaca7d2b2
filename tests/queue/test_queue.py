"""The queue: plain data in two lanes, offices by turns, and no job lost with its worker, nor begun for ever."""

from __future__ import annotations

import pickle
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from registry.base.extensions import db, queue
from registry.base.parts import resolve
from registry.base.vocabulary import BatchState
from registry.imports.models import ImportBatch
from registry.imports.services import batches
from registry.people.queries import people
from registry.queue import jobs, queries, services
from registry.queue.jobs import minding, recover
from registry.queue.jobs.lanes import TurnedOutLong
from registry.queue.jobs.minding import Minder, put_due
from registry.queue.jobs.working import LaneWorker
from registry.queue.models import Job, Worker
from registry.queue.rules import MOST_ATTEMPTS, SHORT_BYTES, SHORT_ROWS, JobState, Lane
from tests.uploads import listed
from tests.world import NOW, World, credit_code

ADDRESS = "海丰县海城镇人民路8号"


@pytest.fixture(autouse=True)
def _queued(app: Flask) -> None:
    """Jobs wait for a worker, as in life."""
    app.config["JOBS_IMMEDIATE"] = False
    jobs.switch(app)


def rows(count: int) -> bytes:
    return listed([(f"海丰县梅陇第{n}科技有限公司", credit_code(100 + n), ADDRESS) for n in range(count)])


def received(world: World, *, many: int = 2, long: bool = False, by: str = "haifeng") -> int:
    """A list that waits to be checked, its job in the queue."""
    kept = batches.keep([rows(many), b"\n" * (SHORT_BYTES if long else 0)])
    batch = batches.receive(world.actor(by), people.user(by).office, kept, filename="名单.csv", year=2021, at=NOW)
    number = batch.id
    db.session.commit()
    queue.enqueue("check_batch", number)
    return number


def worker(app: Flask, lane: Lane = Lane.SHORT) -> LaneWorker:
    db.session.commit()
    made = LaneWorker(app, lane)
    made.sign_on()
    return made


def drained(one: LaneWorker) -> int:
    """How many jobs there were for it."""
    db.session.commit()
    count = 0
    while one.work_once():
        count += 1
    db.session.expire_all()
    return count


def queue_now() -> list[tuple[str, str, str, int]]:
    kept = select(Job.name, Job.lane, Job.state, Job.attempts).where(Job.state != JobState.DONE).order_by(Job.id)
    found = [tuple(row) for row in db.session.execute(kept)]
    db.session.commit()
    return found


def state_of(number: int) -> str:
    db.session.expire_all()
    state = db.session.get_one(ImportBatch, number).state
    db.session.commit()
    return state


def died_with(lane: Lane, *, host: str | None = None) -> int:
    """A worker whose process is gone, with the job that was its turn; the worker's number."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    number = services.enlist(lane, host or socket.gethostname(), ended.pid)
    db.session.commit()
    assert services.take(lane, number) is not None
    db.session.commit()
    return number


# -- plain data ---------------------------------------------------------------------------------------
def test_a_row_that_is_none_of_ours_is_not_run_and_says_so(app: Flask, world: World, tmp_path: Path) -> None:
    """Whoever writes into the queue gets no code run by it: neither a function by its name nor a pickle."""
    mark = tmp_path / "was-run"

    class Hostile:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (str(mark),)

    at = queries.machine_now()
    for name, arguments in (
        ("os:system", f'["touch {mark}"]'),
        ("check_batch", pickle.dumps(Hostile(), 0).decode("latin-1")),
        ("check_batch", '["1"]'),
        ("check_batch", '{"batch_id": 1}'),
        ("check_batch", "[true]"),
        ("check_batch", "[1, 2]"),
        ("scan_pairs", "[1]"),
        ("__class__", "[]"),
    ):
        db.session.add(Job(name=name, arguments=arguments, lane=Lane.SHORT, queued_at=at))
    db.session.flush()
    assert drained(worker(app)) == 8
    assert {(state, attempts) for _, _, state, attempts in queue_now()} == {(JobState.FAILED, 1)}
    assert not mark.exists()


def test_the_former_queue_is_dropped_unread(world: World, tmp_path: Path) -> None:
    from registry.queue.commands.working import _drop_pickles

    former = tmp_path / "jobs.db"
    former.write_bytes(pickle.dumps(object))
    _drop_pickles(former)
    _drop_pickles(former)
    assert not former.exists()


def test_only_a_job_of_ours_is_queued(world: World) -> None:
    for name, arguments in (("os:system", ()), ("check_batch", ("1",)), ("check_batch", ()), ("scan_pairs", (1,))):
        with pytest.raises(jobs.UnknownJob):
            queue.enqueue(name, *arguments)
    assert queue_now() == []


def test_every_job_names_functions_that_are_there(world: World) -> None:
    for feature, job in jobs.declared().jobs.values():
        for place in (job.does, job.ends, job.place):
            assert place is None or callable(resolve(feature, place))
        assert job.due is None or not job.takes
    for feature, place in jobs.declared().unfinished:
        assert callable(resolve(feature, place))


# -- lanes and turns ----------------------------------------------------------------------------------
def test_a_long_list_waits_in_a_lane_of_its_own_and_a_short_one_goes_by(app: Flask, world: World) -> None:
    long, short = received(world, long=True), received(world)
    assert queue_now() == [("check_batch", "long", "waiting", 0), ("check_batch", "short", "waiting", 0)]
    assert drained(worker(app)) == 1
    assert (state_of(long), state_of(short)) == (BatchState.WAITING, BatchState.CHECKED)
    assert drained(worker(app, Lane.LONG)) == 1
    assert (state_of(long), queue_now()) == (BatchState.CHECKED, [])


def test_a_small_file_with_many_rows_changes_over_and_each_row_counts_once(app: Flask, world: World) -> None:
    names = [(" ", "") if n else ("海丰县甲科技有限公司", ADDRESS) for n in range(SHORT_ROWS + 2)]
    kept = batches.keep([listed(names, ("企业名称", "注册地址"))])
    batch = batches.receive(
        world.actor("haifeng"), people.user("haifeng").office, kept, filename="名单.csv", year=2021, at=NOW
    )
    number = batch.id
    db.session.commit()
    queue.enqueue("check_batch", number)
    assert queue_now() == [("check_batch", "short", "waiting", 0)]
    drained(worker(app))
    assert queue_now() == [("check_batch", "long", "waiting", 0)]
    drained(worker(app, Lane.LONG))
    assert state_of(number) == BatchState.CHECKED
    assert db.session.get_one(ImportBatch, number).total == 1


def test_an_office_with_a_long_job_at_work_waits_and_the_others_go_ahead(app: Flask, world: World) -> None:
    first, second = received(world, long=True), received(world, long=True)
    other = received(world, long=True, by="lufeng")
    one, two = worker(app, Lane.LONG), worker(app, Lane.LONG)
    taken = []
    for by in (one, two, two):
        taken.append(services.take(Lane.LONG, by.worker_id))
        db.session.commit()
    assert [job.arguments if job else None for job in taken] == [f"[{first}]", f"[{other}]", None]
    db.session.commit()
    place = queries.standing(("check_batch",), f"[{second}]")
    assert (place.state, place.before, place.behind_own) == (JobState.WAITING, 2, True)


def test_offices_take_turns_whoever_uploaded_more(app: Flask, world: World) -> None:
    mine = [received(world) for _ in range(4)]
    theirs = received(world, by="lufeng")
    db.session.commit()
    places = [queries.standing(("check_batch",), f"[{number}]").before for number in (*mine, theirs)]
    assert places == [0, 2, 3, 4, 1]
    one, order = worker(app), []
    while (job := services.take(Lane.SHORT, one.worker_id)) is not None:
        order.append(int(job.arguments.strip("[]")))
        services.finish(job.id, one.worker_id)
        db.session.commit()
    assert order == [mine[0], theirs, *mine[1:]]


def test_a_newcomer_goes_before_the_rest_of_a_long_row_of_one_office(app: Flask, world: World) -> None:
    mine = [received(world) for _ in range(3)]
    one = worker(app)
    job = services.take(Lane.SHORT, one.worker_id)
    assert job is not None
    services.finish(job.id, one.worker_id)
    db.session.commit()
    theirs = received(world, by="lufeng")
    assert [queries.standing(("check_batch",), f"[{number}]").before for number in (theirs, *mine[1:])] == [0, 1, 2]


def test_the_same_job_is_queued_once_while_it_waits(app: Flask, world: World) -> None:
    for _ in range(3):
        queue.enqueue("scan_pairs")
    assert queue_now() == [("scan_pairs", "long", "waiting", 0)]


# -- workers that die ---------------------------------------------------------------------------------
def test_a_job_whose_worker_was_killed_is_taken_up_by_the_next(app: Flask, world: World) -> None:
    number = received(world)
    dead = died_with(Lane.SHORT)
    one = worker(app)
    assert drained(one) == 0
    Minder(app, one.worker_id, one._stopping).take_back()
    assert queue_now() == [("check_batch", "short", "waiting", 1)]
    assert drained(one) == 1
    assert (state_of(number), queue_now()) == (BatchState.CHECKED, [])
    assert db.session.get_one(Worker, dead).stopped_at is not None


def test_a_job_that_kills_its_worker_again_and_again_ends_with_its_reason(app: Flask, world: World) -> None:
    number = received(world)
    one = worker(app)
    for _ in range(MOST_ATTEMPTS):
        died_with(Lane.SHORT)
        Minder(app, one.worker_id, one._stopping).take_back()
    assert drained(one) == 1
    assert queue_now() == [("check_batch", "short", "failed", MOST_ATTEMPTS + 1)]
    assert state_of(number) == BatchState.REFUSED
    batch = db.session.get_one(ImportBatch, number)
    assert batch.message % batch.message_values == (
        "后台处理这一件时连续 3 次意外中断，已停止处理，没有再动名录。请联系系统管理员。"
    )
    recover(starting=False)
    assert drained(one) == 0


@pytest.mark.parametrize(
    "state, job, after",
    [(BatchState.APPLYING, "apply_batch", BatchState.CHECKED), (BatchState.UNDOING, "undo_batch", BatchState.APPLIED)],
)
def test_an_order_that_kills_its_worker_leaves_the_batch_as_it_was(
    app: Flask, world: World, state: BatchState, job: str, after: BatchState
) -> None:
    number = received(world)
    one = worker(app)
    drained(one)
    db.session.get_one(ImportBatch, number).state = state
    db.session.commit()
    queue.enqueue(job, number)
    db.session.query(Job).filter(Job.name == job).update({"attempts": MOST_ATTEMPTS})
    assert drained(one) == 1
    assert (state_of(number), queue_now()) == (after, [(job, "short", "failed", MOST_ATTEMPTS + 1)])


def test_a_worker_elsewhere_is_dead_only_when_it_was_watched_to_be_silent(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its clock may be wrong: what counts is that nothing moved for as long as we looked."""
    received(world)
    far = died_with(Lane.SHORT, host="elsewhere")
    db.session.query(Worker).filter(Worker.id == far).update({"seen_at": queries.machine_now() - timedelta(days=1)})
    db.session.commit()
    one = worker(app)
    minder, clock = Minder(app, one.worker_id, one._stopping), [1000.0]
    monkeypatch.setattr(minding.time, "monotonic", lambda: clock[0])
    states = []
    for seconds, beats in ((0, False), (59, False), (2, True), (59, False)):
        clock[0] += seconds
        if beats:
            services.beat(far)
            db.session.commit()
        minder.take_back()
        states.append(queue_now()[0][2])
    assert states == ["running"] * 4
    clock[0] += 2
    minder.take_back()
    assert queue_now() == [("check_batch", "short", "waiting", 1)]


def test_a_worker_that_is_told_to_stop_gives_its_job_back_and_it_is_not_held_against_it(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    received(world)
    one = worker(app)
    one._stopping.set()
    one.work_once()
    assert queue_now() == [("check_batch", "short", "waiting", 0)]


def test_what_a_taken_back_worker_still_says_changes_nothing(app: Flask, world: World) -> None:
    """It was taken for dead and lives: the job is another's by now."""
    received(world)
    dead = died_with(Lane.SHORT)
    job_id = db.session.scalar(select(Job.id))
    assert job_id is not None
    services.give_back(job_id, dead)
    services.finish(job_id, dead)
    assert queue_now() == [("check_batch", "short", "waiting", 1)]


def test_a_job_whose_own_handler_fails_is_tried_again_and_then_ends(
    app: Flask, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A batch that is not there: nothing can be said on it, so the queue says it."""
    queue.enqueue("check_batch", 4711)
    one = worker(app)
    for _ in range(MOST_ATTEMPTS):
        assert drained(one) == 1
        db.session.query(Job).update({"not_before": None})
    assert queue_now() == [("check_batch", "short", "failed", MOST_ATTEMPTS)]
    assert "4711" not in str(db.session.scalars(select(Job.reason)).one())


def test_work_that_is_in_no_queue_is_put_back_and_what_is_queued_is_left(app: Flask, world: World) -> None:
    lost, known = received(world), received(world)
    db.session.execute(text("delete from job where arguments = :lost"), {"lost": f"[{lost}]"})
    db.session.commit()
    recover(starting=False)
    recover(starting=False)
    assert sorted(db.session.scalars(select(Job.arguments))) == sorted([f"[{lost}]", f"[{known}]"])


# -- the clock ----------------------------------------------------------------------------------------
def test_what_the_clock_asks_for_is_put_once_and_what_was_missed_is_made_up_for(world: World) -> None:
    now = queries.machine_now()
    for _ in range(2):
        put_due(now)
    assert sorted(name for name, *_ in queue_now()) == sorted(
        name for name, (_feature, job) in jobs.declared().jobs.items() if job.due
    )
    db.session.query(Job).update({"state": JobState.DONE, "finished_at": now})
    db.session.commit()
    put_due(now)
    assert queue_now() == []
    db.session.query(Job).update({"queued_at": now - timedelta(hours=2)})
    db.session.commit()
    put_due(now)
    assert {"send_letters", "nudge_overdue"} <= {name for name, *_ in queue_now()}


def test_what_is_long_done_is_forgotten_and_what_failed_is_not(app: Flask, world: World) -> None:
    at = queries.machine_now() - timedelta(days=3)
    for state in (JobState.DONE, JobState.FAILED):
        job = Job(name="scan_pairs", arguments="[]", lane=Lane.LONG, state=state, queued_at=at, finished_at=at)
        db.session.add(job)
    gone, last = (services.enlist(Lane.LONG, "here", pid) for pid in (1, 2))
    db.session.query(Worker).update({"seen_at": at})
    services.forget_old()
    assert list(db.session.scalars(select(Job.state))) == [JobState.FAILED]
    assert list(db.session.scalars(select(Worker.id))) == [last]
    assert gone != last


def test_a_job_knows_when_it_is_too_long_for_its_lane() -> None:
    from registry.queue.jobs import lanes

    lanes.needs(10 * SHORT_ROWS)
    token = lanes.serving.set(Lane.SHORT)
    try:
        lanes.needs(SHORT_ROWS)
        with pytest.raises(TurnedOutLong):
            lanes.needs(SHORT_ROWS + 1)
    finally:
        lanes.serving.reset(token)


def test_counting_what_is_queued_needs_no_lock(world: World) -> None:
    assert db.session.scalar(select(func.count(Job.id))) == 0
