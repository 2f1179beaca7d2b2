"""A second office claims a firm that another already holds; the city office decides, and the firm counts once meanwhile."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from registry.domain import errors
from registry.domain.errors import FieldError, NotAllowed, RegistryError
from registry.domain.permissions import Actor
from registry.extensions import db
from registry.models import Claim, Firm, Office
from registry.services import trail


def claim(actor: Actor, firm: Firm, office: Office, *, ground: str, at: datetime) -> Claim:
    """Record that `office` nominates a firm another office holds."""
    if actor.user_id is None:
        raise NotAllowed
    if not ground.strip():
        raise FieldError("ground", errors.CLAIM_GROUND)
    if firm.office_id == office.id:
        raise RegistryError(errors.OWN_FIRM)
    standing = select(Claim.id).where(Claim.firm_id == firm.id, Claim.office_id == office.id, Claim.decided_at.is_(None))
    if db.session.scalar(standing):
        raise RegistryError(errors.OTHERS_CLAIM)
    row = Claim(firm_id=firm.id, office_id=office.id, by_id=actor.user_id, at=at, ground=ground.strip())
    db.session.add(row)
    db.session.flush()
    trail.record(actor, "claim", firm, at=at, after={"office": office.code}, reason=ground)
    return row


def decide(actor: Actor, row: Claim, *, granted: bool, decision: str, at: datetime) -> None:
    """Grant the claim (the firm moves to the claiming office with all it has) or refuse it, with the reason."""
    if not decision.strip():
        raise FieldError("decision", errors.ReasonNeeded.template)
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
