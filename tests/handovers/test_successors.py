"""What a person has open goes to a successor: counted before, once, with the roles it needs, and told to both."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR, can
from registry.base.vocabulary import BatchState, Role
from registry.handovers import queries, rules, services
from registry.handovers.models import Handover
from registry.imports.models import ImportBatch
from registry.ledger.models import LedgerView
from registry.notices.models import Notice
from registry.notices.services import notices
from registry.people.queries import people
from registry.people.services import accounts
from registry.plans.models import PlanTask, PlanVersion
from registry.plans.queries import pending as planned
from registry.reference.rules.versions import RuleSetKind
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts
from registry.rulesets.services import drafting
from registry.trail.models import TrailEntry
from registry.trail.services import trail as trail_
from tests.handovers.test_deputies import batch, load, words
from tests.queries_counted import queries_counted
from tests.world import NOW, PASSWORD, TODAY, World, post, sign_in, signed_in


def open_of(world: World, who: str) -> dict[str, int]:
    return {line.name: line.count for line in queries.open_lines(world.user(who))}


def handed(world: World, giver: str, taker: str, **given: object) -> Handover:
    return services.hand_over(
        world.actor("sysadmin"), world.user(giver), world.user(taker), seen=open_of(world, giver),
        reason="调离，海组干〔2021〕31号", at=NOW, **given,
    )  # fmt: skip


def full_desk(world: World) -> None:
    """Of every kind that a clerk can have open one or two, and beside each something that is not theirs or not open."""
    batch(world, "haifeng", "甲.xlsx")
    batch(world, "haifeng", "乙.xlsx").state = BatchState.APPLIED
    batch(world, "haifeng2", "丙.xlsx")
    load(world, "haifeng", "资质.xlsx")
    world.submitted()
    world.admitted("海丰县星河数据有限公司")
    absent = world.user("haifeng")
    notices.tell(absent.office_id, "account_roles", {"asked": "甲", "confirmed": "乙"}, at=NOW, user=absent)
    notices.tell(absent.office_id, "bulletin_returned", {"quarter": "2021Q3", "reason": "改"}, at=NOW, user=absent)
    db.session.flush()


def test_what_is_open_is_counted_and_moves_once(world: World) -> None:
    full_desk(world)
    counts = {"notices": 1, "nominations": 1, "imports": 1, "qualification_files": 1}
    assert (open_of(world, "haifeng"), open_of(world, "haifeng2")) == (counts, {"imports": 1})
    kept = handed(world, "haifeng", "haifeng2")
    assert (kept.counts, kept.total) == (counts, 4)
    assert (open_of(world, "haifeng"), open_of(world, "haifeng2")) == ({}, {**counts, "imports": 2})
    with pytest.raises(RegistryError) as refused:
        handed(world, "haifeng", "haifeng2")
    assert refused.value.template == rules.NOTHING_OPEN
    names = select(ImportBatch.filename, ImportBatch.by_id, ImportBatch.by_name).order_by(ImportBatch.filename)
    mine, taken = world.user("haifeng").id, world.user("haifeng2").id
    # who brought a file stays written on it; whose it is now is another matter
    rows = [tuple(row) for row in db.session.execute(names)]
    assert rows == [("丙.xlsx", taken, "陈岚"), ("乙.xlsx", mine, "陈晓"), ("甲.xlsx", taken, "陈晓")]


def test_the_trail_holds_each_thing_and_the_counts_and_both_are_told(world: World) -> None:
    full_desk(world)
    handed(world, "haifeng", "haifeng2")
    acts = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "hand_over_work").order_by(TrailEntry.seq))
    told = [(act.subject_kind, act.before, act.after) for act in acts]
    moved = ({"person": "陈晓"}, {"person": "陈岚"})
    whole = {
        "taker": "陈岚", "total": 4, "notices": 1, "nominations": 1, "imports": 1, "qualification_files": 1,
    }  # fmt: skip
    assert told == [
        ("notice", *moved),
        ("proposal", *moved),
        ("qualification_load", *moved),
        ("import_batch", *moved),
        ("user_account", None, whole),
    ]
    assert trail_.verify().broken is None
    rows = db.session.scalars(select(Notice).where(Notice.kind.like("work%")).order_by(Notice.id))
    values = {"giver": "陈晓", "taker": "陈岚", "count": 4}
    assert [(row.kind, row.user_id, row.values) for row in rows] == [
        ("work_received", world.user("haifeng2").id, values),
        ("work_given", world.user("haifeng").id, values),
    ]


def test_a_review_taken_up_goes_to_an_officer_of_the_bureau_and_stays_independent(world: World) -> None:
    proposal = world.under_review()
    assert open_of(world, "industry") == {"reviews": 1}
    handed(world, "industry", "industry2")
    assert (proposal.reviewer_id, proposal.version > 1) == (world.user("industry2").id, True)
    # the nomination goes to a colleague, and neither of the two ever decides it
    handed(world, "haifeng", "haifeng2")
    assert proposal.proposer_id == world.user("haifeng2").id
    assert [can(world.actor(who), "review.decide", proposal) for who in ("haifeng", "haifeng2", "industry2")] == [
        False, False, True,
    ]  # fmt: skip


def test_no_role_is_granted_by_a_hand_over(world: World) -> None:
    accounts.create(
        SYSTEM_ACTOR, username="haifeng3", name="陈新", office=people.office("441521"), roles=[Role.AUDITOR],
        password=PASSWORD, at=NOW, must_change=False,
    )  # fmt: skip
    batch(world, "haifeng", "甲.xlsx")
    assert [
        user.username for user in queries.successors(world.user("haifeng"), queries.open_lines(world.user("haifeng")))
    ] == ["haifeng2"]
    with pytest.raises(FieldError) as refused:
        handed(world, "haifeng", "haifeng3")
    assert (refused.value.field, refused.value.template) == ("taker", rules.ROLE_MISSING)
    assert str(refused.value).startswith("“待确认的导入文件”须由具有下列角色之一的同事接任：市培育办、经办员")
    assert world.user("haifeng3").roles == [Role.AUDITOR]
    assert open_of(world, "haifeng") == {"imports": 1}


def test_only_a_colleague_of_the_office_takes_over(world: World) -> None:
    batch(world, "haifeng", "甲.xlsx")
    for who in ("lufeng", "haifeng"):
        with pytest.raises(FieldError) as refused:
            handed(world, "haifeng", who)
        assert refused.value.template == rules.NOT_A_COLLEAGUE
    accounts.stop(world.actor("sysadmin"), world.user("haifeng2"), at=NOW, reason="离职")
    assert queries.colleagues(world.user("haifeng")) == []


def test_who_may_hand_over_and_with_which_counts(world: World) -> None:
    batch(world, "haifeng", "甲.xlsx")
    giver, taker = world.user("haifeng"), world.user("haifeng2")
    for who in ("haifeng", "haifeng2", "cityoffice", "secadmin", "auditadmin"):
        with pytest.raises(NotAllowed):
            services.hand_over(world.actor(who), giver, taker, seen={"imports": 1}, reason="调离", at=NOW)
    with pytest.raises(ReasonNeeded):
        services.hand_over(world.actor("sysadmin"), giver, taker, seen={"imports": 1}, reason=" ", at=NOW)
    with pytest.raises(RegistryError) as refused:
        services.hand_over(world.actor("sysadmin"), giver, taker, seen={"imports": 2}, reason="调离", at=NOW)
    assert refused.value.template == rules.COUNTS_CHANGED
    assert db.session.scalar(select(func.count()).select_from(Handover)) == 0


def statistician(world: World) -> None:
    accounts.create(
        SYSTEM_ACTOR, username="statistics2", name="赵新", office=people.office("statistics"),
        roles=[Role.STATISTICIAN], password=PASSWORD, at=NOW, must_change=False,
    )  # fmt: skip


def draft(world: World) -> RuleDraft:
    row = RuleDraft(
        kind=RuleSetKind.REFERENCE, title="区划更名", contents={}, valid_from=date(2021, 11, 1), source="民函〔2021〕1号",
        prepared_by_id=world.user("statistics").id, prepared_by_name="赵统", prepared_at=NOW, submitted_at=NOW,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def test_whoever_had_a_draft_before_never_checks_it(world: World) -> None:
    """Two people stay two: the one who prepared it does not come back as the one who checks it."""
    statistician(world)
    row = draft(world)
    handed(world, "statistics", "statistics2")
    handed(world, "statistics2", "statistics")
    assert (row.prepared_by_id, row.prepared_by_name) == (world.user("statistics").id, "赵统")
    assert row.former_hands == f",{world.user('statistics').id},{world.user('statistics2').id},"
    people_ = ("statistics", "statistics2", "cityoffice")
    assert [can(world.actor(who), "ruleset.publish", row) for who in people_] == [False, False, True]
    assert [len(list(db.session.scalars(drafts.to_check(world.actor(who))))) for who in people_] == [0, 0, 1]
    with pytest.raises(RegistryError):
        drafting.publish(world.actor("statistics2"), row, seen=row.version, opinion="同意", at=NOW, on=TODAY)


def test_a_plan_does_not_wait_for_whoever_had_it_before(world: World) -> None:
    """Home counts what can be checked: the one who handed it over cannot."""
    statistician(world)
    row = PlanVersion(
        plan_id=1, number=9, name="修订稿", first_year=2021, last_year=2021, valid_from=TODAY, submitted_at=NOW,
        prepared_by_id=world.user("statistics").id, prepared_by_name="赵统", prepared_at=NOW,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    handed(world, "statistics", "statistics2")
    waits = {who: planned.to_check(world.actor(who)) for who in ("statistics", "statistics2", "cityoffice")}
    assert [len(list(db.session.scalars(rows))) for rows in waits.values()] == [0, 0, 1]
    assert [can(world.actor(who), "plan.issue", row) for who in waits] == [False, False, True]


def test_a_task_that_names_the_person_names_the_successor(world: World) -> None:
    user = world.user("haifeng")
    common = {
        "plan_id": 1, "measure": "1", "deliverable": "清单", "starts_on": TODAY, "due_on": date(2021, 12, 31),
        "by_id": world.user("cityoffice").id, "by_name": "王培", "at": NOW,
    }  # fmt: skip
    mine = PlanTask(office_id=user.office_id, title="走访", person="陈晓", **common)
    done = PlanTask(office_id=user.office_id, title="摸底", person="陈晓", done_on=TODAY, **common)
    namesake = PlanTask(office_id=world.user("lufeng").office_id, title="培训", person="陈晓", **common)
    db.session.add_all([mine, done, namesake])
    db.session.flush()
    assert open_of(world, "haifeng") == {"tasks": 1}
    handed(world, "haifeng", "haifeng2")
    assert [row.person for row in (mine, done, namesake)] == ["陈岚", "陈晓", "陈晓"]


def test_saved_views_keep_their_names_or_say_whose_they_were(world: World) -> None:
    for who, name in (("haifeng", "临近达标"), ("haifeng", "缺材料"), ("haifeng2", "临近达标")):
        db.session.add(LedgerView(owner_id=world.user(who).id, name=name, query="stage=admitted", at=NOW))
    db.session.flush()
    assert open_of(world, "haifeng") == {"views": 2}
    handed(world, "haifeng", "haifeng2")
    named = select(LedgerView.name).where(LedgerView.owner_id == world.user("haifeng2").id).order_by(LedgerView.id)
    assert list(db.session.scalars(named)) == ["临近达标（陈晓）", "缺材料", "临近达标"]


@pytest.mark.parametrize(
    "taken, told",
    [
        (set(), "临近达标"),
        ({"临近达标"}, "临近达标（陈晓）"),
        ({"临近达标", "临近达标（陈晓）"}, "临近达（陈晓2）"),
    ],
)
def test_names_that_both_have_are_told_apart(taken: set[str], told: str) -> None:
    assert rules.told_apart("临近达标", taken, "陈晓", 8) == told


def test_all_of_it_is_counted_in_one_statement(app: Flask, world: World) -> None:
    full_desk(world)
    user = world.user("haifeng")
    with queries_counted(app) as counted:
        queries.open_lines(user)
    assert len(counted) == 1


# -- pages ----------------------------------------------------------------------------------------
def seen_in(page: str) -> str:
    return html.fromstring(page).get_element_by_id("seen").value


def test_the_administrator_sees_counts_and_no_rows_and_hands_over(
    app: Flask, client: FlaskClient, world: World
) -> None:
    full_desk(world)
    db.session.commit()
    giver, taker = world.user("haifeng").id, world.user("haifeng2").id
    sign_in(client, "sysadmin")
    address = f"/users/{giver}/handover"
    page = client.get(address).get_data(as_text=True)
    shown = words(page)
    assert "待确认的导入文件 1" in shown
    assert [text for text in ("甲.xlsx", "云谷软件", "资质.xlsx", "2021Q3") if text in page] == []
    sent = {"taker": taker, "reason": "调离", "seen": seen_in(page)}
    answer = post(client, address, sent, page=address)
    assert answer.status_code == 302
    shown = words(client.get(f"/users/{giver}").get_data(as_text=True))
    assert ("已办交接" in shown, "待确认的导入文件 1 件" in shown, "甲.xlsx" in shown) == (True, True, False)
    assert "该账号没有需要交接的事项" in words(client.get(address).get_data(as_text=True))
    assert "甲.xlsx" in signed_in(app, "haifeng2").get("/inbox").get_data(as_text=True)
    assert signed_in(app, "secadmin").get(address).status_code == 403


def test_counts_that_moved_on_are_shown_anew_and_nothing_is_moved(
    app: Flask, client: FlaskClient, world: World
) -> None:
    batch(world, "haifeng", "甲.xlsx")
    db.session.commit()
    giver, taker = world.user("haifeng").id, world.user("haifeng2").id
    sign_in(client, "sysadmin")
    address = f"/users/{giver}/handover"
    old = seen_in(client.get(address).get_data(as_text=True))
    batch(world, "haifeng", "乙.xlsx")
    db.session.commit()
    answer = post(client, address, {"taker": taker, "reason": "调离", "seen": old}, page=address)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, rules.COUNTS_CHANGED in page, "待确认的导入文件 2" in words(page)) == (422, True, True)
    again = {"taker": taker, "reason": "调离", "seen": seen_in(page)}
    assert post(client, address, again, page=address).status_code == 302


def test_stopping_an_account_asks_for_the_successor_when_anything_is_open(
    app: Flask, client: FlaskClient, world: World
) -> None:
    batch(world, "haifeng", "甲.xlsx")
    db.session.commit()
    giver, taker, other = (world.user(name).id for name in ("haifeng", "haifeng2", "lufeng"))
    sign_in(client, "sysadmin")
    address = f"/users/{giver}/standing"
    page = client.get(address).get_data(as_text=True)
    options = [option.get("value") for option in html.fromstring(page).get_element_by_id("taker").iter("option")]
    assert options == ["", str(taker), rules.LATER]
    sent = {"active": "no", "reason": "离职", "seen": seen_in(page)}
    refused = post(client, address, sent, page=address)
    assert (refused.status_code, world.user("haifeng").active) == (422, True)
    assert post(client, address, {**sent, "taker": taker}, page=address).status_code == 302
    db.session.expire_all()
    assert db.session.scalars(select(ImportBatch.by_id)).one() == taker
    assert re.search("停用", client.get(f"/users/{giver}").get_data(as_text=True))
    # nothing open: nothing is asked
    plain = client.get(f"/users/{other}/standing").get_data(as_text=True)
    assert "接任人" not in plain
    assert post(client, f"/users/{other}/standing", {"active": "no", "reason": "离职"}).status_code == 302


def test_what_was_left_for_later_is_handed_over_later(app: Flask, client: FlaskClient, world: World) -> None:
    batch(world, "haifeng", "甲.xlsx")
    db.session.commit()
    giver, taker = world.user("haifeng").id, world.user("haifeng2").id
    sign_in(client, "sysadmin")
    page = client.get(f"/users/{giver}/standing").get_data(as_text=True)
    sent = {"active": "no", "reason": "离职", "seen": seen_in(page), "taker": rules.LATER}
    assert post(client, f"/users/{giver}/standing", sent).status_code == 302
    address = f"/users/{giver}/handover"
    page = client.get(address).get_data(as_text=True)
    answer = post(client, address, {"taker": taker, "reason": "接任", "seen": seen_in(page)})
    db.session.expire_all()
    assert (answer.status_code, db.session.scalars(select(ImportBatch.by_id)).one()) == (302, taker)
