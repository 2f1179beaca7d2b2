"""Supervision played through: a task late, its light, the nudge, the answer, another day with its reason, the list."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select, update

from registry.base.clocks import SHANGHAI
from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import can
from registry.documents.models import Document
from registry.notices.models import Notice
from registry.notices.rules import NudgedAlready
from registry.people.queries import people
from registry.plans.models import Plan, PlanTask
from registry.plans.queries import tasks
from registry.plans.queries.tasks import TaskLine
from registry.plans.rules.progress import Counted
from registry.plans.services import milestones, recording
from registry.plans.services import tasks as tasking
from registry.plans.services.milestones import MilestoneSet
from registry.plans.services.tasks import TaskSet
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, Build, World, signed_in, token_in

START = date(2021, 7, 1)


def assigned(world: World, office: str = "441521", **more: Any) -> PlanTask:
    values = {
        "title": "印发认定办法",
        "person": "陈晓",
        "deliverable": "办法印发",
        "starts_on": START,
        "due_on": date(2021, 9, 30),
    }
    given = TaskSet("三（二）2", **{**values, **more})
    plan = db.session.scalars(select(Plan)).one()
    return tasking.assign(world.actor("cityoffice"), plan, people.office(office), given, at=NOW)


def on_the_way(world: World, task: PlanTask) -> None:
    milestones.add(world.actor("cityoffice"), task, MilestoneSet(date(2021, 8, 31), "征求意见稿"), at=NOW)


def line(task: PlanTask, on: date = TODAY) -> TaskLine:
    (found,) = tasks.lines(select(PlanTask).where(PlanTask.id == task.id), on)
    return found


def test_a_task_that_cannot_be_counted_is_overdue_until_its_office_says_that_it_is_done(world: World) -> None:
    task = assigned(world)
    assert [str(line(task, on).light.light) for on in (date(2021, 9, 30), TODAY)] == ["on_track", "overdue"]
    tasking.say(world.actor("haifeng"), task, "已印发", evidence="海府办〔2021〕8号", done=True, at=NOW, on=TODAY)
    assert (str(line(task).light.light), task.words[0].quarter, task.words[0].by_name) == ("done", "2021Q4", "陈晓")


def test_progress_is_taken_from_the_acts_of_the_registry(world: World) -> None:
    county = assigned(world, title="提名企业", kind="proposals", aim=4, due_on=date(2021, 12, 31))
    bureau = assigned(world, "industry", title="核查入库", kind="admissions", aim=1, due_on=date(2021, 12, 31))
    assert [(line(one).done, str(line(one).light.light)) for one in (county, bureau)] == [
        (0, "behind"),
        (0, "on_track"),
    ]
    world.admitted()
    world.submitted("海丰县青梅软件有限公司")
    world.submitted("陆丰市港口软件有限公司", by="lufeng")
    told = [(one.done, str(one.light.light)) for one in (line(county), line(bureau))]
    assert told == [(2, "on_track"), (1, "done")]
    pace = line(county).light.pace
    assert pace is not None
    assert (pace.aim, pace.days, pace.of_days, pace.expected) == (4, 107, 184, 2)


def test_an_office_types_at_most_five_cells_in_a_quarter(world: World) -> None:
    who, task, other = world.actor("haifeng"), assigned(world), assigned(world, title="建立台账")
    for number in range(5):
        tasking.say(who, (task, other)[number % 2], f"进展{number}", evidence="纪要", done=False, at=NOW, on=TODAY)
    with pytest.raises(RegistryError, match="每季度最多 5 项"):
        tasking.say(who, task, "又一项", evidence="纪要", done=False, at=NOW, on=TODAY)
    tasking.say(who, task, "下一季度", evidence="纪要", done=False, at=NOW, on=date(2022, 1, 4))


def test_a_counted_task_is_done_by_its_number_alone(world: World) -> None:
    task = assigned(world, kind="proposals", aim=2)
    with pytest.raises(RegistryError, match="由系统计数"):
        tasking.say(world.actor("haifeng"), task, "完成了", evidence="--", done=True, at=NOW, on=TODAY)


def test_a_day_is_changed_with_a_reason_and_the_one_before_stays_on_record(world: World) -> None:
    task, city = assigned(world), world.actor("cityoffice")
    with pytest.raises(FieldError):
        tasking.move(city, task, date(2021, 11, 30), reason=" ", at=NOW)
    tasking.move(city, task, date(2021, 11, 30), reason="省里办法推迟印发", at=NOW)
    assert [(one.before, one.after, one.reason) for one in task.moves] == [
        (date(2021, 9, 30), date(2021, 11, 30), "省里办法推迟印发")
    ]
    assert str(line(task).light.light) == "on_track"
    with pytest.raises(NotAllowed):
        tasking.move(world.actor("haifeng"), task, date(2021, 12, 30), reason="来不及", at=NOW)


def test_a_nudge_waits_for_the_office_and_its_word_answers_it(world: World) -> None:
    task, city = assigned(world), world.actor("cityoffice")
    tasking.nudge(city, task, at=NOW, on=TODAY)
    with pytest.raises(NudgedAlready):
        tasking.nudge(city, task, at=NOW, on=TODAY)
    assert (
        line(task).nudged,
        [one.id for one in db.session.scalars(tasks.nudged_of(world.actor("haifeng"))).unique()],
    ) == (1, [task.id])
    assert list(db.session.scalars(tasks.nudged_of(world.actor("lufeng")))) == []
    told = db.session.scalars(select(Notice).where(Notice.kind == "nudged_task")).one()
    assert (told.office_id, told.values) == (task.office_id, {"task": "印发认定办法"})
    tasking.say(world.actor("haifeng"), task, "正在会签", evidence="会签单", done=False, at=NOW, on=TODAY)
    assert (line(task).nudged, list(db.session.scalars(tasks.nudged_of(world.actor("haifeng"))))) == (0, [])


def test_all_late_tasks_of_an_office_are_nudged_at_once_and_no_other(world: World) -> None:
    late, city = [assigned(world), assigned(world, title="建立台账")], world.actor("cityoffice")
    assigned(world, title="明年的事", due_on=date(2022, 3, 1))
    assigned(world, "441581")
    tasking.nudge(city, late[0], at=NOW, on=TODAY)
    assert tasking.nudge_late(city, people.office("441521"), at=NOW, on=TODAY) == 1
    assert tasking.nudge_late(city, people.office("441521"), at=NOW, on=TODAY) == 0
    assert (
        tasking.nudge_late(city, people.office("441521"), at=NOW + timedelta(days=3), on=TODAY + timedelta(days=3)) == 2
    )


def test_an_office_sees_its_own_tasks_and_only_the_city_office_sets_them(world: World) -> None:
    task = assigned(world)
    seen = {
        name: [one.id for one in db.session.scalars(tasks.visible_to(world.actor(name))).unique()]
        for name in ("haifeng", "lufeng", "leader")
    }
    assert seen == {"haifeng": [task.id], "lufeng": [], "leader": [task.id]}
    plan = db.session.scalars(select(Plan)).one()
    given = TaskSet("三（二）2", "x", "x", "x", START, TODAY)
    with pytest.raises(NotAllowed):
        tasking.assign(world.actor("haifeng"), plan, people.office("441521"), given, at=NOW)


def test_each_kind_of_act_is_counted_for_counties_and_for_bureaus_at_once(world: World) -> None:
    wanted = {
        "441521": {"proposals": 2, "admissions": 1, "filings": 0, "confirmations": 0, "marks": 1, "documents": 2},
        "441581": {"proposals": 1, "admissions": 0, "filings": 0, "confirmations": 0, "marks": 0, "documents": 1},
        "industry": {"proposals": 3, "admissions": 1, "filings": 0, "confirmations": 0, "marks": 1, "documents": 3},
    }
    found = {
        (office, kind): assigned(world, office, kind=kind, aim=9) for office, kinds in wanted.items() for kind in kinds
    }
    late = assigned(world, kind="proposals", aim=9, starts_on=TODAY + timedelta(days=1), due_on=date(2021, 12, 31))
    firm = world.admitted()
    world.submitted("海丰县青梅软件有限公司")
    world.submitted("陆丰市港口软件有限公司", by="lufeng")
    recording.mark(world.actor("industry"), firm, "introduced", since=TODAY, source="认定文件", at=NOW, on=TODAY)
    told = tasks.progress([*found.values(), late], TODAY)
    assert {
        office: {kind: told.get(found[office, kind].id, 0) for kind in kinds} for office, kinds in wanted.items()
    } == (wanted)
    assert late.id not in told


@pytest.mark.parametrize("number", [1, 8])
def test_many_counted_tasks_take_as_many_statements_as_one(world: World, number: int) -> None:
    for one in range(number):
        on_the_way(world, assigned(world, ("441521", "industry")[one % 2], kind=list(Counted)[one % 5], aim=4))
    db.session.commit()
    who = world.actor("cityoffice")
    with queries_counted(current_app._get_current_object()) as seen:  # type: ignore[attr-defined]
        assert len(tasks.lines(tasks.visible_to(who), TODAY)) == number
    assert len(seen) == 7


def test_a_task_is_its_successor_s_in_however_many_steps(world: World) -> None:
    task = assigned(world, "labour")
    people.office("labour").successor = "commerce"
    people.office("commerce").successor = "science"
    db.session.flush()
    names = ("science", "commerce", "market", "haifeng")
    held = {name: can(world.actor(name), "task.report", task) for name in names}
    seen = {name: list(db.session.scalars(tasks.visible_to(world.actor(name))).unique()) for name in names}
    assert held == {"science": True, "commerce": True, "market": False, "haifeng": False}
    assert seen == {"science": [task], "commerce": [task], "market": [], "haifeng": []}


@pytest.mark.parametrize("more", [{"kind": "proposals"}, {"aim": 3}, {"due_on": date(2021, 6, 30)}])
def test_a_task_that_makes_no_sense_is_refused(world: World, more: dict[str, Any]) -> None:
    with pytest.raises(FieldError):
        assigned(world, **more)


# -- on pages -------------------------------------------------------------------------------------
def send(client: FlaskClient, path: str, page: str = "", **values: str) -> Any:
    text = client.get(page or path).get_data(as_text=True)
    return client.post(path, data={"csrf_token": token_in(text), **values})


def test_supervision_is_played_through_on_pages(app: Flask, build: Build) -> None:
    plan = build(lambda world: db.session.scalars(select(Plan)).one().id)
    city, county, leader = (signed_in(app, name) for name in ("cityoffice", "haifeng", "leader"))
    task = {
        "pair": "三（二）2 441521", "title": "印发认定办法", "person": "陈晓", "deliverable": "办法印发", "starts_on": "2021-07-01",
        "due_on": "2021-09-30", "kind": "", "aim": "",
    }  # fmt: skip
    assert send(city, f"/plans/{plan}/tasks/new", **task).status_code == 302
    assert send(city, f"/plans/{plan}/tasks/new", **task | {"pair": "三（二）2 finance"}).status_code == 422
    assert (
        send(city, f"/plans/{plan}/leads/new", pair="三（二）2 science", source="市政府专题会议纪要").status_code == 302
    )
    listed = city.get(f"/plans/{plan}/tasks").get_data(as_text=True)
    assert [said for said in ("印发认定办法", "逾期", "牵头：市科技局") if said not in listed] == []
    watched = leader.get("/supervision").get_data(as_text=True)
    assert ("印发认定办法" in watched, "全部催办" in watched) == (True, False)
    assert county.get("/supervision").status_code == 403
    assert send(city, "/supervision/nudge", "/supervision", office="441521").status_code == 302
    inbox = county.get("/inbox").get_data(as_text=True)
    assert "责任清单被催办，请报告进展" in inbox
    assert "市培育办催办责任清单事项：印发认定办法" in county.get("/notices").get_data(as_text=True)
    with app.app_context():
        number = db.session.scalars(select(PlanTask.id)).one()
    assert send(county, f"/plan-tasks/{number}/word", said="正在会签", evidence="会签单").status_code == 302
    assert "责任清单被催办" not in county.get("/inbox").get_data(as_text=True)
    assert send(city, f"/plan-tasks/{number}/date", due_on="2021-11-30", reason="").status_code == 422
    assert send(city, f"/plan-tasks/{number}/date", due_on="2021-11-30", reason="省里办法推迟").status_code == 302
    shown = county.get(f"/plan-tasks/{number}").get_data(as_text=True)
    assert [said for said in ("正在会签", "省里办法推迟", "已答复", "按进度") if said not in shown] == []
    assert signed_in(app, "lufeng").get(f"/plan-tasks/{number}").status_code == 404
    printed = county.get(f"/plans/{plan}/tasks?office=441521").get_data(as_text=True)
    assert [said for said in ("海丰县年度责任清单", "单位负责人（签字盖章）", "调整 1 次") if said not in printed] == []
    assert "印发认定办法" in county.get(f"/plans/{plan}/wall").get_data(as_text=True)
    assert send(city, f"/plan-tasks/{number}/void", reason="重复列入").status_code == 302
    assert "印发认定办法" not in city.get(f"/plans/{plan}/tasks").get_data(as_text=True)


@pytest.mark.parametrize("number", [1, 8])
def test_pages_of_tasks_take_as_many_statements_for_eight_as_for_one(app: Flask, build: Build, number: int) -> None:
    def make(world: World) -> int:
        for one in range(number):
            assigned(world, ("441521", "industry")[one % 2], kind=list(Counted)[one % 5], aim=4)
            on_the_way(world, assigned(world, ("441521", "industry")[one % 2]))
        return db.session.scalars(select(Plan.id)).one()

    plan, city = build(make), signed_in(app, "cityoffice")
    seen = {}
    for path in ("/supervision", f"/plans/{plan}/tasks", f"/plans/{plan}/wall"):
        city.get(path)
        with queries_counted(app) as statements:
            assert city.get(path).status_code == 200
        seen[path.rsplit("/", 1)[-1]] = len(statements)
    assert seen == {"supervision": 10, "tasks": 14, "wall": 13}


def test_a_paper_counts_on_the_day_it_was_brought_by_the_clock_of_the_city(world: World) -> None:
    """Late in the evening it is still that day, whatever the day is in Greenwich."""
    task = assigned(world, kind="documents", aim=1, starts_on=TODAY, due_on=TODAY)
    world.admitted()
    for hour, day, number in (
        (time(0, 5), TODAY, 1),
        (time(23, 55), TODAY, 1),
        (time(23, 55), TODAY - timedelta(1), 0),
    ):
        db.session.execute(update(Document).values(at=datetime.combine(day, hour, SHANGHAI)))
        assert tasks.progress([task], TODAY).get(task.id, 0) == number, (hour, day)
    assert tasks.firms_of([task], TODAY - timedelta(1)) == {}
