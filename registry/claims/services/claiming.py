"""A second office claims a firm that another holds; the city office decides, and the firm counts once meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.base import errors
from registry.base.errors import ClaimDecided, FieldError, NotAllowed, OutOfTerritory, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.claims import rules
from registry.claims.models import Claim, ClaimEvidence
from registry.claims.queries import claims
from registry.claims.rules import EvidenceKind
from registry.claims.services import telling
from registry.documents.services import attachments
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.firms.services import holding
from registry.notices.queries import nudged
from registry.notices.rules import Matter
from registry.notices.services import nudges
from registry.pathway.services import standing
from registry.people.models import Office
from registry.proposals.queries import nominations
from registry.proposals.services import proposals
from registry.reference.queries import reference
from registry.trail.services import trail


def claim(actor: Actor, firm: Firm, office: Office, *, ground: str, at: datetime) -> Claim:
    """Record that `office` nominates a firm another office holds; one claim of an office is open at a time.

    It is to be decided within `claim.days` working days.
    """
    if actor.user_id is None:
        raise NotAllowed
    if not ground.strip():
        raise FieldError("ground", errors.CLAIM_GROUND)
    holding.hold(firm)
    holding.refuse_merged(firm)
    if firm.office_id == office.id:
        raise RegistryError(errors.OWN_FIRM)
    standing_one = select(Claim.id).where(
        Claim.firm_id == firm.id, Claim.office_id == office.id, Claim.decided_at.is_(None)
    )
    if db.session.scalar(standing_one):
        raise RegistryError(errors.OTHERS_CLAIM)
    due_on = reference.calendar().due_day(at.date(), nudged.term(Matter.CLAIM, at.date()))
    row = Claim(
        firm=firm, office=office, holder=firm.office, by_id=actor.user_id, at=at, ground=ground.strip(), due_on=due_on
    )
    db.session.add(row)
    _flush()
    trail.record(actor, "claim", firm, at=at, after={"office": office.code}, reason=ground)
    telling.claim_raised(row, at=at)
    return row


def add_evidence(
    actor: Actor, row: Claim, office: Office, *, kind: str, text: str, at: datetime, division: str | None = None,
    filename: str = "", content: bytes = b"",
) -> ClaimEvidence:  # fmt: skip
    """Put something on the table for one of the two offices until the claim is decided; nothing is taken back.

    Raises FieldError('kind' | 'text' | 'division' | 'file'), ClaimDecided, NotAllowed.
    """
    if actor.user_id is None or office.id not in (row.office_id, row.holder_id):
        raise NotAllowed
    if kind not in set(EvidenceKind):
        raise FieldError("kind", rules.EVIDENCE_KIND)
    if not text.strip():
        raise FieldError("text", rules.EVIDENCE_TEXT)
    if division is not None and division not in _divisions():
        raise FieldError("division", rules.EVIDENCE_DIVISION)
    _hold(row)
    kept = vars(attachments.keep(filename, content)) if content or filename else {}
    evidence = ClaimEvidence(
        claim_id=row.id, office=office, kind=kind, division=division, text=text.strip(), by_id=actor.user_id,
        by_name=actor.name, at=at, **kept,
    )  # fmt: skip
    db.session.add(evidence)
    db.session.flush()
    db.session.expire(row, ["evidence"])
    facts = {"evidence": kind, "division": division, "filename": evidence.filename, "sha256": evidence.sha256}
    told = {"office": office.code, **{key: value for key, value in facts.items() if value}}
    act = trail.Act("add_evidence", "claim", row.id, telling.code_of(row.firm), after=told, reason=text.strip())
    trail.record_all(actor, [act], at=at)
    telling.evidence_added(row, office, at=at)
    return evidence


def decide(
    actor: Actor, row: Claim, *, granted: bool, decision: str, at: datetime, division: str | None = None
) -> None:
    """Grant the claim (the firm moves to the claiming office with all it has) or refuse it, with the reason.

    The firm counts in `division` from now on (`claims.queries.claims.effect` says which where none is named). Raises
    ClaimDecided where somebody was faster, OutOfTerritory where the office cannot hold a firm there, FieldError where
    a division has to be named, and refuses whoever raised the claim or spoke for a side.
    """
    if not decision.strip():
        raise FieldError("decision", errors.CLAIM_DECISION)
    holding.hold(row.firm)
    _hold(row)
    _refuse_party(actor, row)
    firm = row.firm
    effect = claims.effect(row, granted, division)
    _check_division(effect, named=division is not None)
    before = _place(firm)
    row.decided_at, row.decided_by_id, row.granted, row.decision = at, actor.user_id, granted, decision.strip()
    _settle(firm, effect, at)
    changed = {key: value for key, value in _place(firm).items() if value != before[key]}
    trail.record(
        actor,
        "decide_claim",
        firm,
        at=at,
        before={"office": before["office"], **{key: before[key] for key in changed}},
        after={"office": firm.office.code, **changed, "granted": granted},
        reason=decision,
    )
    if granted:
        _hand_over(actor, firm, at=at)
    nudges.answer(row.id, Matter.CLAIM, at=at)
    telling.claim_decided(row, at=at)


def _refuse_party(actor: Actor, row: Claim) -> None:
    """Neither who raised the claim nor who spoke for one of the two offices judges it."""
    if row.by_id == actor.user_id:
        raise RegistryError(errors.CLAIM_OWN)
    if any(piece.by_id == actor.user_id for piece in row.evidence):
        raise RegistryError(rules.PARTY_DECIDES)


def _check_division(effect: claims.ClaimEffect, *, named: bool) -> None:
    if effect.division is None:
        return
    if named and effect.division not in _divisions():
        raise FieldError("division", rules.DIVISION_NEEDED)
    office = effect.office
    if office.division and reference.territory().covers(office.division, effect.division) is False:
        raise OutOfTerritory(division=reference.division_names().get(effect.division, effect.division))


def _settle(firm: Firm, effect: claims.ClaimEffect, at: datetime) -> None:
    """Set whose the firm is and where it lies; what is derived from the place follows."""
    firm.office = effect.office
    for key, value in entries.with_derived({"division": effect.division}).items():
        setattr(firm, key, value)
    firm.town = effect.town
    db.session.flush()
    for other in db.session.scalars(select(Claim).where(Claim.firm_id == firm.id, Claim.decided_at.is_(None))).unique():
        other.holder = firm.office
    standing.refresh(firm, on=at.date(), at=at)


def _place(firm: Firm) -> dict[str, Any]:
    return {"office": firm.office.code, "division": firm.division, "town": firm.town}


def _divisions() -> set[str]:
    return {division.code for division in reference.counties_and_zones()}


def _hand_over(actor: Actor, firm: Firm, *, at: datetime) -> None:
    """An open nomination goes with the firm; the bureau that now holds it cannot be the one that reviews it."""
    proposal = nominations.open_of(firm)
    if proposal is not None:
        proposal.office_id = firm.office_id
        db.session.flush()
        proposals.route_anew(actor, proposal, at=at)


def _hold(row: Claim) -> None:
    """Lock the claim until the commit; of two who decide at once the second is told."""
    statement = select(Claim.decided_at).where(Claim.id == row.id).with_for_update()
    decided_at = db.session.scalar(statement)
    if decided_at is not None:
        raise ClaimDecided(day=decided_at.date().isoformat())


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        if "uq_claim_open" in str(error.orig) or "claim.firm_id" in str(error.orig):
            raise RegistryError(errors.OTHERS_CLAIM) from error
        raise
