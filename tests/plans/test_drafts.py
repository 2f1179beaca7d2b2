"""A plan is drafted by one person, checked by another, issued, and amended by a new dated version."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from registry.base.errors import FieldError, NotAllowed, RegistryError, StaleRecord
from registry.base.extensions import db
from registry.plans.models import Plan, PlanVersion
from registry.plans.queries import plans
from registry.plans.services import drafting
from registry.plans.services.drafting import PlanHead
from registry.trail.models import TrailEntry
from tests.world import NOW, TODAY, Build, World, signed_in, token_in

HEAD = PlanHead("2022—2024年方案", "汕科〔2021〕20号", "", 2022, 2024, date(2022, 1, 1), "市政府常务会议纪要")
TARGET: dict[str, Any] = {
    "code": "T1", "name": "培育四上企业", "amount": 9, "unit": "家", "kind": "enrolment", "industries": "I M", "counts": "首次确认入库",
    "source": "方案", "clause": "二",
}  # fmt: skip
MEASURE: dict[str, Any] = {
    "code": "三1", "heading": "", "title": "继续培育", "text": "1.继续培育。", "offices": ["science", "441521"], "source": "方案",
    "clause": "三1",
}  # fmt: skip


def drafted(world: World) -> PlanVersion:
    who = world.actor("cityoffice")
    version = drafting.prepare(who, "2022-2024", HEAD, at=NOW)
    drafting.write_row(who, version, "targets", None, TARGET, seen=version.revision, at=NOW)
    drafting.write_row(who, version, "measures", None, MEASURE, seen=version.revision, at=NOW)
    return version


def test_a_plan_of_two_people_is_in_force_from_its_day_and_the_first_one_stays(world: World) -> None:
    version = drafted(world)
    drafting.submit(world.actor("cityoffice"), version, seen=version.revision, at=NOW)
    drafting.issue(world.actor("statistics"), version, opinion="已对照原文", seen=version.revision, at=NOW)
    assert (version.outcome, version.decided_by_name, plans.state_of(version.plan, TODAY)) == (
        "issued",
        "赵统",
        "issued",
    )
    now, then = plans.current(TODAY), plans.current(date(2022, 3, 1))
    assert (now and now.code, then and then.code) == ("2021", "2022-2024")
    verbs = db.session.scalars(
        select(TrailEntry.verb).where(TrailEntry.subject_kind == "plan_version").order_by(TrailEntry.seq)
    )
    assert list(verbs) == ["issue_plan", "draft_plan", "edit_plan", "edit_plan", "submit_plan", "issue_plan"]


def test_nobody_checks_a_draft_of_their_own(world: World) -> None:
    version = drafted(world)
    drafting.submit(world.actor("cityoffice"), version, seen=version.revision, at=NOW)
    with pytest.raises(RegistryError, match="另一人"):
        drafting.issue(world.actor("cityoffice"), version, opinion="可以", seen=version.revision, at=NOW)
    with pytest.raises(NotAllowed):
        drafting.issue(world.actor("leader"), version, opinion="可以", seen=version.revision, at=NOW)


def test_a_draft_that_waits_is_edited_by_nobody_until_it_is_given_back(world: World) -> None:
    who, version = world.actor("cityoffice"), drafted(world)
    drafting.submit(who, version, seen=version.revision, at=NOW)
    with pytest.raises(RegistryError, match="已提交复核"):
        drafting.write_row(who, version, "targets", "T1", TARGET, seen=version.revision, at=NOW)
    drafting.give_back(world.actor("statistics"), version, opinion="目标数有误", seen=version.revision, at=NOW)
    drafting.write_row(who, version, "targets", "T1", TARGET | {"amount": 12}, seen=version.revision, at=NOW)
    assert (version.opinion, version.targets[0].amount) == ("目标数有误", 12)


def test_whoever_saves_over_another_state_of_the_draft_is_told(world: World) -> None:
    who, version = world.actor("cityoffice"), drafted(world)
    seen = version.revision
    drafting.write_row(who, version, "targets", "T1", TARGET | {"amount": 12}, seen=seen, at=NOW)
    with pytest.raises(StaleRecord):
        drafting.write_row(who, version, "targets", "T1", TARGET | {"amount": 13}, seen=seen, at=NOW)


def test_an_amendment_begins_with_all_that_is_in_force_and_changes_nothing_before_its_day(world: World) -> None:
    plan, who = db.session.scalars(select(Plan)).one(), world.actor("cityoffice")
    first = plans.issued(plan)[0]
    version = drafting.amend(who, plan, at=NOW, on=TODAY)
    for name in drafting.ROWS:
        assert [row.code for row in getattr(version, name)] == [row.code for row in getattr(first, name)]
    assert [[one.office.code for one in row.offices] for row in version.measures] == [
        [one.office.code for one in row.offices] for row in first.measures
    ]
    amended = {**{name: getattr(version.targets[0], name) for name in TARGET}, "amount": 4}
    drafting.write_row(who, version, "targets", "T1", amended, seen=version.revision, at=NOW)
    drafting.submit(who, version, seen=version.revision, at=NOW)
    drafting.issue(world.actor("statistics"), version, opinion="已对照", seen=version.revision, at=NOW)
    in_force = [plans.in_force(plan, day) for day in (date(2021, 10, 14), TODAY)]
    assert [one and one.targets[0].amount for one in in_force] == [2, 4]
    assert plans.state_of(plan, TODAY) == "amended"
    again = drafting.amend(who, plan, at=NOW, on=TODAY)
    with pytest.raises(RegistryError, match="施行日期须晚于"):
        drafting.submit(who, again, seen=again.revision, at=NOW)


def test_one_draft_of_a_plan_at_a_time(world: World) -> None:
    plan = db.session.scalars(select(Plan)).one()
    drafting.amend(world.actor("cityoffice"), plan, at=NOW, on=TODAY)
    with pytest.raises(RegistryError, match="已有一份"):
        drafting.amend(world.actor("statistics"), plan, at=NOW, on=TODAY)


@pytest.mark.parametrize(
    "values, wrong",
    [({"industries": "I 999"}, "industries"), ({"industries": ""}, "industries")],
)
def test_a_target_that_cannot_be_counted_is_refused(world: World, values: dict[str, Any], wrong: str) -> None:
    version = drafted(world)
    with pytest.raises(FieldError) as refused:
        drafting.write_row(
            world.actor("cityoffice"), version, "targets", "T1", TARGET | values, seen=version.revision, at=NOW
        )
    assert refused.value.field == wrong


def test_a_measure_without_an_office_is_not_handed_in(world: World) -> None:
    who, version = world.actor("cityoffice"), drafted(world)
    drafting.write_row(who, version, "measures", "三1", MEASURE | {"offices": []}, seen=version.revision, at=NOW)
    with pytest.raises(RegistryError, match="责任单位"):
        drafting.submit(who, version, seen=version.revision, at=NOW)


# -- on pages -------------------------------------------------------------------------------------
def send(client: FlaskClient, path: str, **values: Any) -> Any:
    page = client.get(path).get_data(as_text=True)
    return client.post(path, data={"csrf_token": token_in(page), **hidden(page), **values})


def hidden(page: str) -> dict[str, str]:
    import re

    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    return {"version": found[1]} if found else {}


def test_two_people_make_a_plan_on_pages(app: Flask, build: Build) -> None:
    build(lambda world: None)
    city, statistics = signed_in(app, "cityoffice"), signed_in(app, "statistics")
    head = {
        "code": "2022-2024", "name": HEAD.name, "document_no": HEAD.document_no, "edition": "", "first_year": "2022", "last_year": "2024",
        "valid_from": "2022-01-01", "source": HEAD.source,
    }  # fmt: skip
    answer = send(city, "/plans/new", **head)
    assert answer.status_code == 302
    draft = answer.location
    assert send(city, f"{draft}/rows/targets", **{k: str(v) for k, v in TARGET.items()}).status_code == 302
    assert send(city, f"{draft}/rows/measures", **MEASURE).status_code == 302
    subsidy = {
        "code": "四1",
        "name": "补助",
        "share": "30",
        "lump": "",
        "cap": "50",
        "cap_public": "",
        "basis": "按支出",
        "text": "1.补助。",
        "source": "方案",
        "clause": "四1",
    }
    assert send(city, f"{draft}/rows/subsidies", **subsidy).status_code == 302
    assert (
        send(
            city,
            f"{draft}/rows/working_rules",
            code="五1",
            title="督查",
            text="每季度通报。",
            source="方案",
            clause="五1",
        ).status_code
        == 302
    )
    page = city.get(draft).get_data(as_text=True)
    revision = hidden(page)
    assert city.post(f"{draft}/submission", data={"csrf_token": token_in(page), **revision}).status_code == 302
    assert "复核结论" not in city.get(draft).get_data(as_text=True)
    page = statistics.get(draft).get_data(as_text=True)
    decided = {"csrf_token": token_in(page), **hidden(page), "outcome": "issue", "opinion": "已对照会议纪要"}
    assert statistics.post(f"{draft}/decision", data=decided).status_code == 302
    with app.app_context():
        version = db.session.scalars(
            select(PlanVersion).where(PlanVersion.number == 1).order_by(PlanVersion.id.desc())
        ).first()
        assert version is not None
        assert (version.outcome, version.plan.code, version.targets[0].industries) == ("issued", "2022-2024", "I M")
        assert [one.office.code for one in version.measures[0].offices] == ["science", "441521"]
        assert [float(version.subsidies[0].share or 0), float(version.subsidies[0].cap or 0)] == [0.3, 500_000]
        assert {row.code: row.text for row in version.paragraphs} == {
            "三1": "1.继续培育。",
            "四1": "1.补助。",
            "五1": "每季度通报。",
        }
    listed = signed_in(app, "haifeng").get("/plans").get_data(as_text=True)
    assert HEAD.name in listed


def test_a_county_sees_no_draft(app: Flask, build: Build) -> None:
    number = build(lambda world: drafted(world).id)
    county = signed_in(app, "haifeng")
    assert HEAD.name not in county.get("/plans").get_data(as_text=True)
    assert county.get(f"/plan-drafts/{number}").status_code == 404
    assert HEAD.name in signed_in(app, "leader").get("/plans").get_data(as_text=True)


def test_a_mistyped_row_is_told_at_its_field_and_changes_nothing(app: Flask, build: Build) -> None:
    number = build(lambda world: drafted(world).id)
    city = signed_in(app, "cityoffice")
    sent = {name: str(value) for name, value in TARGET.items()} | {"industries": "I 999"}
    answer = send(city, f"/plan-drafts/{number}/rows/targets?code=T1", **sent)
    assert (answer.status_code, "没有代码为“999”的行业" in answer.get_data(as_text=True)) == (422, True)
    with app.app_context():
        assert db.session.get_one(PlanVersion, number).targets[0].industries == "I M"


@pytest.mark.parametrize(
    "statement",
    [
        "update plan_version set name = 'x' where outcome = 'issued'",
        "delete from plan_version where outcome = 'issued'",
        "update plan_target set amount = 1",
        "update plan_paragraph set text = 'x'",
        "update plan_measure set title = 'x'",
        "update subsidy_item set name = 'x'",
        "update working_rule set title = 'x'",
        "update measure_office set printed = 'x'",
        "delete from measure_office",
        "insert into working_rule (version_id, rank, code, title, source, clause) values (1, 9, 'x', 'x', 'x', 'x')",
    ],
)
def test_the_database_refuses_to_change_an_issued_version(world: World, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()
