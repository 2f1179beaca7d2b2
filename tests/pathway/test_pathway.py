"""The only writer of a stage: who may take which step, what stops it, and two who act at once."""

from __future__ import annotations

import pytest

from registry.base.errors import Blocked, IllegalTransition, NotAllowed, ReasonNeeded
from registry.base.extensions import db
from registry.base.vocabulary import Action, Stage
from registry.pathway.queries import events
from registry.pathway.services import pathway
from registry.proposals.services import reviews
from tests.world import NOW, TODAY, World


def test_every_step_leaves_one_event_with_its_actor_and_office(world: World) -> None:
    firm = world.admitted()
    steps = [(e.action, e.source, e.target, e.actor_name, e.office.short_name) for e in events.events_of(firm)]
    assert steps == [
        ("create", None, "lead", "陈晓", "海丰县"),
        ("submit", "lead", "proposed", "陈晓", "海丰县"),
        ("take_up", "proposed", "under_review", "吴工", "市工信局"),
        ("admit", "under_review", "admitted", "吴工", "市工信局"),
    ]


def test_a_step_the_stage_does_not_allow_is_refused(world: World) -> None:
    firm = world.firm()
    with pytest.raises(IllegalTransition) as refused:
        pathway.advance(world.actor("industry"), firm, Action.ADMIT, at=NOW, on=TODAY)
    assert str(refused.value) == "当前阶段是“线索”，不能执行“审核通过（入库培育）”。请刷新页面后再操作。"
    assert firm.stage == Stage.LEAD


def test_a_role_that_may_not_take_a_step_is_refused(world: World) -> None:
    proposal = world.submitted()
    with pytest.raises(NotAllowed):
        pathway.advance(world.actor("lufeng"), proposal.firm, Action.TAKE_UP, at=NOW, on=TODAY, proposal=proposal)


def test_sending_back_needs_a_reason(world: World) -> None:
    proposal = world.under_review()
    with pytest.raises(ReasonNeeded):
        pathway.advance(world.actor("industry"), proposal.firm, Action.SEND_BACK, at=NOW, on=TODAY, proposal=proposal)


@pytest.mark.parametrize("town,address", [("441521103", ""), (None, "海丰县鹅埠镇创元路1号")])
def test_a_town_that_shenzhen_runs_is_named_as_the_reason(world: World, town: str | None, address: str) -> None:
    firm = world.firm()
    world.figure(firm, "1500")
    firm.town, firm.operating_address = town, address or firm.operating_address
    db.session.flush()
    unmet = pathway.unmet(world.actor("haifeng"), firm, Action.SUBMIT, on=TODAY)
    assert "excluded_town" in [guard.code for guard in unmet]
    with pytest.raises(Blocked) as refused:
        pathway.advance(world.actor("haifeng"), firm, Action.SUBMIT, at=NOW, on=TODAY)
    assert "该镇由深汕特别合作区（深圳市）管理，不纳入本名录。" in refused.value.blockers


def test_the_guards_that_are_unmet_are_those_that_block(world: World) -> None:
    firm = world.firm(industry="65", contact_name="", contact_phone="")
    unmet = pathway.unmet(world.actor("haifeng"), firm, Action.SUBMIT, on=TODAY)
    assert [guard.code for guard in unmet] == ["industry", "contact", "revenue"]
    with pytest.raises(Blocked) as refused:
        pathway.advance(world.actor("haifeng"), firm, Action.SUBMIT, at=NOW, on=TODAY)
    assert refused.value.blockers == tuple(guard.sentence for guard in unmet)


def test_nothing_is_unmet_for_a_step_the_stage_does_not_know(world: World) -> None:
    assert pathway.unmet(world.actor("industry"), world.firm(), Action.ADMIT, on=TODAY) == ()


def test_whoever_put_forward_any_round_cannot_review_it_from_another_office(world: World) -> None:
    proposal = world.submitted()
    clerk = world.user("haifeng")
    clerk.office, clerk.roles = world.user("industry").office, ["officer"]
    proposal.proposer_id = world.user("haifeng2").id
    db.session.flush()
    with pytest.raises(Blocked) as refused:
        reviews.take_up(world.actor("haifeng"), proposal, at=NOW, on=TODAY)
    assert refused.value.blockers == ("提名与审核不能是同一人或同一单位。",)
