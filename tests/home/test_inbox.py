"""What waits for whom, and what it costs to ask."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import current_app

from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.vocabulary import Role
from registry.bundles.models import DocumentBundle
from registry.claims.services import claiming
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.home.queries import inbox
from registry.nudges.services import nudging
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.people.services import accounts
from registry.proposals.models import Proposal
from registry.proposals.queries import waiting as waiting_
from registry.proposals.services import proposals, reviews
from registry.workbooks.rules import ReturnState
from tests.queries_counted import queries_counted
from tests.workbooks.filled import changed, issued, put, sent
from tests.world import NOW, PASSWORD, TODAY, World

NAMES = ("海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司", "海丰县银瓶智能有限公司")


def returned(world: World, name: str, **options: object) -> Proposal:
    proposal = world.under_review(name, **options)
    reviews.send_back(
        world.actor("industry"),
        proposal,
        reason_code="R02",
        cells={"industry": "请核对", "activity": "请写具体"},
        note="",
        at=NOW,
        on=TODAY,
    )
    return proposal


def kinds(world: World, who: str) -> list[tuple[str, str, str, int]]:
    return [(task.kind, task.subject, task.origin, task.count) for task in inbox.tasks(world.actor(who))]


def test_each_task_waits_for_those_who_can_do_it_and_for_nobody_else(world: World) -> None:
    world.submitted(NAMES[0])
    mending = returned(world, NAMES[1])
    firm = world.admitted(NAMES[2])
    claiming.claim(world.actor("lufeng"), firm, world.user("lufeng").office, ground="实际经营地在陆丰", at=NOW)
    world.firm(NAMES[3])
    waiting = {
        who: kinds(world, who)
        for who in ("haifeng", "haifeng2", "lufeng", "industry", "science", "cityoffice", "leader")
    }
    mend = [("claim", firm.name, "陆丰市", 0), ("mend", mending.firm.name, "市工信局", 2)]
    assert waiting == {
        "haifeng": mend,
        "haifeng2": mend,
        "lufeng": [],
        "industry": [("review", NAMES[0], "海丰县", 0)],
        "science": [],
        "cityoffice": [("claim", firm.name, "陆丰市", 0)],
        "leader": [],
    }


def test_what_came_back_and_was_not_settled_waits_too(world: World) -> None:
    """A workbook for whoever brought it, papers in bulk for their office; settled, they wait no more."""
    world.firm(NAMES[0])
    db.session.commit()
    row = sent(changed(issued(), put(NAMES[0], "主营业务", "软件开发")))
    haifeng = world.user("haifeng").office
    bundle = DocumentBundle(filename="9月利润表.zip", office_id=haifeng.id, by_name="陈晓", at=NOW)
    db.session.add(bundle)
    db.session.commit()
    both = [("workbook", row.filename, "海丰县", 0), ("bundle", "9月利润表.zip", "陈晓", 0)]
    assert sorted(kinds(world, "haifeng")) == sorted(both)
    assert inbox.counts(world.actor("haifeng"))["inbox"] == 2
    assert kinds(world, "haifeng2") == both[1:]
    assert kinds(world, "lufeng") == kinds(world, "cityoffice") == []
    bundle.outcome = "given_up"
    row.state = ReturnState.DISCARDED
    db.session.commit()
    assert kinds(world, "haifeng") == []


def test_the_menu_counts_what_the_inbox_lists(world: World) -> None:
    world.submitted(NAMES[0])
    world.submitted(NAMES[1])
    returned(world, NAMES[2])
    none = {"review": 0, "claims": 0, "pairs": 0, "notices": 0, "rules": 0, "approvals": 0, "tokens": 0}
    assert inbox.counts(world.actor("industry")) == none | {"inbox": 2, "review": 2, "notices": 3}
    assert inbox.counts(world.actor("haifeng")) == none | {"inbox": 1, "notices": 1}


def test_a_case_that_was_mended_is_named_so(world: World) -> None:
    proposal = returned(world, NAMES[0])
    entries.edit(world.actor("haifeng"), proposal.firm, {"industry": "6531"}, at=NOW, on=TODAY)
    proposals.submit(world.actor("haifeng"), proposal.firm, at=NOW, on=TODAY)
    assert kinds(world, "industry") == [("review_again", NAMES[0], "海丰县", 0)]


def test_the_longest_waiting_comes_first(world: World) -> None:
    cases = [world.submitted(name) for name in NAMES[:3]]
    for case, days in zip(cases, (1, 9, 4), strict=True):
        case.waiting_since = NOW - timedelta(days=days)
    db.session.flush()
    assert [task.subject for task in inbox.tasks(world.actor("industry"))] == [NAMES[1], NAMES[2], NAMES[0]]


def test_a_task_says_how_often_it_was_nudged_since_it_last_moved(world: World) -> None:
    nudged, other = world.submitted(NAMES[0]), world.submitted(NAMES[1])
    for who in ("haifeng", "cityoffice"):
        nudging.nudge_case(world.actor(who), nudged, at=NOW, on=TODAY)
    assert {task.subject_id: task.nudged for task in inbox.tasks(world.actor("industry"))} == {
        nudged.id: 2,
        other.id: 0,
    }
    reviews.take_up(world.actor("industry"), nudged, at=NOW, on=TODAY)
    assert [task.nudged for task in inbox.tasks(world.actor("industry"))] == [0, 0]


def test_a_claim_carries_its_last_day(world: World) -> None:
    claiming.claim(world.actor("lufeng"), world.firm(NAMES[0]), world.user("lufeng").office, ground="属实", at=NOW)
    assert [task.due_on for task in inbox.tasks(world.actor("cityoffice"))] == [date(2021, 10, 29)]


def test_an_inbox_is_bounded(world: World) -> None:
    for name in NAMES:
        world.submitted(name)
    assert len(inbox.tasks(world.actor("industry"), limit=2)) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_takes_four_statements_whatever_its_length(world: World, rows: int) -> None:
    for name in NAMES[:rows]:
        returned(world, name)
    db.session.commit()
    who = world.actor("haifeng")
    db.session.expire_all()
    with queries_counted(current_app._get_current_object()) as seen:  # type: ignore[attr-defined]
        assert len(inbox.tasks(who)) == rows
    assert len(seen) == 4


def test_counts_are_one_statement(world: World) -> None:
    who = world.actor("industry")
    with queries_counted(current_app._get_current_object()) as seen:  # type: ignore[attr-defined]
        inbox.counts(who)
    assert len(seen) == 1


def test_a_voided_firm_waits_for_nobody(world: World) -> None:
    proposal = world.submitted(NAMES[0])
    proposal.firm.voided_at = NOW
    db.session.flush()
    assert kinds(world, "industry") == []


def test_done_and_started_are_the_persons_own(world: World) -> None:
    world.admitted(NAMES[0])
    done = {
        who: [e.action for e in db.session.scalars(inbox.done(world.actor(who)))]
        for who in ("industry", "haifeng", "haifeng2")
    }
    assert done == {"industry": ["admit", "take_up"], "haifeng": ["submit", "create"], "haifeng2": []}
    started = {
        who: len(db.session.scalars(inbox.started(world.actor(who))).unique().all())
        for who in ("haifeng", "haifeng2", "industry")
    }
    assert started == {"haifeng": 1, "haifeng2": 0, "industry": 0}


def test_who_changes_office_leaves_the_former_office_s_firms_behind(world: World) -> None:
    world.submitted(NAMES[0])
    moved = world.user("haifeng")
    moved.office = people.office("441581")
    db.session.flush()
    assert list(db.session.scalars(inbox.done(actor_of(moved)))) == []


def test_the_queue_of_those_who_see_all_holds_every_bureau_s_cases(world: World) -> None:
    world.submitted(NAMES[0])
    world.submitted("海丰县正衡检测技术有限公司", industry="7452", wan="1080")
    seen = {
        who: [p.firm.name for p in db.session.scalars(waiting_.queue(world.actor(who))).unique()]
        for who in ("industry", "market", "science", "leader", "cityoffice", "haifeng")
    }
    both = [NAMES[0], "海丰县正衡检测技术有限公司"]
    assert seen == {
        "industry": both[:1],
        "market": both[1:],
        "science": [],
        "leader": both,
        "cityoffice": both,
        "haifeng": [],
    }


def test_a_returned_firm_of_the_city_waits_for_the_city_office(world: World) -> None:
    accounts.create(
        SYSTEM_ACTOR, username="scienceclerk", name="许员", office=people.office("science"), roles=(Role.CLERK,), password=PASSWORD, at=NOW, must_change=False,
    )  # fmt: skip
    firm = world.firm(
        "汕尾市云端数据有限公司", by="scienceclerk", division="441502", operating_address="汕尾市城区汕马路1号"
    )
    world.figure(firm, "1500", by="scienceclerk")
    proposal = proposals.submit(world.actor("scienceclerk"), firm, at=NOW, on=TODAY)
    reviews.take_up(world.actor("industry"), proposal, at=NOW, on=TODAY)
    reviews.send_back(
        world.actor("industry"), proposal, reason_code="R02", cells={"industry": "请核对"}, note="", at=NOW, on=TODAY
    )
    assert [task[0] for task in kinds(world, "cityoffice")] == ["mend"]
    assert isinstance(proposal.firm, Firm)
