"""Claims that concern an actor: all of them for who sees all, else those of and against their own office."""

from __future__ import annotations

from sqlalchemy import Select, false, or_, select

from registry.domain.permissions import SEES_ALL, Actor
from registry.domain.vocabulary import Role
from registry.models import Claim, Firm


def visible_to(actor: Actor) -> Select[Claim]:
    """Open ones first, then the newest."""
    statement = (
        select(Claim)
        .join(Claim.firm)
        .where(Firm.voided_at.is_(None))
        .order_by(Claim.decided_at.is_not(None), Claim.at.desc(), Claim.id.desc())
    )
    if actor.holds(*SEES_ALL):
        return statement
    if not actor.holds(Role.CLERK, Role.OFFICER):
        return statement.where(false())
    return statement.where(or_(Claim.office_id == actor.office_id, Firm.office_id == actor.office_id))


def one(actor: Actor, claim_id: int) -> Select[Claim]:
    return visible_to(actor).where(Claim.id == claim_id)


def filtered(statement: Select[Claim], *, state: str = "") -> Select[Claim]:
    """`open`, `granted`, `refused`, or all of them."""
    conditions = {
        "open": Claim.decided_at.is_(None),
        "granted": Claim.granted.is_(True),
        "refused": Claim.granted.is_(False),
    }
    return statement.where(conditions[state]) if state in conditions else statement
