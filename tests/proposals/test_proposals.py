"""Putting a firm forward, mending it, taking it back; and the bureau that is to review it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.base.errors import Blocked, IllegalTransition, NothingMended
from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.vocabulary import Outcome, Role, Stage
from registry.documents.services import attachments
from registry.entries.services import entries
from registry.people.queries import people
from registry.people.services import accounts
from registry.proposals.models import Proposal, Submission
from registry.proposals.services import proposals, reviews
from tests.world import NOW, PASSWORD, TODAY, World


def send_back(world: World, proposal: Proposal, **cells: str) -> None:
    reviews.send_back(world.actor("industry"), proposal, reason_code="R02", cells=cells, note="", at=NOW, on=TODAY)


def test_a_submission_keeps_what_was_put_forward_and_no_contact(world: World) -> None:
    proposal = world.submitted()
    payload = db.session.scalars(db.select(Submission)).one().payload
    assert (payload["name"], payload["industry"], payload["revenue_to_date"], payload["to_month"]) == (
        "海丰县云谷软件有限公司",
        "6513",
        "15000000.00",
        9,
    )
    assert (payload["contact_name"], payload["contact_phone"]) == ("陈*", "138****5678")
    assert (proposal.rounds, proposal.reviewing_office.code, proposal.waiting_since) == (1, "industry", NOW)


def test_a_firm_is_put_forward_once(world: World) -> None:
    proposal = world.submitted()
    with pytest.raises(IllegalTransition):
        proposals.submit(world.actor("haifeng"), proposal.firm, at=NOW, on=TODAY)
    assert db.session.scalars(db.select(Proposal)).unique().all() == [proposal]
    assert proposal.rounds == 1


def test_without_a_documented_figure_nothing_is_put_forward(world: World) -> None:
    firm = world.firm()
    with pytest.raises(Blocked) as refused:
        proposals.submit(world.actor("haifeng"), firm, at=NOW, on=TODAY)
    assert refused.value.blockers == ("请登记至少一期营业收入，并附利润表等凭证。",)


def test_a_firm_without_a_code_says_why(world: World) -> None:
    without = world.firm(credit_code=None)
    world.figure(without, "1500")
    with pytest.raises(Blocked) as refused:
        proposals.submit(world.actor("haifeng"), without, at=NOW, on=TODAY)
    assert refused.value.blockers == ("统一社会信用代码缺失或校验不符；确无代码的，请说明原因。",)
    db.session.rollback()


def test_a_firm_whose_code_is_being_issued_may_be_put_forward(world: World) -> None:
    proposal = world.submitted(credit_code=None, no_code_reason="正在办理登记")
    assert proposal.firm.stage == Stage.PROPOSED


@pytest.mark.parametrize(
    "industry,bureau",
    [("6513", "industry"), ("7452", "market"), ("7520", "market"), ("7310", "science"), ("7249", "science")],
)
def test_the_industry_decides_the_bureau(world: World, industry: str, bureau: str) -> None:
    assert world.submitted(industry=industry).reviewing_office.code == bureau


def test_a_bureau_never_reviews_what_it_put_forward_itself(world: World) -> None:
    accounts.create(
        SYSTEM_ACTOR, username="industryclerk", name="许员", office=people.office("industry"), roles=(Role.CLERK,),
        password=PASSWORD, at=NOW, must_change=False,
    )  # fmt: skip
    firm = world.firm(
        "汕尾市云端数据有限公司", by="industryclerk", division="441502", operating_address="汕尾市城区汕马路1号"
    )
    world.figure(firm, "1500", by="industryclerk")
    proposal = proposals.submit(world.actor("industryclerk"), firm, at=NOW, on=TODAY)
    assert proposal.reviewing_office.code == "science"


def test_a_case_returned_for_a_field_goes_on_once_that_field_changed(world: World) -> None:
    proposal = world.under_review()
    send_back(world, proposal, activity="请写具体", industry="请核对")
    clerk = world.actor("haifeng")
    with pytest.raises(NothingMended) as refused:
        proposals.submit(clerk, proposal.firm, at=NOW, on=TODAY)
    assert str(refused.value) == "退回的栏目还没有修改，不能重新提交：主营业务、行业代码。"
    entries.edit(clerk, proposal.firm, {"activity": "应用软件开发"}, at=NOW, on=TODAY)
    assert proposals.submit(clerk, proposal.firm, at=NOW, on=TODAY).rounds == 2


def test_a_case_returned_for_its_papers_goes_on_once_one_was_added(world: World) -> None:
    proposal = world.under_review()
    send_back(world, proposal, documents="请补利润表第二页")
    clerk, later = world.actor("haifeng"), NOW + timedelta(hours=2)
    with pytest.raises(NothingMended):
        proposals.submit(clerk, proposal.firm, at=later, on=TODAY)
    attachments.attach(
        clerk, proposal.firm, filename="利润表.pdf", content=b"%PDF-1.4 invented", material="M04", at=later, year=2021, month=9
    )  # fmt: skip
    assert proposals.submit(clerk, proposal.firm, at=later, on=TODAY).rounds == 2


def test_a_case_returned_for_its_contact_asks_nothing_else(world: World) -> None:
    proposal = world.under_review()
    send_back(world, proposal, contact_phone="打不通")
    assert proposals.submit(world.actor("haifeng"), proposal.firm, at=NOW, on=TODAY).rounds == 2


def test_a_colleague_who_resubmits_answers_for_the_round(world: World) -> None:
    proposal = world.under_review()
    send_back(world, proposal, contact_phone="打不通")
    proposals.submit(world.actor("haifeng2"), proposal.firm, at=NOW, on=TODAY)
    assert proposal.proposer_id == world.user("haifeng2").id


def test_a_withdrawn_case_is_closed_and_the_firm_may_be_named_anew(world: World) -> None:
    proposal, clerk = world.submitted(), world.actor("haifeng")
    proposals.withdraw(clerk, proposal, at=NOW, on=TODAY, note="企业要求")
    assert (proposal.outcome, proposal.firm.stage) == (Outcome.WITHDRAWN, Stage.WITHDRAWN)
    entries.reopen(clerk, proposal.firm, at=NOW, on=TODAY, reason="企业同意")
    again = proposals.submit(clerk, proposal.firm, at=NOW, on=TODAY)
    assert (again.id != proposal.id, again.rounds) == (True, 1)


def test_a_returned_case_may_be_withdrawn(world: World) -> None:
    proposal = world.under_review()
    send_back(world, proposal, industry="请核对")
    proposals.withdraw(world.actor("haifeng"), proposal, at=NOW, on=TODAY)
    assert proposal.outcome == Outcome.WITHDRAWN


def test_an_open_case_follows_its_industry_to_another_bureau(world: World) -> None:
    proposal = world.submitted()
    entries.edit(world.actor("haifeng"), proposal.firm, {"industry": "7452"}, at=NOW, on=TODAY)
    proposals.route_anew(world.actor("haifeng"), proposal, at=NOW)
    db.session.flush()
    db.session.refresh(proposal)
    assert proposal.reviewing_office.code == "market"
