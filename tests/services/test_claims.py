"""Two offices, one firm: a claim is raised with its ground, and decided once by the city office."""

from __future__ import annotations

import pytest

from registry.domain import errors
from registry.domain.errors import ClaimDecided, FieldError, NotAllowed, RegistryError
from registry.domain.permissions import SYSTEM_ACTOR
from registry.extensions import db
from registry.models import Claim, Firm, TrailEntry
from registry.services import claims, reviews
from tests.world import NOW, TODAY, World


def raised(world: World, firm: Firm, *, by: str = "lufeng") -> Claim:
    return claims.claim(world.actor(by), firm, world.user(by).office, ground="实际经营地在陆丰市东海镇", at=NOW)


def test_a_granted_claim_moves_the_firm_with_all_it_has(world: World) -> None:
    firm = world.admitted()
    claim = raised(world, firm)
    claims.decide(world.actor("cityoffice"), claim, granted=True, decision="租赁合同在陆丰", at=NOW)
    assert (firm.office.code, firm.stage, claim.granted) == ("441581", "admitted", True)
    assert db.session.scalars(db.select(db.func.count(Firm.id))).one() == 1


def test_a_refused_claim_leaves_the_firm_where_it_is(world: World) -> None:
    firm = world.firm()
    claim = raised(world, firm)
    claims.decide(world.actor("cityoffice"), claim, granted=False, decision="证据不足", at=NOW)
    assert (firm.office.code, claim.granted, claim.decision) == ("441521", False, "证据不足")


def test_both_acts_are_on_the_trail(world: World) -> None:
    firm = world.firm()
    claims.decide(world.actor("cityoffice"), raised(world, firm), granted=True, decision="属实", at=NOW)
    acts = db.session.execute(
        db.select(TrailEntry.verb, TrailEntry.before, TrailEntry.after, TrailEntry.reason)
        .where(TrailEntry.verb.in_(("claim", "decide_claim")))
        .order_by(TrailEntry.seq)
    ).all()
    assert [tuple(act) for act in acts] == [
        ("claim", None, {"office": "441581"}, "实际经营地在陆丰市东海镇"),
        ("decide_claim", {"office": "441521"}, {"office": "441581", "granted": True}, "属实"),
    ]


def test_an_open_nomination_goes_with_the_firm(world: World) -> None:
    proposal = world.under_review()
    reviews.send_back(
        world.actor("industry"), proposal, reason_code="R05", cells={"division": "请核对"}, note="", at=NOW, on=TODAY
    )
    claims.decide(world.actor("cityoffice"), raised(world, proposal.firm), granted=True, decision="属实", at=NOW)
    assert proposal.office_id == world.user("lufeng").office_id


def test_a_claim_is_decided_once(world: World) -> None:
    claim = raised(world, world.firm())
    claims.decide(world.actor("cityoffice"), claim, granted=False, decision="证据不足", at=NOW)
    with pytest.raises(ClaimDecided) as refused:
        claims.decide(world.actor("cityoffice"), claim, granted=True, decision="再想想", at=NOW)
    assert str(refused.value) == "该认领已于 2021-10-15 裁定，不能再次裁定。"


def test_nobody_decides_the_claim_they_raised(world: World) -> None:
    claim = raised(world, world.firm(), by="cityoffice")
    with pytest.raises(RegistryError) as refused:
        claims.decide(world.actor("cityoffice"), claim, granted=True, decision="属实", at=NOW)
    assert refused.value.template == errors.CLAIM_OWN


def test_one_office_claims_a_firm_once_at_a_time(world: World) -> None:
    firm = world.firm()
    claim = raised(world, firm)
    with pytest.raises(RegistryError) as refused:
        raised(world, firm)
    assert refused.value.template == errors.OTHERS_CLAIM
    claims.decide(world.actor("cityoffice"), claim, granted=False, decision="证据不足", at=NOW)
    assert raised(world, firm).id != claim.id


@pytest.mark.parametrize(
    "by,ground,sentence",
    [("lufeng", "  ", errors.CLAIM_GROUND), ("haifeng", "属实", errors.OWN_FIRM)],
    ids=["no ground", "own firm"],
)
def test_a_claim_needs_a_ground_and_another_office(world: World, by: str, ground: str, sentence: str) -> None:
    firm = world.firm()
    with pytest.raises(RegistryError) as refused:
        claims.claim(world.actor(by), firm, world.user(by).office, ground=ground, at=NOW)
    assert refused.value.template == sentence


def test_a_decision_needs_its_reason(world: World) -> None:
    with pytest.raises(FieldError) as refused:
        claims.decide(world.actor("cityoffice"), raised(world, world.firm()), granted=True, decision=" ", at=NOW)
    assert refused.value.field == "decision"


def test_only_a_person_claims(world: World) -> None:
    firm = world.firm()
    with pytest.raises(NotAllowed):
        claims.claim(SYSTEM_ACTOR, firm, world.user("lufeng").office, ground="属实", at=NOW)
