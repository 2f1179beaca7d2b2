"""Appraisal is off until a document is named and checked; then each office has a line, out of rows that can be opened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from registry.appraisals import services
from registry.appraisals.forms import WEIGHT
from registry.appraisals.models import AppraisalScheme
from registry.appraisals.queries import schemes, scores
from registry.appraisals.rules.items import Item
from registry.appraisals.rules.scoring import OfficeScore
from registry.appraisals.services import SchemeHead
from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import SHANGHAI, db
from registry.base.permissions import SYSTEM_ACTOR, can
from registry.base.vocabulary import Role
from registry.entries.services import entries
from registry.notices.models import Nudge
from registry.people.queries import people
from registry.people.services import accounts
from registry.plans.services import recording
from registry.plans.services import tasks as tasking
from registry.proposals.services import proposals, reviews
from registry.quarters import jobs
from registry.trail.models import TrailEntry
from tests.home.test_certifying import Q3, kept, speak
from tests.plans.test_tasks import assigned, send
from tests.queries_counted import queries_counted
from tests.successions.test_offices import ended
from tests.world import NOW, PASSWORD, TODAY, Build, World, signed_in

ALL = {"tasks": 40, "quarters": 30, "mended": 20, "nudges": 10}
HEAD = SchemeHead("汕府办〔2021〕18号", "2021年度考核方案", date(2021, 3, 1), date(2021, 1, 1), date(2021, 12, 31))
AFTER = date(2021, 11, 15)
"""A day on which the terms of what happens today are over."""


def prepared(world: World, weights: dict[str, int] | None = None, **more: Any) -> AppraisalScheme:
    head = SchemeHead(**{**HEAD.__dict__, **more})
    return services.prepare(world.actor("cityoffice"), head, weights or ALL, at=NOW, on=TODAY)


def switched_on(world: World, weights: dict[str, int] | None = None) -> AppraisalScheme:
    scheme = prepared(world, weights)
    services.issue(world.actor("statistics"), scheme, opinion="与文件一致", at=NOW)
    db.session.commit()
    return scheme


def second_of_the_city_office(world: World) -> None:
    accounts.create(
        SYSTEM_ACTOR, username="cityoffice2", name="许办", office=people.office("science"), roles=(Role.CITY_OFFICE,),
        password=PASSWORD, at=NOW, must_change=False,
    )  # fmt: skip


def line(scheme: AppraisalScheme, code: str, on: date = AFTER) -> OfficeScore:
    (found,) = scores.lines(scheme, on, code)
    return found


def told(scheme: AppraisalScheme, code: str, item: Item, on: date = AFTER) -> list[tuple[date, date | None, bool]]:
    (found,) = (one for one in line(scheme, code, on).items if one.item is item)
    return [(row.due_on, row.done_on, row.in_time) for row in found.rows]


# -- switching it on ------------------------------------------------------------------------------
def test_it_is_off_until_a_second_person_has_checked_the_document(world: World) -> None:
    assert schemes.running(TODAY) is None
    scheme = prepared(world)
    assert (schemes.running(TODAY), schemes.state_of(scheme, TODAY)) == (None, "waiting")
    second_of_the_city_office(world)
    who = [
        name
        for name in ("cityoffice", "cityoffice2", "statistics", "leader", "auditor", "haifeng", "science")
        if can(world.actor(name), "appraisal.check", scheme)
    ]
    assert who == ["cityoffice2", "statistics"]
    with pytest.raises(NotAllowed):
        services.issue(world.actor("cityoffice"), scheme, opinion="我自己看过", at=NOW)
    with pytest.raises(FieldError):
        services.issue(world.actor("cityoffice2"), scheme, opinion=" ", at=NOW)
    services.issue(world.actor("cityoffice2"), scheme, opinion="与文件一致", at=NOW)
    assert schemes.running(TODAY) is scheme
    assert [schemes.state_of(scheme, on) for on in (date(2020, 12, 31), TODAY, date(2022, 1, 1))] == [
        "ahead",
        "running",
        "over",
    ]
    with pytest.raises(RegistryError):
        services.give_back(world.actor("statistics"), scheme, opinion="晚了", at=NOW)


@pytest.mark.parametrize(
    "more,field",
    [
        ({"document_no": " "}, "document_no"),
        ({"document_name": ""}, "document_no"),
        ({"document_on": TODAY + timedelta(days=1)}, "document_on"),
        ({"valid_to": date(2022, 1, 1)}, "valid_to"),
        ({"valid_to": date(2020, 12, 31)}, "valid_to"),
    ],
)
def test_without_a_document_or_with_days_of_two_years_it_is_refused(
    world: World, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(FieldError) as refused:
        prepared(world, **more)
    assert refused.value.field == field


def test_one_scheme_of_a_year_waits_and_no_two_run_at_once(world: World) -> None:
    services.give_back(world.actor("statistics"), prepared(world), opinion="权重与文件不符", at=NOW)
    scheme = switched_on(world)
    with pytest.raises(FieldError, match="重叠"):
        prepared(world)
    with pytest.raises(NotAllowed):
        services.stop(world.actor("statistics"), scheme, reason="停", at=NOW)
    services.stop(world.actor("cityoffice"), scheme, reason="方案修订", at=NOW)
    assert (schemes.running(TODAY), schemes.state_of(scheme, TODAY)) == (None, "stopped")
    prepared(world)
    db.session.commit()
    with pytest.raises(RegistryError, match="等待复核"):
        prepared(world, valid_from=date(2021, 6, 1))
    verbs = select(TrailEntry.verb).where(TrailEntry.subject_kind == "appraisal_scheme").order_by(TrailEntry.seq)
    assert list(db.session.scalars(verbs)) == [
        "draft_appraisal",
        "return_appraisal",
        "draft_appraisal",
        "issue_appraisal",
        "stop_appraisal",
        "draft_appraisal",
    ]


@pytest.mark.parametrize("name", ["revenue", "confirmations", "filings", "exits", "sign_ins"])
def test_what_may_not_be_scored_is_refused_by_the_service_and_by_the_database(world: World, name: str) -> None:
    with pytest.raises(RegistryError, match=r"不能作为考核项目|没有“sign_ins”"):
        prepared(world, {"tasks": 60, name: 40})
    scheme = prepared(world)
    db.session.flush()
    planted = text("insert into appraisal_weight (scheme_id, item, weight) values (:scheme, :item, 1)")
    with pytest.raises(IntegrityError):
        db.session.execute(planted, {"scheme": scheme.id, "item": name})


def test_nobody_else_enters_one(world: World) -> None:
    for name in ("leader", "auditor", "statistics", "haifeng", "industry"):
        with pytest.raises(NotAllowed):
            services.prepare(world.actor(name), HEAD, ALL, at=NOW, on=TODAY)


# -- what is counted ------------------------------------------------------------------------------
def test_tasks_done_by_their_day_count_and_those_of_entries_are_left_out(world: World) -> None:
    in_time, late, never = (assigned(world, title=name, due_on=TODAY) for name in ("按期", "迟到", "没办"))
    who = world.actor("haifeng")
    tasking.say(who, in_time, "办结", evidence="文件", done=True, at=NOW, on=TODAY)
    tasking.say(who, late, "办结", evidence="文件", done=True, at=NOW, on=TODAY + timedelta(days=3))
    counted = assigned(world, title="提名", kind="proposals", aim=1, due_on=TODAY)
    few = assigned(world, title="多提名", kind="proposals", aim=2, due_on=TODAY)
    for kind in ("filings", "confirmations"):
        assigned(world, title=kind, kind=kind, aim=1, due_on=TODAY)
    assigned(world, title="以后", due_on=date(2021, 12, 31))
    world.submitted()
    scheme = switched_on(world, {"tasks": 100})
    (item,) = line(scheme, "441521").items
    assert {row.label: row.in_time for row in item.rows} == {
        in_time.title: True,
        late.title: False,
        never.title: False,
        counted.title: True,
        few.title: False,
    }
    assert (item.points, line(scheme, "441521").total) == (Decimal("40.00"), Decimal("40.00"))
    assert told(scheme, "441521", Item.TASKS, TODAY) == []


def test_what_was_counted_after_the_day_of_a_task_is_not_in_time(world: World) -> None:
    task = assigned(world, kind="marks", aim=1, due_on=TODAY - timedelta(days=1))
    firm = world.admitted()
    recording.mark(world.actor("industry"), firm, "cultivated", since=TODAY, source="认定文件", at=NOW, on=TODAY)
    assert told(switched_on(world), "441521", Item.TASKS) == [(task.due_on, None, False)]


def test_a_quarter_is_in_time_when_the_office_spoke_by_its_day_whatever_changed_since(world: World) -> None:
    life = kept(world)[0]
    scheme = switched_on(world)
    speak(world, "haifeng")
    speak(world, "industry", refused="两家企业的数待核")
    life.figure("900", "2021-09", on=TODAY)
    db.session.commit()
    jobs.draw_quarters()
    until = date(2021, 10, 20)
    found = {code: told(scheme, code, Item.QUARTERS) for code in ("441521", "441581", "industry", "science")}
    assert found == {
        "441521": [(until, TODAY, True)],
        "441581": [(until, None, False)],
        "industry": [(until, TODAY, True)],
        "science": [],
    }
    assert Q3.label == line(scheme, "441521").items[1].rows[0].label


def test_a_case_sent_back_is_in_time_when_it_is_submitted_anew_within_its_term(world: World) -> None:
    mended, resting = (world.under_review(name) for name in ("海丰县云谷软件有限公司", "海丰县星河数据有限公司"))
    for case in (mended, resting):
        reviews.send_back(
            world.actor("industry"), case, reason_code="R02", cells={"activity": "请写具体"}, note="", at=NOW, on=TODAY
        )
    proposals.withdraw(world.actor("haifeng"), mended, at=NOW, on=TODAY)
    until = date(2021, 10, 22)
    found = told(switched_on(world), "441521", Item.MENDED)
    assert sorted(found, key=lambda one: one[2]) == [(until, None, False), (until, TODAY, True)]


def test_a_nudge_is_in_time_when_it_is_answered_within_the_days_between_two(world: World) -> None:
    task, city = assigned(world, due_on=TODAY), world.actor("cityoffice")
    tasking.nudge(city, task, at=NOW, on=TODAY)
    tasking.say(world.actor("haifeng"), task, "在办", evidence="--", done=False, at=NOW, on=TODAY)
    late = tasking.nudge(city, task, at=NOW + timedelta(days=7), on=TODAY + timedelta(days=7))
    late.answered_at = datetime(2021, 11, 10, 9, 0, tzinfo=SHANGHAI)
    db.session.flush()
    scheme = switched_on(world)
    assert told(scheme, "441521", Item.NUDGES) == [
        (date(2021, 10, 20), TODAY, True),
        (date(2021, 10, 27), date(2021, 11, 10), False),
    ]
    assert db.session.scalars(select(Nudge.id)).all() != []


def test_exits_leave_no_trace_in_any_line(world: World) -> None:
    firm = world.admitted()
    scheme = switched_on(world)
    before = scores.lines(scheme, AFTER)
    entries.remove(world.actor("cityoffice"), firm, at=NOW, on=TODAY, exit_reason="X04", reason="注销")
    assert scores.lines(scheme, AFTER) == before == []


def test_an_ended_office_s_rows_are_in_its_successor_s_line(world: World) -> None:
    assigned(world, "labour", due_on=TODAY)
    scheme = switched_on(world, {"tasks": 100})
    held = [(one.code, len(one.items[0].rows)) for one in scores.lines(scheme, TODAY + timedelta(days=1))]
    ended(world, "labour", "science", day=TODAY + timedelta(days=3))
    assert held == [("labour", 1)]
    assert [(one.code, len(one.items[0].rows)) for one in scores.lines(scheme, AFTER)] == [("science", 1)]


# -- on pages -------------------------------------------------------------------------------------
FORM = {
    "document_no": "汕府办〔2021〕18号", "document_name": "2021年度考核方案", "document_on": "2021-03-01",
    "valid_from": "2021-01-01", "valid_to": "2021-12-31", "weight_tasks": "60", "weight_nudges": "40",
}  # fmt: skip


def test_while_it_is_off_the_page_says_so_and_what_is_needed(app: Flask) -> None:
    for name in ("cityoffice", "leader", "auditor", "haifeng", "industry", "statistics"):
        page = signed_in(app, name).get("/appraisal").get_data(as_text=True)
        assert [said for said in ("考核未开启", "文号和日期", "第二人复核") if said not in page] == []
        assert ("登记考核方案" in page) is (name == "cityoffice")
    for name in ("sysadmin", "secadmin", "auditadmin"):
        assert signed_in(app, name).get("/appraisal").status_code == 403
    assert "考核" in signed_in(app, "leader").get("/supervision").get_data(as_text=True)


@pytest.mark.parametrize("name", ["confirmations", "revenue", "exits"])
def test_a_post_that_names_what_may_not_be_scored_is_refused_with_the_reason(app: Flask, name: str) -> None:
    city, path = signed_in(app, "cityoffice"), "/appraisal/schemes/new"
    assert f"{WEIGHT}{name}" not in city.get(path).get_data(as_text=True)
    answer = send(city, path, **FORM | {"weight_nudges": "20", f"{WEIGHT}{name}": "20"})
    said = "不追究责任" if name == "exits" else "会使人有理由干预统计数据"
    assert (answer.status_code, said in answer.get_data(as_text=True)) == (422, True)


def test_it_is_switched_on_read_and_ended_on_pages(app: Flask, build: Build) -> None:
    def make(world: World) -> int:
        assigned(world, title="海丰的事", due_on=TODAY - timedelta(days=1))
        assigned(world, "441581", title="陆丰的事", due_on=TODAY - timedelta(days=1))
        return 0

    build(make)
    city, second, county = (signed_in(app, name) for name in ("cityoffice", "statistics", "haifeng"))
    assert send(city, "/appraisal/schemes/new", **FORM | {"weight_nudges": "41"}).status_code == 422
    assert send(city, "/appraisal/schemes/new", **FORM).status_code == 302
    with app.app_context():
        number = db.session.scalars(select(AppraisalScheme.id)).one()
    path = f"/appraisal/schemes/{number}"
    assert (county.get(path).status_code, second.get(path).status_code) == (404, 200)
    decision = {"outcome": "issue", "opinion": "与文件一致"}
    assert send(city, f"{path}/decision", path, **decision).status_code == 404
    assert send(second, f"{path}/decision", path, outcome="issue", opinion="").status_code == 422
    assert send(second, f"{path}/decision", path, **decision).status_code == 302
    _read(app, county, path)
    assert send(city, f"{path}/stop", reason="").status_code == 422
    assert send(city, f"{path}/stop", reason="方案修订").status_code == 302
    assert "考核未开启" in county.get("/appraisal").get_data(as_text=True)


def _read(app: Flask, county: Any, path: str) -> None:
    own = county.get("/appraisal").get_data(as_text=True)
    assert [said for said in ("海丰县考核计分", "60 × 0 ÷ 1", "海丰的事", "未按期") if said not in own] == []
    assert ("陆丰的事" in own, county.get("/appraisal?office=441581").status_code) == (False, 404)
    assert county.get("/appraisal?office=441521").status_code == 200
    for name in ("cityoffice", "leader", "auditor"):
        every = signed_in(app, name)
        page = every.get("/appraisal").get_data(as_text=True)
        assert [said for said in ("海丰县", "陆丰市", "按单位排列，不排名次") if said not in page] == []
        assert "陆丰的事" in every.get("/appraisal?office=441581").get_data(as_text=True)
    statistics = signed_in(app, "statistics").get("/appraisal").get_data(as_text=True)
    assert ("海丰的事" in statistics, "还没有到期的事项" in statistics) == (False, True)
    assert county.get(path).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("who,statements", [("haifeng", 36), ("leader", 37)])
def test_lines_take_as_many_statements_for_many_rows_as_for_one(
    app: Flask, build: Build, who: str, statements: int, number: int
) -> None:
    def make(world: World) -> None:
        for name in ("海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司")[:number]:
            case = world.under_review(name)
            early, at = TODAY - timedelta(days=30), NOW - timedelta(days=30)
            cells = {"activity": "请写具体"}
            reviews.send_back(world.actor("industry"), case, reason_code="R02", cells=cells, note="", at=at, on=early)
            task = assigned(world, title=name, kind="proposals", aim=1, due_on=early)
            tasking.nudge(world.actor("cityoffice"), task, at=at, on=early)
        switched_on(world)

    build(make)
    client = signed_in(app, who)
    client.get("/appraisal")
    with queries_counted(app) as seen:
        page = client.get("/appraisal").get_data(as_text=True)
    assert page.count("未按期") == (3 * number if who == "haifeng" else 0)
    assert len(seen) == statements
