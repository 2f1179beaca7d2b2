"""From a lead to the directory: submit, take up, send back, mend, admit."""

from __future__ import annotations

import pytest

from registry.base.errors import Blocked, IllegalTransition, NothingMended
from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.entries.services import entries
from registry.firms.queries import firms
from registry.proposals.services import proposals, reviews
from registry.trail.services import trail
from tests.world import NOW, TODAY, World


def test_a_firm_over_the_admission_line_is_admitted_and_below_the_statutory_line_stays_admitted(world: World) -> None:
    assert world.admitted(wan="1500").stage == Stage.ADMITTED


def test_a_testing_firm_over_its_statutory_line_is_due_for_filing_at_once(world: World) -> None:
    firm = world.admitted("海丰县正衡检测技术有限公司", industry="7452", wan="1080", reviewer="market")
    assert (firm.stage, str(firm.rate), firm.tier) == (Stage.QUALIFIED, "1.0800", "A")


def test_every_unmet_guard_is_named_at_once(world: World) -> None:
    firm = world.firm(industry=None, contact_name="", contact_phone="")
    with pytest.raises(Blocked) as refused:
        proposals.submit(world.actor("haifeng"), firm, at=NOW, on=TODAY)
    assert len(refused.value.blockers) == 3


def test_a_returned_case_goes_back_only_when_the_marked_field_changed(world: World) -> None:
    proposal = world.under_review()
    reviews.send_back(
        world.actor("industry"), proposal, reason_code="R02", cells={"industry": "请核对"}, note="", at=NOW, on=TODAY
    )
    clerk = world.actor("haifeng")
    with pytest.raises(NothingMended):
        proposals.submit(clerk, proposal.firm, at=NOW, on=TODAY)
    entries.edit(clerk, proposal.firm, {"industry": "6531"}, at=NOW, on=TODAY)
    again = proposals.submit(clerk, proposal.firm, at=NOW, on=TODAY)
    assert (again.id, again.rounds, proposal.firm.stage) == (proposal.id, 2, Stage.PROPOSED)


def test_a_firm_below_the_admission_line_is_not_admitted(world: World) -> None:
    proposal = world.under_review(wan="800")
    with pytest.raises(Blocked):
        reviews.admit(world.actor("industry"), proposal, industry_checked=True, opinion="", at=NOW, on=TODAY)


def test_a_case_taken_up_cannot_be_withdrawn(world: World) -> None:
    proposal = world.under_review()
    with pytest.raises(IllegalTransition):
        proposals.withdraw(world.actor("haifeng"), proposal, at=NOW, on=TODAY)


def test_another_county_sees_nothing_of_it(world: World) -> None:
    firm = world.admitted()
    seen = {
        name: db.session.scalars(firms.visible_to(world.actor(name))).all()
        for name in ("haifeng", "lufeng", "industry", "market", "leader", "sysadmin")
    }
    assert seen == {"haifeng": [firm], "lufeng": [], "industry": [firm], "market": [], "leader": [firm], "sysadmin": []}


def test_the_chain_of_the_trail_holds_through_all_of_it(world: World) -> None:
    world.admitted()
    db.session.commit()
    assert trail.verify().broken is None


def test_the_county_is_asked_for_the_approval_of_a_deemed_legal_person_before_the_bureau_is(world: World) -> None:
    with pytest.raises(Blocked) as refused:
        world.submitted(unit_kind="deemed_legal_person")
    assert refused.value.blockers == ("视同法人单位请填写批准文号。",)


def test_a_deemed_legal_person_is_admitted_once_it_is_approved(world: World) -> None:
    proposal = world.under_review(unit_kind="deemed_legal_person", deemed_approval="国统普查〔2021〕1号")
    officer, clerk = world.actor("industry"), world.actor("haifeng")
    cells = {"unit_kind": "请核对批准文号"}
    reviews.send_back(officer, proposal, reason_code="R02", cells=cells, note="", at=NOW, on=TODAY)
    entries.edit(clerk, proposal.firm, {"deemed_approval": "国统普查〔2021〕12号"}, at=NOW, on=TODAY)
    proposals.submit(clerk, proposal.firm, at=NOW, on=TODAY)  # what is said with a returned field mends it
    reviews.take_up(officer, proposal, at=NOW, on=TODAY)
    reviews.admit(officer, proposal, industry_checked=True, opinion="", at=NOW, on=TODAY)
    assert proposal.firm.stage == Stage.ADMITTED
