"""A second office claims a firm that another holds; the city office decides, and the firm counts once meanwhile."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.domain import errors
from registry.domain.errors import ClaimDecided, FieldError, NotAllowed, RegistryError
from registry.domain.permissions import Actor
from registry.extensions import db
from registry.models import Claim, Firm, Office
from registry.queries import proposals as nominations
from registry.services import pathway, proposals, trail


def claim(actor: Actor, firm: Firm, office: Office, *, ground: str, at: datetime) -> Claim:
    """Record that `office` nominates a firm another office holds; one claim of an office is open at a time."""
    if actor.user_id is None:
        raise NotAllowed
    if not ground.strip():
        raise FieldError("ground", errors.CLAIM_GROUND)
    pathway.hold(firm)
    pathway.refuse_merged(firm)
    if firm.office_id == office.id:
        raise RegistryError(errors.OWN_FIRM)
    standing = select(Claim.id).where(
        Claim.firm_id == firm.id, Claim.office_id == office.id, Claim.decided_at.is_(None)
    )
    if db.session.scalar(standing):
        raise RegistryError(errors.OTHERS_CLAIM)
    row = Claim(firm=firm, office=office, by_id=actor.user_id, at=at, ground=ground.strip())
    db.session.add(row)
    _flush()
    trail.record(actor, "claim", firm, at=at, after={"office": office.code}, reason=ground)
    return row


def decide(actor: Actor, row: Claim, *, granted: bool, decision: str, at: datetime) -> None:
    """Grant the claim (the firm moves to the claiming office with all it has) or refuse it, with the reason.

    Raises ClaimDecided where somebody was faster, and refuses the person who raised it.
    """
    if not decision.strip():
        raise FieldError("decision", errors.CLAIM_DECISION)
    _hold(row)
    if row.by_id == actor.user_id:
        raise RegistryError(errors.CLAIM_OWN)
    firm = row.firm
    before = firm.office.code
    row.decided_at, row.decided_by_id, row.granted, row.decision = at, actor.user_id, granted, decision.strip()
    if granted:
        firm.office = row.office
    db.session.flush()
    trail.record(
        actor,
        "decide_claim",
        firm,
        at=at,
        before={"office": before},
        after={"office": firm.office.code, "granted": granted},
        reason=decision,
    )
    if granted:
        _hand_over(actor, firm, at=at)


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
