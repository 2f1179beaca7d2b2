"""An office is renamed, merged or ended on its day: its history stays, its work goes on with the successor."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import func, select, update

from registry.base.errors import FieldError
from registry.base.extensions import SHANGHAI, clock, db
from registry.base.periods import Quarter
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.tables import Base
from registry.claims.services import claiming
from registry.firms.models.firms import Firm
from registry.imports import queries as imports
from registry.imports.services.columns import of_office, say
from registry.pathway.models import PathwayEvent
from registry.pathway.queries.directory import Past
from registry.people.models import Office, User
from registry.people.queries import people
from registry.people.services import accounts
from registry.proposals.models import Proposal
from registry.quarters.queries import snapshots
from registry.reference.models import Division
from registry.reference.queries import reference
from registry.sheets.byhand import ColumnUse, HeadingChoice
from registry.successions import queries, services
from registry.successions.queries import MOVED, STAYS
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from tests.lives import listed
from tests.quarters.test_freezing import close
from tests.quarters.test_freezing import told as changes_told
from tests.rulesets.test_dictionary import drafted, item, published, refusals, shown
from tests.uploads import applied, undone, uploaded
from tests.uploads import listed as import_file
from tests.world import NOW, PASSWORD, TODAY, World, credit_code, signed_in, token_in

DAY = date(2021, 10, 18)
AT = datetime(2021, 10, 18, 8, 0, tzinfo=SHANGHAI)


def ended(world: World, code: str, successor: str, *, day: date = DAY) -> None:
    published(world, item("offices.csv", code=code, ended=True, successor=successor), start=day)


def acts(verb: str) -> list[TrailEntry]:
    return list(db.session.scalars(select(TrailEntry).where(TrailEntry.verb == verb).order_by(TrailEntry.seq)))


def everything() -> dict[str, list[Any]]:
    """Every row of every table, to see that nothing moved."""
    return {t.name: sorted(map(str, db.session.execute(select(t)))) for t in Base.metadata.sorted_tables}


def test_every_column_that_names_an_office_moves_or_is_history() -> None:
    """A table that comes later has to say which."""
    found = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.target_fullname == "office.id"
    }
    moved = {f"{one.column.class_.__tablename__}.{one.column.key}" for one in MOVED.values()}
    assert (found - moved, moved & STAYS.keys()) == (STAYS.keys(), set())


# -- names ----------------------------------------------------------------------------------------
def test_a_renamed_office_bears_its_new_name_from_its_day_and_its_old_one_before(world: World) -> None:
    firm = world.admitted()
    published(
        world, item("offices.csv", code="industry", name="汕尾市工业和数字化局", short_name="工数局"), start=DAY
    )  # fmt: skip
    services.take_effect(on=TODAY, at=NOW)
    assert people.office("industry").short_name != "工数局"
    before = people.office("industry").short_name
    services.take_effect(on=DAY, at=AT)
    db.session.commit()
    assert people.office("industry").short_name == "工数局"
    assert [(act.before, act.after) for act in acts("rename_office")] == [
        (
            {"name": "汕尾市工业和信息化局", "short_name": before},
            {"name": "汕尾市工业和数字化局", "short_name": "工数局"},
        )
    ]
    told = Past.among(select(Firm.id), since=TODAY)
    assert (told.values(firm.id, TODAY)["lead_bureau"], told.values(firm.id, DAY)["lead_bureau"]) == (before, "工数局")


def test_a_renamed_place_is_known_by_both_names(world: World) -> None:
    published(world, item("divisions.csv", code="441502-Z1", name="红海湾滨海新区", short_name="滨海新区"), start=DAY)
    services.take_effect(on=DAY, at=AT)
    db.session.commit()
    reference.forget_rules()
    assert db.session.get_one(Division, "441502-Z1").short_name == "滨海新区"
    assert {reference.territory().named(name) for name in ("红海湾", "滨海新区", "红海湾经济开发区")} == {"441502-Z1"}


# -- an end ---------------------------------------------------------------------------------------
def test_nothing_is_handed_over_before_its_day_and_twice_is_once(world: World) -> None:
    world.under_review()
    ended(world, "industry", "science")
    services.take_effect(on=TODAY, at=NOW)
    db.session.commit()
    before = everything()
    services.take_effect(on=TODAY, at=NOW)
    db.session.commit()
    assert everything() == before
    services.take_effect(on=DAY, at=AT)
    db.session.commit()
    after = everything()
    assert after != before
    services.take_effect(on=DAY + timedelta(days=1), at=AT)
    db.session.commit()
    assert everything() == after


def test_the_work_of_an_ended_bureau_goes_to_its_successor_as_was_shown(world: World) -> None:
    case, listed = world.under_review(), world.admitted("海丰县可塘设计有限公司")
    other = world.admitted("海丰县南湖咨询有限公司", industry="7244", reviewer="science")
    draft = drafted(world, item("offices.csv", code="industry", ended=True, successor="science"), start=DAY)
    told = {line.label: line.count for line in queries.handed_over("offices.csv", "industry", "science").lines}
    counted = {name: told.get(queries.LABELS[name], 0) for name in ("accounts", "led", "reviews", "firms")}
    assert counted == {"accounts": 2, "led": 2, "reviews": 1, "firms": 0}
    from registry.rulesets.services import drafting

    city = world.actor("cityoffice")
    drafting.publish(city, draft, opinion="与批复一致", seen=draft.version, at=NOW, on=TODAY)
    services.take_effect(on=DAY, at=AT)
    db.session.commit()
    science, industry = people.office("science"), people.office("industry")
    assert (industry.valid_to, industry.successor) == (date(2021, 10, 17), "science")
    assert {firm.lead_bureau_id for firm in (case.firm, listed, other)} == {science.id}
    assert db.session.get_one(Proposal, case.id).reviewing_office_id == science.id
    assert {user.office.code for user in db.session.scalars(select(User).where(User.username.like("industry%")))} == {
        "science"
    }
    assert queries.counts(industry) == dict.fromkeys([*MOVED, "helped"], 0) | {
        "notices": queries.counts(industry)["notices"]
    }
    (end,) = acts("end_office")
    assert (end.after["successor"], end.after["accounts"], end.after["reviews"]) == ("science", 2, 1)
    assert {act.subject_kind for act in acts("hand_over")} == {"firm", "user_account"}
    assert trail.verify().broken is None


def test_whoever_came_with_the_work_goes_on_with_it(world: World) -> None:
    case = world.under_review()
    ended(world, "industry", "science")
    services.take_effect(on=DAY, at=AT)
    db.session.commit()
    from registry.proposals.services import reviews

    again = db.session.get_one(Proposal, case.id)
    reviews.admit(world.actor("industry"), again, industry_checked=True, opinion="", at=AT, on=DAY)
    assert again.firm.stage == "admitted"


def test_the_past_is_told_with_the_bureau_that_was_in_charge_then(world: World) -> None:
    firm = world.admitted()
    before = Past.among(select(Firm.id), since=TODAY).values(firm.id, TODAY)
    ended(world, "industry", "science")
    services.take_effect(on=DAY, at=AT)
    db.session.commit()
    past = Past.among(select(Firm.id), since=TODAY)
    now = past.values(firm.id, TODAY)
    assert {name for name in now if now[name] != before[name]} <= {"version"}
    assert past.values(firm.id, DAY)["lead_bureau"] == reference.office_name("science", DAY)


def test_a_zone_goes_to_its_county_and_the_past_keeps_who_proposed(world: World) -> None:
    firm = world.firm("汕尾高新区智造软件有限公司", by="gaoxin")
    ended(world, "441502-Z2", "441502")
    services.take_effect(on=DAY, at=AT)
    db.session.commit()
    assert db.session.get_one(Firm, firm.id).office.code == "441502"
    past = Past.among(select(Firm.id), since=TODAY)
    assert (past.values(firm.id, TODAY)["proposer"], past.values(firm.id, DAY)["proposer"]) == ("高新区", "城区")


def test_an_office_does_not_review_what_it_nominated_itself_after_a_merger(world: World) -> None:
    case = world.submitted("汕尾市云海软件有限公司", by="haifeng")
    case.office_id = case.firm.office_id = people.office("science").id
    db.session.commit()
    ended(world, "industry", "science", day=TODAY)
    services.take_effect(on=TODAY, at=NOW)
    db.session.commit()
    again = db.session.get_one(Proposal, case.id)
    assert again.reviewing_office_id not in (again.office_id, people.office("industry").id, None)


def test_work_without_a_successor_and_claims_between_the_two_stop_it(world: World) -> None:
    firm = world.firm("汕尾高新区智造软件有限公司", by="gaoxin")
    db.session.commit()
    said = refusals(world, item("offices.csv", code="industry", ended=True, successor=""))
    assert any("须填写接替的机构" in sentence for sentence in said)
    held = db.session.get_one(Firm, firm.id)
    claiming.claim(world.actor("chengqu"), held, people.office("441502"), ground="注册在城区", at=NOW)
    db.session.commit()
    said = refusals(world, item("offices.csv", code="441502-Z2", ended=True, successor="441502"))
    assert any("未决的归属争议" in sentence for sentence in said)


def test_nobody_acts_for_an_ended_office_and_is_told_why(app: Flask, build: Any) -> None:
    def make(world: World) -> int:
        office = people.office("labour")
        user = accounts.create(SYSTEM_ACTOR, username="labour", name="老人社", office=office,
                               roles=("officer",), password=PASSWORD, at=NOW, must_change=False)  # fmt: skip
        user.active = False
        db.session.commit()
        ended(world, "labour", "science", day=TODAY)
        services.take_effect(on=TODAY, at=NOW)
        user.active = True
        return user.id

    build(make)
    browser = signed_in(app, "labour")
    answer = browser.get("/inbox")
    assert (answer.status_code, "已于 2021-10-14 终止" in answer.get_data(as_text=True)) == (403, True)
    assert browser.get("/account/password").status_code in (200, 404)
    with app.app_context():
        with pytest.raises(FieldError):
            people.user("labour")
        assert people.is_over(people.office("labour"), clock.today())


def test_the_page_of_the_draft_shows_what_goes_where_before_anybody_publishes(app: Flask, build: Any) -> None:
    def make(world: World) -> int:
        world.under_review()
        return drafted(world, item("offices.csv", code="industry", ended=True, successor="science"), start=DAY).id

    number = build(make)
    page = shown(signed_in(app, "cityoffice"), f"/rulesets/drafts/{number}")
    assert all(word in page for word in ("移交的工作", "牵头的企业", "待核查或核查中的案件 1", "启用的账号"))


def test_what_is_published_for_today_is_handed_over_at_once(app: Flask, build: Any) -> None:
    def make(world: World) -> tuple[int, int]:
        world.under_review()
        draft = drafted(world, item("offices.csv", code="industry", ended=True, successor="science"), start=TODAY)
        return draft.id, draft.version

    number, version = build(make)
    second = signed_in(app, "cityoffice")
    page = f"/rulesets/drafts/{number}"
    token = token_in(second.get(page).get_data(as_text=True))
    fields = {"csrf_token": token, "version": str(version), "outcome": "publish", "opinion": "与批复一致"}
    assert second.post(f"{page}/decision", data=fields).status_code == 302
    with app.app_context():
        assert people.office("industry").valid_to == date(2021, 10, 14)
        assert (
            db.session.scalar(
                select(func.count(Proposal.id)).where(Proposal.reviewing_office_id == people.office("science").id)
            )
            == 1
        )
    assert "已移交本单位" in shown(signed_in(app, "science"), "/notices")


# -- who leads ------------------------------------------------------------------------------------
def test_firms_follow_a_new_routing_on_its_day_and_cases_in_hand_stay(world: World) -> None:
    listed, case = world.admitted(), world.under_review("海丰县可塘设计有限公司")
    published(world, item("routing.csv", industry_prefix="65", lead="commerce", co_bureaus=""), start=DAY)
    services.take_effect(on=TODAY, at=NOW)
    assert listed.lead_bureau.code == "industry"
    services.take_effect(on=DAY, at=AT)
    db.session.commit()
    assert (listed.lead_bureau.code, listed.co_bureaus, case.firm.lead_bureau.code) == ("commerce", "", "commerce")
    assert db.session.get_one(Proposal, case.id).reviewing_office_id == people.office("industry").id


def test_the_draft_says_how_many_firms_get_another_bureau(app: Flask, build: Any) -> None:
    def make(world: World) -> int:
        world.admitted()
        world.under_review("海丰县可塘设计有限公司")
        world.firm("海丰县南湖咨询有限公司", industry="7244")
        return drafted(world, item("routing.csv", industry_prefix="65", lead="commerce", co_bureaus=""), start=DAY).id

    number = build(make)
    assert "有 2 家企业的牵头或会同部门改变" in shown(signed_in(app, "cityoffice"), f"/rulesets/drafts/{number}")


def test_what_comes_to_an_ended_office_after_its_end_goes_on_the_next_night(world: World) -> None:
    """As an import that was being applied while its office ended."""
    ended(world, "441502-Z2", "441502", day=TODAY)
    services.take_effect(on=TODAY, at=NOW)
    db.session.commit()
    late = world.firm("汕尾高新区智造软件有限公司", by="chengqu")
    late.office_id = people.office("441502-Z2").id
    db.session.commit()
    services.take_effect(on=DAY, at=AT)
    db.session.commit()
    assert db.session.get_one(Firm, late.id).office.code == "441502"
    assert [act.subject_id for act in acts("hand_over") if act.subject_kind == "firm"] == [late.id]


def test_with_the_shipped_data_nothing_takes_effect(world: World) -> None:
    world.admitted()
    world.under_review("海丰县可塘设计有限公司", industry="7244", reviewer="science")
    db.session.commit()
    before = everything()
    services.take_effect(on=TODAY, at=NOW)
    db.session.commit()
    assert everything() == before
    assert [office.code for office in db.session.scalars(select(Office)) if office.valid_to] == []


# -- closed quarters ------------------------------------------------------------------------------
def test_a_closed_quarter_stays_and_the_next_lists_no_correction_of_it(world: World) -> None:
    """New names are no news of a firm; another bureau in charge is, once, and dated."""
    listed(world, "海丰县云谷软件有限公司", 1).figure("700", "2021-06", on=date(2021, 7, 12))
    close(world, Quarter.parse("2021Q2"), date(2021, 7, 20))
    frozen = everything()["snapshot_row"]
    published(
        world,
        item("offices.csv", code="441521", name="海丰县人民政府（新）", short_name="海丰新县"),
        item("divisions.csv", code="441521", name="海丰县（新）", short_name="海丰新县"),
        item("offices.csv", code="industry", ended=True, successor="science"),
        start=TODAY,
    )
    services.take_effect(on=TODAY, at=NOW)
    db.session.commit()
    reference.forget_rules()
    close(world, Quarter.parse("2021Q3"), TODAY)
    assert set(frozen) <= set(everything()["snapshot_row"])
    assert {row["name"] for row in snapshots.rows(snapshots.closed()[0], world.actor("science"))} == {
        "海丰县云谷软件有限公司"
    }
    assert [told for told in changes_told(Quarter.parse("2021Q3")) if "2021Q2" in str(told)] == []


def test_what_was_said_for_an_office_keeps_the_name_it_had_then(app: Flask, build: Any) -> None:
    """The trail, the course of a firm and its dossier of a past day; a list of today shows the new name."""

    def make(world: World) -> int:
        firm = world.admitted()
        published(
            world, item("offices.csv", code="441521", name="海丰新县人民政府", short_name="海丰新县"), start=TODAY
        )
        services.take_effect(on=TODAY, at=NOW)
        db.session.execute(update(PathwayEvent).values(at=NOW - timedelta(days=3)))
        return firm.id

    number = build(make)
    page = html.fromstring(signed_in(app, "cityoffice").get(f"/firms/{number}/course").get_data(as_text=True))
    whole = page.text_content()
    assert ("海丰新县" in whole, "海丰县 · 陈晓" in whole or "海丰县 陈晓" in whole) == (True, True)


def test_the_successor_has_what_was_carried_and_said_of_headings_and_may_take_imports_back(
    world: World, tmp_path: Path
) -> None:
    clerk = db.session.scalars(select(User).where(User.username == "haifeng")).one()
    theirs = db.session.scalars(select(User).where(User.username == "lufeng")).one()
    clerk.office, theirs.office = people.office("441502-Z2"), people.office("441502-Z1")
    db.session.commit()
    for heading in ("园区", "备注甲"):
        say(world.actor("haifeng"), clerk.office, heading, HeadingChoice(ColumnUse.CARRIED), at=NOW)
    say(world.actor("lufeng"), theirs.office, "备注甲", HeadingChoice(ColumnUse.LEFT_OUT), at=NOW)
    db.session.commit()
    content = import_file(
        [("汕尾高新区云谷软件有限公司", credit_code(40), "云谷")], ("企业名称", "统一社会信用代码", "园区")
    )
    number = applied(uploaded(tmp_path, content)).id
    db.session.commit()
    (firm,) = db.session.scalars(select(Firm.id))
    ended(world, "441502-Z2", "441502-Z1")
    services.take_effect(on=DAY, at=AT)
    db.session.commit()
    successor = world.actor("lufeng")
    assert imports.carried_of(successor, [firm]) == {firm: {"园区": "云谷"}}
    said = {key: one.choice.use for key, one in of_office(people.office("441502-Z1").id).items()}
    assert said == {"园区": ColumnUse.CARRIED, "备注甲": ColumnUse.LEFT_OUT}
    batch = db.session.scalars(imports.one(successor, number)).unique().one()
    undone(batch, by="lufeng")
    assert (batch.state, db.session.get_one(Firm, firm).voided_at is None) == ("undone", False)
    after = everything()
    services.take_effect(on=DAY + timedelta(days=1), at=AT)
    db.session.commit()
    assert everything() == after
