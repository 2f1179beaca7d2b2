"""A deputy for the days of an absence: what is seen and done for whom, what is not, and how it ends by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.errors import FieldError, NotAllowed
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.vocabulary import BatchState
from registry.handovers import rules, services
from registry.home.queries import inbox
from registry.imports.models import ImportBatch
from registry.notices.models import Notice
from registry.notices.queries import received
from registry.notices.services import notices
from registry.people.models import Deputy
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of, opened_by
from registry.people.services import sessions
from registry.qualifications.models import QualificationLoad
from registry.qualifications.queries import qualifications
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, Build, World, post, sign_in, signed_in

LAST = TODAY + timedelta(days=6)


def batch(world: World, by: str, filename: str) -> ImportBatch:
    user = world.user(by)
    row = ImportBatch(
        office_id=user.office_id, by_id=user.id, by_name=user.name, filename=filename, year=2021,
        state=BatchState.CHECKED, created_at=NOW, touched_at=NOW,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def load(world: World, by: str, filename: str) -> QualificationLoad:
    user = world.user(by)
    row = QualificationLoad(
        office_id=user.office_id, by_id=user.id, by_name=user.name, at=NOW, filename=filename, sha256="0" * 64,
        rows=[], reading={}, counts={},
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def named(world: World, absent: str = "haifeng", deputy: str = "haifeng2", **days: date) -> Deputy:
    return services.name_deputy(
        world.actor(absent), world.user(absent), world.user(deputy), days.get("first", TODAY), days.get("last", LAST),
        reason="休假", at=NOW, on=TODAY,
    )  # fmt: skip


def here(world: World, who: str, on: date = TODAY) -> Actor:
    """The person as a page of theirs knows them on a day."""
    token = sessions.begin(world.user(who), now=NOW, address="10.1.1.1", browser="")
    db.session.flush()
    opened = opened_by(token, now=NOW, on=on)
    assert opened
    return actor_of(opened[0].user, opened[1])


def files(actor: Actor) -> list[str]:
    return [task.subject for task in inbox.tasks(actor) if task.kind == "batch"]


def test_a_deputy_sees_what_waits_for_the_absent_colleague_from_the_first_day_to_the_last(world: World) -> None:
    batch(world, "haifeng", "9月名单.xlsx")
    batch(world, "haifeng2", "自己的名单.xlsx")
    batch(world, "lufeng", "陆丰名单.xlsx")
    load(world, "haifeng", "资质.xlsx")
    named(world, first=TODAY + timedelta(days=1))
    seen = {
        day: (files(here(world, "haifeng2", TODAY + timedelta(days=day))))
        for day in (0, 1, 6, 7)
    }  # fmt: skip
    both = ["9月名单.xlsx", "自己的名单.xlsx"]
    assert seen == {0: both[1:], 1: both, 6: both, 7: both[1:]}
    standing_in = here(world, "haifeng2", LAST)
    loads = [row.filename for row in db.session.scalars(qualifications.loads_of(standing_in))]
    assert (loads, list(db.session.scalars(qualifications.loads_of(world.actor("haifeng2"))))) == (["资质.xlsx"], [])
    assert inbox.counts(standing_in)["inbox"] == inbox.counts(here(world, "haifeng2"))["inbox"] + 1
    assert files(here(world, "haifeng", LAST)) == ["9月名单.xlsx"]


def test_what_is_about_the_absent_persons_account_stays_theirs(world: World) -> None:
    absent = world.user("haifeng")
    notices.tell(absent.office_id, "account_password", {"asked": "甲", "confirmed": "乙"}, at=NOW, user=absent)
    notices.tell(absent.office_id, "bulletin_returned", {"quarter": "2021Q3", "reason": "改"}, at=NOW, user=absent)
    named(world)
    seen = [row.kind for row in db.session.scalars(received.unread(here(world, "haifeng2")))]
    assert seen == ["deputy_named", "bulletin_returned"]
    assert [row.kind for row in db.session.scalars(received.unread(world.actor("haifeng2")))] == ["deputy_named"]


def test_both_are_told_and_the_trail_says_who_said_so(world: World) -> None:
    named(world)
    told = {row.kind: (row.user_id, row.values) for row in db.session.scalars(select(Notice))}
    days = {"first": "2021-10-15", "last": "2021-10-21"}
    assert told == {
        "deputy_named": (world.user("haifeng2").id, {"absent": "陈晓", **days}),
        "deputy_absent": (world.user("haifeng").id, {"deputy": "陈岚", **days}),
    }
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "name_deputy")).one()
    after = {"deputy": "陈岚", "first_on": "2021-10-15", "last_on": "2021-10-21"}
    assert (act.actor_name, act.subject_kind, act.after, act.reason) == ("陈晓", "user_account", after, "休假")


def test_what_a_deputy_does_says_for_whom(world: World) -> None:
    row, own = batch(world, "haifeng", "9月名单.xlsx"), batch(world, "haifeng2", "自己的.xlsx")
    named(world)
    who = here(world, "haifeng2")
    for one in (row, own):
        trail.record(who, "discard_import", one, at=NOW)
    acts = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "discard_import").order_by(TrailEntry.seq))
    assert [(act.actor_name, act.after) for act in acts] == [("陈岚", {"acting_for": "陈晓"}), ("陈岚", None)]


def test_what_a_deputy_says_of_what_the_absent_colleague_entered_is_their_own_act(world: World) -> None:
    """A paper is the office's and nobody's to settle: whoever checks or voids it does it for nobody."""
    paper = world.document(world.firm("海丰县云帆软件有限公司"))
    assert paper.by_id == world.user("haifeng").id
    named(world)
    trail.record(here(world, "haifeng2"), "void_document", paper, at=NOW, after={"reason": "重复"})
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "void_document")).one()
    assert (act.actor_name, act.after) == ("陈岚", {"reason": "重复"})


@pytest.mark.parametrize(
    "deputy, first, last, field, sentence",
    [
        ("lufeng", TODAY, LAST, "deputy", rules.NOT_A_COLLEAGUE),
        ("haifeng", TODAY, LAST, "deputy", rules.NOT_A_COLLEAGUE),
        ("haifeng2", None, LAST, "first_on", rules.FIRST_NEEDED),
        ("haifeng2", TODAY, None, "last_on", rules.LAST_NEEDED),
        ("haifeng2", LAST, TODAY, "last_on", rules.LAST_BEFORE_FIRST),
        ("haifeng2", date(2021, 10, 1), date(2021, 10, 14), "last_on", rules.LAST_IS_OVER),
        ("haifeng2", TODAY, TODAY + timedelta(days=184), "last_on", rules.TOO_LONG),
    ],
)
def test_what_cannot_stand_is_said_at_its_field(
    world: World, deputy: str, first: date | None, last: date | None, field: str, sentence: str
) -> None:
    with pytest.raises(FieldError) as refused:
        services.name_deputy(
            world.actor("haifeng"), world.user("haifeng"), world.user(deputy), first, last, at=NOW, on=TODAY
        )
    assert (refused.value.field, refused.value.template) == (field, sentence)
    assert db.session.scalars(select(Deputy)).all() == []


def test_half_a_year_is_the_longest_and_two_at_once_are_refused(world: World) -> None:
    named(world, last=TODAY + timedelta(days=183))
    with pytest.raises(FieldError) as refused:
        named(world, first=TODAY + timedelta(days=183), last=TODAY + timedelta(days=190))
    assert refused.value.template == rules.OVERLAPS
    named(world, first=TODAY + timedelta(days=184), last=TODAY + timedelta(days=190))


def test_a_colleague_who_moved_to_another_office_stands_in_no_more(world: World) -> None:
    batch(world, "haifeng", "9月名单.xlsx")
    named(world)
    assert files(here(world, "haifeng2")) == ["9月名单.xlsx"]
    world.user("haifeng2").office_id = people.office("441581").id
    db.session.flush()
    db.session.expire_all()
    assert (here(world, "haifeng2").stands_in_for, files(here(world, "haifeng2"))) == ((), [])


def test_it_is_no_chain_and_gives_no_right(world: World) -> None:
    """Whoever stands in for somebody who stands in for a third sees nothing of the third; roles stay what they are."""
    batch(world, "industry", "工信名单.xlsx")
    named(world, absent="industry", deputy="industry2")
    before, after = world.actor("industry2"), here(world, "industry2")
    assert (after.roles, after.office_id) == (before.roles, before.office_id)
    assert after.stands_in_for == ((world.user("industry").id, "吴工"),)
    named(world, absent="industry2", deputy="industry")
    assert here(world, "industry").stands_in_for == ((world.user("industry2").id, "何工"),)


def test_who_may_name_and_end_it(world: World) -> None:
    absent = world.user("haifeng")
    for who in ("haifeng2", "cityoffice", "secadmin", "auditadmin", "lufeng"):
        with pytest.raises(NotAllowed):
            services.name_deputy(
                world.actor(who), absent, world.user("haifeng2"), TODAY, LAST, at=NOW, on=TODAY
            )  # fmt: skip
    row = services.name_deputy(world.actor("sysadmin"), absent, world.user("haifeng2"), TODAY, LAST, at=NOW, on=TODAY)
    assert row.by_name == "系统员"
    for who in ("haifeng2", "cityoffice", "secadmin"):
        with pytest.raises(NotAllowed):
            services.end_deputy(world.actor(who), row, at=NOW)
    services.end_deputy(world.actor("haifeng"), row, at=NOW)
    assert here(world, "haifeng2").stands_in_for == ()
    with pytest.raises(NotAllowed):
        services.end_deputy(world.actor("haifeng"), row, at=NOW)


# -- pages ----------------------------------------------------------------------------------------
def words(page: str) -> str:
    return " ".join(html.fromstring(page).find(".//main").text_content().split())


def test_the_person_names_a_deputy_on_their_own_page_and_ends_it(app: Flask, client: FlaskClient, build: Build) -> None:
    build(lambda world: batch(world, "haifeng", "9月名单.xlsx").id)
    sign_in(client, "haifeng")
    page = client.get("/account/deputy").get_data(as_text=True)
    assert "待确认的导入文件 1 件" in words(page)
    names = [option.text for option in html.fromstring(page).get_element_by_id("deputy").iter("option")]
    assert names == [None, "陈岚 haifeng2"]
    with app.app_context():
        chosen = people.user("haifeng2").id
    sent = {"deputy": chosen, "first_on": "2021-10-15", "last_on": "2021-10-21", "reason": "休假"}
    answer = post(client, "/account/deputy", sent, page="/account/deputy")
    assert answer.status_code == 302
    listed = words(client.get("/account/deputy").get_data(as_text=True))
    assert ("2021-10-15 至 2021-10-21" in listed, "代办中" in listed) == (True, True)
    deputy = signed_in(app, "haifeng2")
    assert "9月名单.xlsx" in deputy.get("/inbox").get_data(as_text=True)
    assert "陈晓" in words(deputy.get("/account/deputy").get_data(as_text=True))
    assert post(deputy, "/deputies/1/end").status_code == 404
    assert post(client, "/deputies/1/end").status_code == 302
    assert "9月名单.xlsx" not in deputy.get("/inbox").get_data(as_text=True)
    assert post(signed_in(app, "lufeng"), "/deputies/1/end").status_code == 404


def test_days_that_cannot_stand_are_said_at_their_field_and_nothing_typed_is_lost(
    app: Flask, client: FlaskClient, world: World
) -> None:
    sign_in(client, "haifeng")
    sent = {
        "deputy": world.user("haifeng2").id, "first_on": "2021-10-20", "last_on": "2021-10-18", "reason": "培训",
    }  # fmt: skip
    answer = post(client, "/account/deputy", sent, page="/account/deputy")
    page = html.fromstring(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert [" ".join(p.text_content().split()) for p in page.find_class("field-error")] == [rules.LAST_BEFORE_FIRST]
    assert page.get_element_by_id("reason").value == "培训"


def test_nobody_pays_for_deputies_with_a_statement_more(app: Flask, client: FlaskClient, build: Build) -> None:
    """Who stands in for whom comes along with the session."""
    sign_in(client, "haifeng2")
    client.get("/notices")
    with queries_counted(app) as alone:
        client.get("/notices")
    build(lambda world: named(world).id)
    post(client, "/notices/read", page="/notices")
    with queries_counted(app) as standing_in:
        client.get("/notices")
    assert len([text for text in standing_in if "FROM web_session" in text]) == 1
    assert len(standing_in) == len(alone)


def test_the_administrator_of_accounts_names_one_for_somebody_who_cannot(app: Flask, world: World) -> None:
    admin = signed_in(app, "sysadmin")
    absent, deputy = world.user("haifeng").id, world.user("haifeng2").id
    sent = {"deputy": deputy, "first_on": "2021-10-15", "last_on": "2021-10-21"}
    assert post(admin, f"/users/{absent}/deputy", sent, page=f"/users/{absent}/deputy").status_code == 302
    assert "代办中" in words(admin.get(f"/users/{absent}").get_data(as_text=True))
    assert signed_in(app, "secadmin").get(f"/users/{absent}/deputy").status_code == 404
    assert post(admin, "/deputies/1/end").status_code == 302
    assert db.session.scalars(select(Deputy.ended_by_name)).one() == "系统员"


def test_a_moment_is_not_a_day(world: World) -> None:
    """Just before midnight of the last day the deputy is one still."""
    named(world, last=TODAY)
    late = datetime.combine(TODAY, NOW.timetz().replace(hour=23, minute=59))
    token = sessions.begin(world.user("haifeng2"), now=late, address="", browser="")
    db.session.flush()
    opened = opened_by(token, now=late, on=late.date())
    assert opened is not None
    assert opened[1] == ((world.user("haifeng").id, "陈晓"),)
