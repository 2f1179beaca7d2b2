"""Claims that concern an actor: all of them for who sees all, else those of and against their own office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, false, or_, select

from registry.base.extensions import db
from registry.base.permissions import SEES_ALL, Actor
from registry.base.vocabulary import Role
from registry.claims.models import Claim, ClaimEvidence
from registry.firms.models.firms import Firm
from registry.notices.queries.nudged import term
from registry.notices.rules import Matter
from registry.pathway.rules import deadlines
from registry.pathway.rules.deadlines import Wait
from registry.people.models import Office
from registry.reference.queries import reference
from registry.reference.rules.divisions import DivisionLevel


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
    return statement.where(or_(Claim.office_id == actor.office_id, Claim.holder_id == actor.office_id))


def one(actor: Actor, claim_id: int) -> Select[Claim]:
    return visible_to(actor).where(Claim.id == claim_id)


def evidence(actor: Actor, claim_id: int, evidence_id: int) -> Select[ClaimEvidence]:
    """One piece of evidence of a claim in reach."""
    cases = visible_to(actor).with_only_columns(Claim.id).order_by(None)
    return select(ClaimEvidence).where(
        ClaimEvidence.id == evidence_id, ClaimEvidence.claim_id == claim_id, ClaimEvidence.claim_id.in_(cases)
    )


def beside(claim: Claim) -> list[Claim]:
    """The other claims of the same firm that are still open; of a decided case nothing stands beside it."""
    if claim.decided_at is not None:
        return []
    others = select(Claim).where(Claim.firm_id == claim.firm_id, Claim.id != claim.id, Claim.decided_at.is_(None))
    return list(db.session.scalars(others.order_by(Claim.at, Claim.id)).unique())


@dataclass(frozen=True)
class ClaimEffect:
    """Where a firm stands once a claim is decided: who edits it, where it lies, who counts it (once)."""

    office: Office
    division: str | None
    county: str | None
    town: str | None


def effect(claim: Claim, granted: bool, division: str | None = None) -> ClaimEffect:
    """What a decision makes of the firm.

    The decision names the division where the firm works, which counts it (国统字〔2011〕96号); where it names none, the
    claimant's own if granted, the present one if not. A town that lies elsewhere is not kept.
    """
    firm, territory = claim.firm, reference.territory()
    office = claim.office if granted else firm.office
    if division is None:
        division = (granted and home(office)) or firm.division
    keeps = firm.town is not None and territory.covers(division or "", firm.town) is not False
    return ClaimEffect(office, division, territory.county_of(division), firm.town if keeps else None)


def home(office: Office) -> str | None:
    """The county or zone an office stands for; None for the city's offices."""
    division = reference.territory().get(office.division or "")
    return division.code if division and division.level != DivisionLevel.CITY else None


def filtered(statement: Select[Claim], *, state: str = "") -> Select[Claim]:
    """`open`, `granted`, `refused`, or all of them."""
    conditions = {
        "open": Claim.decided_at.is_(None),
        "granted": Claim.granted.is_(True),
        "refused": Claim.granted.is_(False),
    }
    return statement.where(conditions[state]) if state in conditions else statement


def wait_of_claim(claim: Claim, on: date) -> Wait:
    return deadlines.until(due_on(claim), claim.at.date(), on, reference.calendar())


def due_on(claim: Claim) -> date:
    """The day by which the claim is to be decided; where none was set, by the term of the day it was raised."""
    raised = claim.at.date()
    return claim.due_on or reference.calendar().due_day(raised, term(Matter.CLAIM, raised))


def open_claims() -> list[Claim]:
    statement = select(Claim).join(Claim.firm).where(Claim.decided_at.is_(None), Firm.voided_at.is_(None))
    return list(db.session.scalars(statement.order_by(Claim.at, Claim.id)).unique())
