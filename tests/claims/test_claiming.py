"""Two offices, one firm: a claim is raised with its ground, and decided once by the city office."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from registry.base import errors
from registry.base.errors import ClaimDecided, FieldError, NotAllowed, OutOfTerritory, RegistryError
from registry.base.extensions import db, setting
from registry.base.periods import Quarter
from registry.base.permissions import SYSTEM_ACTOR
from registry.claims import rules
from registry.claims.models import Claim, ClaimEvidence
from registry.claims.queries import claims
from registry.claims.services import claiming
from registry.documents.models import Document
from registry.documents.queries import documents
from registry.firms.models.firms import Firm
from registry.home.queries import overview
from registry.people.queries import people
from registry.proposals.services import reviews
from registry.quarters.queries import quarters
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from tests.world import NOW, TODAY, World


def raised(world: World, firm: Firm, *, by: str = "lufeng") -> Claim:
    return claiming.claim(world.actor(by), firm, world.user(by).office, ground="实际经营地在陆丰市东海镇", at=NOW)


def test_a_granted_claim_moves_the_firm_with_all_it_has(world: World) -> None:
    firm = world.admitted()
    claim = raised(world, firm)
    claiming.decide(world.actor("cityoffice"), claim, granted=True, decision="租赁合同在陆丰", at=NOW)
    assert (firm.office.code, firm.stage, claim.granted) == ("441581", "admitted", True)
    assert db.session.scalars(db.select(db.func.count(Firm.id))).one() == 1


def test_a_refused_claim_leaves_the_firm_where_it_is(world: World) -> None:
    firm = world.firm()
    claim = raised(world, firm)
    claiming.decide(world.actor("cityoffice"), claim, granted=False, decision="证据不足", at=NOW)
    assert (firm.office.code, claim.granted, claim.decision) == ("441521", False, "证据不足")


def test_both_acts_are_on_the_trail(world: World) -> None:
    firm = world.firm()
    claiming.decide(world.actor("cityoffice"), raised(world, firm), granted=True, decision="属实", at=NOW)
    acts = db.session.execute(
        db.select(TrailEntry.verb, TrailEntry.before, TrailEntry.after, TrailEntry.reason)
        .where(TrailEntry.verb.in_(("claim", "decide_claim")))
        .order_by(TrailEntry.seq)
    ).all()
    assert [tuple(act) for act in acts] == [
        ("claim", None, {"office": "441581"}, "实际经营地在陆丰市东海镇"),
        (
            "decide_claim",
            {"office": "441521", "division": "441521"},
            {"office": "441581", "division": "441581", "granted": True},
            "属实",
        ),
    ]


def test_an_open_nomination_goes_with_the_firm(world: World) -> None:
    proposal = world.under_review()
    reviews.send_back(
        world.actor("industry"), proposal, reason_code="R05", cells={"division": "请核对"}, note="", at=NOW, on=TODAY
    )
    claiming.decide(world.actor("cityoffice"), raised(world, proposal.firm), granted=True, decision="属实", at=NOW)
    assert proposal.office_id == world.user("lufeng").office_id


def test_a_claim_is_decided_once(world: World) -> None:
    claim = raised(world, world.firm())
    claiming.decide(world.actor("cityoffice"), claim, granted=False, decision="证据不足", at=NOW)
    with pytest.raises(ClaimDecided) as refused:
        claiming.decide(world.actor("cityoffice"), claim, granted=True, decision="再想想", at=NOW)
    assert str(refused.value) == "该认领已于 2021-10-15 裁定，不能再次裁定。"


def test_nobody_decides_the_claim_they_raised(world: World) -> None:
    claim = raised(world, world.firm(), by="cityoffice")
    with pytest.raises(RegistryError) as refused:
        claiming.decide(world.actor("cityoffice"), claim, granted=True, decision="属实", at=NOW)
    assert refused.value.template == errors.CLAIM_OWN


def test_one_office_claims_a_firm_once_at_a_time(world: World) -> None:
    firm = world.firm()
    claim = raised(world, firm)
    with pytest.raises(RegistryError) as refused:
        raised(world, firm)
    assert refused.value.template == errors.OTHERS_CLAIM
    claiming.decide(world.actor("cityoffice"), claim, granted=False, decision="证据不足", at=NOW)
    assert raised(world, firm).id != claim.id


@pytest.mark.parametrize(
    "by,ground,sentence",
    [("lufeng", "  ", errors.CLAIM_GROUND), ("haifeng", "属实", errors.OWN_FIRM)],
    ids=["no ground", "own firm"],
)
def test_a_claim_needs_a_ground_and_another_office(world: World, by: str, ground: str, sentence: str) -> None:
    firm = world.firm()
    with pytest.raises(RegistryError) as refused:
        claiming.claim(world.actor(by), firm, world.user(by).office, ground=ground, at=NOW)
    assert refused.value.template == sentence


def test_a_decision_needs_its_reason(world: World) -> None:
    with pytest.raises(FieldError) as refused:
        claiming.decide(world.actor("cityoffice"), raised(world, world.firm()), granted=True, decision=" ", at=NOW)
    assert refused.value.field == "decision"


def test_only_a_person_claims(world: World) -> None:
    firm = world.firm()
    with pytest.raises(NotAllowed):
        claiming.claim(SYSTEM_ACTOR, firm, world.user("lufeng").office, ground="属实", at=NOW)


# -- evidence and the term ------------------------------------------------------------------------
def put(world: World, claim: Claim, by: str = "lufeng", **more: object) -> ClaimEvidence:
    given = {"kind": "operating_address", "text": "租赁合同在东海镇", "division": "441581", **more}
    return claiming.add_evidence(world.actor(by), claim, world.user(by).office, at=NOW, **given)  # type: ignore[arg-type]


def test_a_claim_is_to_be_decided_within_ten_working_days(world: World) -> None:
    assert raised(world, world.firm()).due_on == date(2021, 10, 29)


def test_both_offices_put_their_evidence_and_it_stays_as_it_was_put(world: World) -> None:
    claim = raised(world, world.firm())
    put(world, claim)
    put(world, claim, "haifeng", kind="tax_county", text="在海丰纳税", division="441521")
    rows = [(one.office.code, one.kind, one.division, one.text, one.by_name) for one in claim.evidence]
    assert rows == [
        ("441581", "operating_address", "441581", "租赁合同在东海镇", "林海"),
        ("441521", "tax_county", "441521", "在海丰纳税", "陈晓"),
    ]
    acts = db.session.execute(
        db.select(TrailEntry.subject_kind, TrailEntry.subject_id, TrailEntry.after, TrailEntry.reason)
        .where(TrailEntry.verb == "add_evidence")
        .order_by(TrailEntry.seq)
    ).all()
    assert [tuple(act) for act in acts] == [
        (
            "claim",
            claim.id,
            {"office": "441581", "evidence": "operating_address", "division": "441581"},
            "租赁合同在东海镇",
        ),
        ("claim", claim.id, {"office": "441521", "evidence": "tax_county", "division": "441521"}, "在海丰纳税"),
    ]
    assert trail.verify().broken is None


@pytest.mark.parametrize(
    "given,field",
    [({"kind": "hearsay"}, "kind"), ({"text": " "}, "text"), ({"division": "440300"}, "division")],
    ids=["kind", "text", "another city"],
)
def test_evidence_needs_a_kind_a_text_and_a_division_of_this_city(
    world: World, given: dict[str, str], field: str
) -> None:
    with pytest.raises(FieldError) as refused:
        put(world, raised(world, world.firm()), **given)
    assert refused.value.field == field


def test_nobody_else_speaks_in_a_claim_and_nobody_after_the_decision(world: World) -> None:
    claim = raised(world, world.firm())
    with pytest.raises(NotAllowed):
        put(world, claim, "luhe")
    claiming.decide(world.actor("cityoffice"), claim, granted=False, decision="证据不足", at=NOW)
    with pytest.raises(ClaimDecided):
        put(world, claim)
    assert claim.evidence == []


def test_a_file_of_the_case_is_none_of_the_firm_s_papers(world: World) -> None:
    firm = world.firm()
    piece = put(world, raised(world, firm), filename="租赁合同.pdf", content=b"%PDF-1.4 x")
    folder: Path = setting("FILES")
    assert (piece.filename, (folder / piece.stored_name).read_bytes()) == ("租赁合同.pdf", b"%PDF-1.4 x")
    assert db.session.scalars(documents.usable(firm)).all() == []
    assert db.session.scalar(db.select(db.func.count(Document.id))) == 0


def test_a_file_that_is_no_paper_is_refused_and_nothing_is_kept(world: World) -> None:
    claim = raised(world, world.firm())
    with pytest.raises(FieldError) as refused:
        put(world, claim, filename="x.exe", content=b"MZ")
    assert (refused.value.field, claim.evidence) == ("file", [])


def test_only_the_two_offices_and_those_who_see_all_reach_a_piece_of_evidence(world: World) -> None:
    claim = raised(world, world.firm())
    piece = put(world, claim)
    reach = {
        who: db.session.scalars(claims.evidence(world.actor(who), claim.id, piece.id)).one_or_none() is not None
        for who in ("haifeng", "lufeng", "luhe", "industry", "cityoffice", "auditor", "sysadmin")
    }
    assert reach == {
        "haifeng": True, "lufeng": True, "luhe": False, "industry": False, "cityoffice": True, "auditor": True,
        "sysadmin": False,
    }  # fmt: skip


def test_who_spoke_for_a_side_does_not_decide(world: World) -> None:
    firm = world.firm("汕尾市云端数据有限公司", by="cityoffice", division="441502")
    claim = claiming.claim(world.actor("haifeng"), firm, world.user("haifeng").office, ground="在海城镇", at=NOW)
    put(world, claim, "cityoffice", division="441502")
    with pytest.raises(RegistryError) as refused:
        claiming.decide(world.actor("cityoffice"), claim, granted=False, decision="属实", at=NOW)
    assert refused.value.template == rules.PARTY_DECIDES


# -- where the firm counts ------------------------------------------------------------------------
def place(firm: Firm) -> tuple[str, str | None, str | None, str | None]:
    return firm.office.code, firm.division, firm.statistical_county, firm.town


def test_a_granted_claim_moves_the_firm_to_where_it_works(world: World) -> None:
    firm = world.firm(town="441521101")
    assert place(firm) == ("441521", "441521", "441521", "441521101")
    claiming.decide(world.actor("cityoffice"), raised(world, firm), granted=True, decision="属实", at=NOW)
    assert place(firm) == ("441581", "441581", "441581", None)


def test_a_refused_claim_leaves_the_place_as_it_was(world: World) -> None:
    firm = world.firm(town="441521101")
    claiming.decide(world.actor("cityoffice"), raised(world, firm), granted=False, decision="证据不足", at=NOW)
    assert place(firm) == ("441521", "441521", "441521", "441521101")


def test_a_firm_that_goes_to_a_zone_counts_in_the_zone_s_county(world: World) -> None:
    firm = world.firm("汕尾市城区海陆数据有限公司", by="chengqu")
    claiming.decide(
        world.actor("cityoffice"), raised(world, firm, by="gaoxin"), granted=True, decision="在红草园区", at=NOW
    )
    assert place(firm)[:3] == ("441502-Z2", "441502-Z2", "441502")


def test_the_decision_may_name_another_place_that_the_office_can_hold(world: World) -> None:
    firm = world.firm("汕尾市云端数据有限公司", by="cityoffice", division="441502")
    claim = claiming.claim(world.actor("gaoxin"), firm, people.office("441502-Z2"), ground="在红草园区", at=NOW)
    claiming.decide(
        world.actor("cityoffice"), claim, granted=False, decision="在海丰", division="441521", at=NOW,
    )  # fmt: skip
    assert place(firm)[:3] == ("science", "441521", "441521")


@pytest.mark.parametrize("granted,division", [(True, "441521"), (False, "441581")])
def test_no_office_is_given_a_firm_outside_its_territory(world: World, granted: bool, division: str) -> None:
    claim = raised(world, world.firm())
    with pytest.raises(OutOfTerritory) as refused:
        claiming.decide(world.actor("cityoffice"), claim, granted=granted, decision="属实", division=division, at=NOW)
    assert (refused.value.field, claim.decided_at) == ("division", None)


def test_the_firm_counts_once_before_and_after(world: World) -> None:
    firm = world.admitted()
    city = world.actor("leader")
    claim = raised(world, firm)
    before = overview.by_county(city)
    claiming.decide(world.actor("cityoffice"), claim, granted=True, decision="属实", at=NOW)
    assert (before, overview.by_county(city)) == ({"441521": {"admitted": 1}}, {"441581": {"admitted": 1}})


def test_a_quarter_before_the_decision_keeps_the_firm_where_it_was_then(world: World) -> None:
    """Decided in January 2022: the directory of 2021Q4 has it in Haifeng, that of 2022Q1 in Lufeng, and each once."""
    firm = world.admitted()
    claim = raised(world, firm)
    claiming.decide(world.actor("cityoffice"), claim, granted=True, decision="属实", at=NOW + timedelta(days=92))
    found = {}
    for label in ("2021Q4", "2022Q1"):
        book = quarters.book(Quarter.parse(label))
        found[label] = [(group.label, row["proposer"], row["division"]) for group in book.groups for row in group.rows]
    assert found == {"2021Q4": [("海丰县", "海丰县", "海丰县")], "2022Q1": [("陆丰市", "陆丰市", "陆丰市")]}
    moved = quarters.book(Quarter.parse("2022Q1")).changes
    assert [(change.what, change.before, change.after, change.reason) for change in moved] == [
        ("填报单位", "海丰县", "陆丰市", "属实"), ("所属县区", "海丰县", "陆丰市", "属实"),
    ]  # fmt: skip


def test_the_former_holder_still_reads_what_was_decided_and_the_next_claim_is_against_the_new_one(world: World) -> None:
    firm = world.firm()
    first, second = raised(world, firm), raised(world, firm, by="luhe")
    assert [other.id for other in claims.beside(first)] == [second.id]
    claiming.decide(world.actor("cityoffice"), first, granted=True, decision="属实", at=NOW)
    db.session.flush()
    read = {
        who: [claim.id for claim in db.session.scalars(claims.visible_to(world.actor(who))).unique()]
        for who in ("haifeng", "lufeng", "luhe")
    }
    assert read == {"haifeng": [first.id], "lufeng": [second.id, first.id], "luhe": [second.id]}
    assert (first.holder.code, second.holder.code) == ("441521", "441581")
