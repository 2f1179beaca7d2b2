"""Days on the way of a task: what they do to its light, how they are moved, reached and shown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.plans.models import Plan, PlanTask, TaskMilestone
from registry.plans.rules.counting import Pace, Step
from registry.plans.services import milestones
from registry.plans.services import tasks as tasking
from registry.plans.services.milestones import MilestoneSet
from registry.trail.models import TrailEntry
from tests.plans.test_tasks import assigned, line, send
from tests.world import NOW, TODAY, Build, World, signed_in

AUGUST, OCTOBER, NOVEMBER = date(2021, 8, 31), date(2021, 10, 31), date(2021, 11, 30)
YEAR_END = date(2021, 12, 31)


def stage(
    world: World, task: PlanTask, day: date, shown: str = "征求意见稿", number: int | None = None
) -> TaskMilestone:
    return milestones.add(world.actor("cityoffice"), task, MilestoneSet(day, shown, number), at=NOW)


def states(task: PlanTask, on: date = TODAY) -> list[tuple[date, str]]:
    return [(one.due_on, str(state)) for one, state in line(task, on).milestones]


def light(task: PlanTask, on: date = TODAY) -> str:
    return str(line(task, on).light.light)


def test_a_task_is_behind_while_a_milestone_is_over_and_nobody_has_said_that_it_is_reached(world: World) -> None:
    task = assigned(world, due_on=YEAR_END)
    late, next_ = stage(world, task, AUGUST), stage(world, task, NOVEMBER, "专家评审")
    assert [light(task, on) for on in (AUGUST, AUGUST + timedelta(days=1), YEAR_END + timedelta(days=1))] == [
        "on_track",
        "behind",
        "overdue",
    ]
    assert states(task) == [(AUGUST, "missed"), (NOVEMBER, "ahead")]
    who = world.actor("haifeng")
    tasking.say(who, task, "已成稿", evidence="征求意见函", done=False, milestone=late, at=NOW, on=TODAY)
    assert (states(task)[0], light(task), late.done_on) == ((AUGUST, "reached"), "on_track", TODAY)
    with pytest.raises(RegistryError, match="已报完成"):
        tasking.say(who, task, "再报", evidence="--", done=False, milestone=late, at=NOW, on=TODAY)
    tasking.say(who, task, "全部完成", evidence="印发件", done=True, at=NOW, on=TODAY)
    assert (light(task), states(task), next_.done_on) == (
        "done",
        [(AUGUST, "reached"), (NOVEMBER, "reached")],
        None,
    )


def test_a_counted_task_is_expected_to_go_from_milestone_to_milestone(world: World) -> None:
    task = assigned(world, kind="proposals", aim=10, due_on=YEAR_END)
    stage(world, task, AUGUST, "两月摸排", 2)
    stage(world, task, OCTOBER, "十月摸排", 8)
    pace = line(task).light.pace
    assert pace is not None
    before, after = pace.stretch
    assert (pace.days, before, after) == (107, Step(62, 2), Step(123, 8))
    assert pace.expected == 2 + (8 - 2) * (107 - 62) // (123 - 62) == 6
    world.submitted()
    world.submitted("海丰县青梅软件有限公司")
    assert (states(task), light(task)) == ([(AUGUST, "reached"), (OCTOBER, "ahead")], "behind")
    assert states(task, NOVEMBER)[1] == (OCTOBER, "missed")
    with pytest.raises(RegistryError, match="由系统计数"):
        tasking.say(
            world.actor("haifeng"),
            task,
            "到了",
            evidence="--",
            done=False,
            milestone=task.milestones[1],
            at=NOW,
            on=TODAY,
        )


def test_a_milestone_without_a_number_leaves_the_pace_of_a_counted_task_as_it_is(world: World) -> None:
    task = assigned(world, kind="proposals", aim=4, due_on=YEAR_END)
    plain = line(task).light
    stage(world, task, AUGUST)
    assert (line(task).light, states(task)) == (plain, [(AUGUST, "missed")])


@given(
    aim=some.integers(1, 500), length=some.integers(2, 400), days=some.integers(0, 450), data=some.data(),
    done=some.integers(0, 500),
)  # fmt: skip
def test_what_is_expected_never_falls_and_ends_at_the_aim(
    aim: int, length: int, days: int, data: some.DataObject, done: int
) -> None:
    on = data.draw(some.lists(some.integers(1, length - 1), unique=True, max_size=4).map(sorted))
    numbers = sorted(data.draw(some.lists(some.integers(1, aim), min_size=len(on), max_size=len(on))))
    steps = tuple(Step(*pair) for pair in zip(on, numbers, strict=True))
    today, tomorrow = (Pace(aim, done, day, length, steps).expected for day in (days, days + 1))
    assert 0 <= today <= tomorrow <= aim
    assert [Pace(aim, done, one.days, length, steps).expected for one in (*steps, Step(length, aim))] == [*numbers, aim]
    assert Pace(aim, done, days, length).expected == aim * min(days, length) // length


@pytest.mark.parametrize(
    "kind,day,number,field",
    [
        ("", date(2021, 6, 30), None, "due_on"),
        ("", YEAR_END, None, "due_on"),
        ("", OCTOBER, 3, "number"),
        ("proposals", OCTOBER, 11, "number"),
        ("proposals", OCTOBER, 4, "number"),
        ("proposals", AUGUST, 6, "due_on"),
        ("proposals", date(2021, 7, 15), 6, "number"),
    ],
)
def test_a_milestone_that_does_not_fit_is_refused(
    world: World, kind: str, day: date, number: int | None, field: str
) -> None:
    task = assigned(world, kind=kind, aim=10 if kind else None, due_on=YEAR_END)
    if kind:
        stage(world, task, AUGUST, "两月摸排", 5)
    with pytest.raises(FieldError) as refused:
        stage(world, task, day, number=number)
    assert refused.value.field == field


def test_a_milestone_is_moved_with_a_reason_and_the_day_before_stays_on_record(world: World) -> None:
    task, city = assigned(world, due_on=YEAR_END), world.actor("cityoffice")
    row = stage(world, task, AUGUST)
    for day, reason in ((NOVEMBER, " "), (AUGUST, "理由"), (YEAR_END, "理由")):
        with pytest.raises(FieldError):
            milestones.move(city, row, day, reason=reason, at=NOW)
    milestones.move(city, row, NOVEMBER, reason="省里办法推迟", at=NOW)
    assert [(one.before, one.after, one.reason) for one in row.moves] == [(AUGUST, NOVEMBER, "省里办法推迟")]
    assert (light(task), states(task)) == ("on_track", [(NOVEMBER, "ahead")])
    with pytest.raises(FieldError):
        tasking.move(city, task, NOVEMBER, reason="提前", at=NOW)
    verbs = select(TrailEntry.verb).where(TrailEntry.subject_kind == "task_milestone").order_by(TrailEntry.seq)
    assert list(db.session.scalars(verbs)) == ["set_milestone", "move_milestone"]


def test_only_the_city_office_sets_and_moves_milestones(world: World) -> None:
    task = assigned(world, due_on=YEAR_END)
    row = stage(world, task, AUGUST)
    for name in ("haifeng", "leader", "auditor", "statistics"):
        with pytest.raises(NotAllowed):
            milestones.add(world.actor(name), task, MilestoneSet(NOVEMBER, "自定"), at=NOW)
        with pytest.raises(NotAllowed):
            milestones.move(world.actor(name), row, NOVEMBER, reason="来不及", at=NOW)


def test_a_milestone_of_another_task_is_not_reached_by_this_one_s_word(world: World) -> None:
    task, other = assigned(world, due_on=YEAR_END), assigned(world, "441581", due_on=YEAR_END)
    row = stage(world, other, AUGUST)
    with pytest.raises(RegistryError):
        tasking.say(world.actor("haifeng"), task, "到了", evidence="--", done=False, milestone=row, at=NOW, on=TODAY)


# -- on pages -------------------------------------------------------------------------------------
def test_milestones_are_set_with_the_task_and_seen_on_every_page_of_it(app: Flask, build: Build) -> None:
    plan = build(lambda world: db.session.scalars(select(Plan)).one().id)
    city, county = signed_in(app, "cityoffice"), signed_in(app, "haifeng")
    task = {
        "pair": "三（二）2 441521", "title": "印发认定办法", "person": "陈晓", "deliverable": "办法印发",
        "starts_on": "2021-07-01", "due_on": "2021-12-31", "kind": "", "aim": "",
    }  # fmt: skip
    first = {"stage1_due_on": "2021-08-31", "stage1_shown": "征求意见稿"}
    third = {"stage3_due_on": "2021-11-30", "stage3_shown": "专家评审"}
    path = f"/plans/{plan}/tasks/new"
    wrong: list[tuple[dict[str, str], str]] = [
        ({"stage2_shown": "只有内容"}, "请填写日期"),
        ({"stage2_due_on": "2021-08-31"}, "请写明到时应展示什么"),
        (third | {"stage3_due_on": "2022-01-31"}, "节点日期须不早于起始日期，并早于完成时限"),
        (third | {"stage3_number": "3"}, "由系统计数的任务，节点可写明应完成的数"),
    ]
    for more, said in wrong:
        answer = send(city, path, **task, **first, **more)
        assert (answer.status_code, said in answer.get_data(as_text=True)) == (422, True)
    assert send(city, path, **task, **first, **third).status_code == 302
    with app.app_context():
        number = db.session.scalars(select(PlanTask.id)).one()
        missed = db.session.scalars(select(TaskMilestone.id).order_by(TaskMilestone.due_on)).first()
    pages = [
        f"/plan-tasks/{number}",
        f"/plans/{plan}/tasks",
        f"/plans/{plan}/tasks?office=441521",
        f"/plans/{plan}/wall",
    ]
    for page in pages:
        text = county.get(page).get_data(as_text=True)
        assert [said for said in ("征求意见稿", "专家评审", "逾期未完成", "落后") if said not in text] == []
    _played_through(city, county, number, missed)


def _played_through(city: Any, county: Any, number: int, missed: Any) -> None:
    word = f"/plan-tasks/{number}/word"
    assert send(county, word, said="已成稿", evidence="会签单", milestone=str(missed)).status_code == 302
    assert send(county, word, said="已成稿", evidence="会签单", milestone=str(missed)).status_code == 422
    assert "逾期未完成" not in county.get(f"/plan-tasks/{number}").get_data(as_text=True)
    more = f"/plan-tasks/{number}/milestones/new"
    assert send(city, more, due_on="2021-10-31", shown="部门会签").status_code == 302
    assert send(city, more, due_on="2022-10-31", shown="部门会签").status_code == 422
    assert county.get(more).status_code == 404
    date_ = f"/plan-milestones/{missed}/date"
    assert send(city, date_, due_on="2021-09-15", reason="").status_code == 422
    assert send(city, date_, due_on="2021-09-15", reason="省里办法推迟").status_code == 302
    assert "2021-08-31 改为 2021-09-15：省里办法推迟" in county.get(f"/plan-tasks/{number}").get_data(as_text=True)


def test_the_page_of_a_counted_task_says_the_arithmetic_from_milestone_to_milestone(app: Flask, build: Build) -> None:
    def make(world: World) -> int:
        task = assigned(world, kind="proposals", aim=10, due_on=YEAR_END)
        stage(world, task, AUGUST, "两月摸排", 2)
        return task.id

    number = build(make)
    text = signed_in(app, "haifeng").get(f"/plan-tasks/{number}").get_data(as_text=True)
    said = "在第 62 天（应完成 2）与第 184 天（应完成 10）之间；应完成 2 + (10 - 2) × 45 ÷ 122，取整为 4，实际 0。"
    assert said in text
