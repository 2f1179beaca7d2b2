"""What pages say of the queue, and the administrator's page of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.base.extensions import db, queue
from registry.imports.services import batches
from registry.people.queries import people
from registry.queue import jobs, services
from registry.queue.models import Job, Worker
from registry.queue.queries import machine_now
from registry.queue.rules import JobState, Lane
from registry.site.display import moment
from tests.uploads import listed
from tests.world import NOW, World, post, sign_in


@pytest.fixture(autouse=True)
def _queued(app: Flask) -> None:
    app.config["JOBS_IMMEDIATE"] = False
    jobs.switch(app)


def received(world: World, *, by: str = "haifeng") -> int:
    kept = batches.keep([listed([("海丰县甲科技有限公司", "", "")])])
    batch = batches.receive(world.actor(by), people.user(by).office, kept, filename="名单.csv", year=2021, at=NOW)
    number = batch.id
    db.session.commit()
    queue.enqueue("check_batch", number)
    return number


def at_work(lane: Lane = Lane.SHORT) -> int:
    number = services.enlist(lane, "here", 1)
    db.session.commit()
    return number


def shown(client: FlaskClient, number: int) -> str:
    return client.get(f"/imports/{number}").text


def told(client: FlaskClient, number: int) -> str:
    return str(client.get(f"/imports/{number}/progress").json["text"])  # type: ignore[index]


def test_a_page_says_how_many_go_before(client: FlaskClient, world: World) -> None:
    at_work()
    numbers = [received(world), received(world, by="lufeng"), received(world)]
    sign_in(client, "haifeng")
    assert "正在排队，下一件就是这一件。" in shown(client, numbers[0])
    assert "正在排队，前面还有 2 件。" in shown(client, numbers[2])
    assert told(client, numbers[2]) == "排队中… 正在排队，前面还有 2 件。"


def test_a_page_says_since_when_nobody_is_at_work(client: FlaskClient, world: World) -> None:
    number = received(world)
    sign_in(client, "haifeng")
    assert "后台处理程序没有启动。" in shown(client, number)
    since = machine_now() - timedelta(minutes=5)
    at_work()
    db.session.query(Worker).update({"seen_at": since})
    db.session.commit()
    assert f"后台处理程序自 {moment(since)} 起没有运行。" in shown(client, number)
    at_work(Lane.LONG)
    assert "没有运行" in told(client, number)
    at_work()
    assert "没有运行" not in told(client, number)


def test_a_page_says_that_work_was_broken_off(client: FlaskClient, world: World) -> None:
    number = received(world)
    worker = at_work()
    db.session.query(Job).update({"attempts": 1})
    db.session.commit()
    assert services.take(Lane.SHORT, worker) is not None
    db.session.commit()
    sign_in(client, "haifeng")
    assert "处理曾意外中断 1 次，自动从头再来。" in shown(client, number)


def test_a_page_says_that_work_was_given_up(client: FlaskClient, world: World) -> None:
    number = received(world)
    db.session.query(Job).update({"state": JobState.FAILED})
    db.session.commit()
    sign_in(client, "haifeng")
    assert "后台多次处理都没有成功，已停止；文件仍在。" in shown(client, number)


def test_the_administrator_sees_what_waits_and_what_failed_and_no_name_of_a_file(
    client: FlaskClient, world: World
) -> None:
    received(world)
    queue.enqueue("scan_pairs")
    db.session.query(Job).filter(Job.name == "scan_pairs").update({"state": JobState.FAILED, "reason": "原因甲"})
    db.session.commit()
    at_work()
    sign_in(client, "sysadmin")
    page = client.get("/jobs").text
    for text in ("校验导入文件", "全库查重", "原因甲", "海丰县", "运行中", "长任务：处理程序没有启动"):
        assert text in page
    assert "短任务：" not in page
    assert "名单.csv" not in page


def test_the_administrator_has_a_failed_job_tried_again_once(client: FlaskClient, world: World) -> None:
    queue.enqueue("scan_pairs")
    db.session.query(Job).update({"state": JobState.FAILED, "attempts": 3, "reason": "原因甲"})
    db.session.commit()
    number = db.session.scalars(select(Job.id)).one()
    sign_in(client, "sysadmin")
    assert [post(client, f"/jobs/{number}/retry").status_code for _ in range(2)] == [302, 404]
    db.session.expire_all()
    job = db.session.get_one(Job, number)
    assert (job.state, job.attempts, job.reason) == (JobState.WAITING, 0, "")


@pytest.mark.parametrize("person", ["haifeng", "cityoffice", "secadmin", "auditor"])
def test_nobody_else_sees_the_jobs(client: FlaskClient, world: World, person: str) -> None:
    db.session.commit()
    sign_in(client, person)
    assert client.get("/jobs").status_code == 403


def test_an_upload_is_answered_at_once_and_waits(client: FlaskClient, world: World, tmp_path: Path) -> None:
    db.session.commit()
    sign_in(client, "haifeng")
    file = tmp_path / "名单.csv"
    file.write_bytes(listed([("海丰县甲科技有限公司", "", "")]))
    with file.open("rb") as stream:
        answer = post(client, "/imports", {"year": "2021", "file": (stream, "名单.csv")})
    assert answer.status_code == 302
    assert db.session.scalars(select(Job.name)).all() == ["check_batch"]
