"""催办: who is asked, how often, what ends it, and what the system does by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from registry.base.errors import RegistryError
from registry.base.extensions import SHANGHAI, db
from registry.claims.models import Claim
from registry.claims.services import claiming
from registry.entries.services import entries
from registry.notices import rules
from registry.notices.models import Nudge
from registry.notices.rules import NudgedAlready
from registry.nudges.services import nudging
from registry.proposals.models import Proposal
from registry.proposals.services import proposals, reviews
from registry.trail.models import TrailEntry
from tests.world import NOW, TODAY, World


def on(day: int, month: int = 10) -> dict[str, datetime | date]:
    """A moment in October 2021 and its day; the 15th is a Friday."""
    at = datetime(2021, month, day, 10, tzinfo=SHANGHAI)
    return {"at": at, "on": at.date()}


def returned(world: World) -> Proposal:
    proposal = world.under_review("海丰县星河数据有限公司")
    reviews.send_back(
        world.actor("industry"), proposal, reason_code="R02", cells={"employees": "请核对"}, note="", at=NOW, on=TODAY
    )
    return proposal


def claimed(world: World) -> Claim:
    firm = world.firm("海丰县南湖网络有限公司")
    return claiming.claim(world.actor("lufeng"), firm, world.user("lufeng").office, ground="在东海镇", at=NOW)


def told(*rows: Nudge) -> list[tuple[str, str, str | None, bool]]:
    return [(n.subject_kind, n.office.code, n.from_office.code if n.from_office else None, n.automatic) for n in rows]


def everything() -> list[Nudge]:
    return list(db.session.scalars(db.select(Nudge).order_by(Nudge.id)))


def test_a_case_under_review_is_asked_of_the_bureau_and_a_returned_one_of_the_office(world: World) -> None:
    first = world.submitted()
    nudging.nudge_case(world.actor("haifeng"), first, at=NOW, on=TODAY, note=" 请尽快 ")
    second = returned(world)
    nudging.nudge_case(world.actor("industry"), second, at=NOW, on=TODAY)
    nudging.nudge_claim(world.actor("lufeng"), claimed(world), at=NOW, on=TODAY)
    assert told(*everything()) == [
        ("review", "industry", "441521", False),
        ("mend", "441521", "industry", False),
        ("claim", "science", "441581", False),
    ]
    assert everything()[0].note == "请尽快"


def test_each_nudge_is_on_the_trail_of_its_case(world: World) -> None:
    proposal = world.submitted()
    nudging.nudge_case(world.actor("haifeng"), proposal, at=NOW, on=TODAY, note="请尽快")
    act = db.session.scalars(db.select(TrailEntry).where(TrailEntry.verb == "nudge")).one()
    assert (act.subject_kind, act.subject_id, act.subject_label, act.after, act.reason) == (
        "proposal", proposal.id, proposal.firm.name,
        {"matter": "review", "office": "industry", "automatic": False}, "请尽快",
    )  # fmt: skip


def test_an_office_nudges_once_a_working_day_and_another_may_too(world: World) -> None:
    proposal = world.submitted()
    nudging.nudge_case(world.actor("haifeng"), proposal, **on(15))
    for who, day in (("haifeng2", 15), ("haifeng", 16), ("haifeng", 17)):
        with pytest.raises(NudgedAlready) as refused:
            nudging.nudge_case(world.actor(who), proposal, **on(day))
        assert str(refused.value) == "本单位已于 2021-10-15 催办，同一事项每个工作日只能催办一次。"
    nudging.nudge_case(world.actor("cityoffice"), proposal, **on(15))
    nudging.nudge_case(world.actor("haifeng"), proposal, **on(18))
    assert len(everything()) == 3


def test_what_waits_for_nobody_is_not_nudged(world: World) -> None:
    proposal, claim = world.submitted(), claimed(world)
    proposals.withdraw(world.actor("haifeng"), proposal, at=NOW, on=TODAY)
    claiming.decide(world.actor("cityoffice"), claim, granted=False, decision="证据不足", at=NOW)
    for act in (
        lambda: nudging.nudge_case(world.actor("haifeng"), proposal, at=NOW, on=TODAY),
        lambda: nudging.nudge_claim(world.actor("lufeng"), claim, at=NOW, on=TODAY),
    ):
        with pytest.raises(RegistryError) as refused:
            act()
        assert refused.value.template == rules.NOT_WAITING
    assert everything() == []


def test_a_nudge_is_answered_when_its_matter_moves_on(world: World) -> None:
    proposal, claim = world.submitted(), claimed(world)
    office, bureau = world.actor("haifeng"), world.actor("industry")
    nudging.nudge_case(office, proposal, at=NOW, on=TODAY)
    nudging.nudge_claim(office, claim, at=NOW, on=TODAY)
    later = NOW + timedelta(hours=1)
    reviews.take_up(bureau, proposal, at=later, on=TODAY)
    reviews.send_back(
        bureau, proposal, reason_code="R02", cells={"employees": "请核对"}, note="", at=later, on=TODAY
    )  # fmt: skip
    nudging.nudge_case(bureau, proposal, at=later, on=TODAY)
    assert [nudge.answered_at for nudge in everything()] == [later, None, None]
    last = NOW + timedelta(hours=2)
    entries.edit(office, proposal.firm, {"employees": 12}, at=last, on=TODAY)
    proposals.submit(office, proposal.firm, at=last, on=TODAY)
    claiming.decide(world.actor("cityoffice"), claim, granted=False, decision="证据不足", at=last)
    db.session.expire_all()
    assert [nudge.answered_at for nudge in everything()] == [later, last, last]


def test_the_system_nudges_what_is_overdue_and_nothing_else(world: World) -> None:
    """Terms: 3 working days for a review, 5 for mending, 10 for a claim; all three began on Friday the 15th."""
    world.submitted()
    returned(world)
    claimed(world)
    found = {day: told(*nudging.overdue(**on(day))) for day in (20, 21)}
    assert found == {20: [], 21: [("review", "industry", None, True)]}
    assert told(*nudging.overdue(**on(25))) == [("mend", "441521", None, True)]
    assert told(*nudging.overdue(**on(1, 11))) == [
        ("review", "industry", None, True),
        ("mend", "441521", None, True),
        ("claim", "science", None, True),
    ]


def test_the_system_nudges_again_after_three_working_days_and_never_twice_a_day_or_on_a_weekend(world: World) -> None:
    world.submitted()
    made = {day: len(nudging.overdue(**on(day))) for day in (21, 22, 23, 24, 25)}
    again = len(nudging.overdue(**on(26))), len(nudging.overdue(**on(26)))
    assert (made, again) == ({21: 1, 22: 0, 23: 0, 24: 0, 25: 0}, (1, 0))
    late = db.session.scalars(db.select(TrailEntry).where(TrailEntry.verb == "nudge")).all()
    assert [(act.actor_name, act.after["automatic"]) for act in late] == [("system", True), ("system", True)]


def test_what_the_system_said_does_not_keep_an_office_from_nudging(world: World) -> None:
    proposal = world.submitted()
    nudging.overdue(**on(21))
    nudging.nudge_case(world.actor("haifeng"), proposal, **on(21))
    assert len(everything()) == 2
