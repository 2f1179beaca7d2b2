"""Nudges of a matter: those on record, those still open, and what waits too long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from registry.domain import deadlines
from registry.domain.deadlines import Wait
from registry.domain.nudges import TERMS, Matter
from registry.domain.vocabulary import Stage
from registry.extensions import db, once
from registry.models import Claim, Firm, Nudge, Proposal
from registry.queries import parameters

Subject = tuple[str, int]


def term(matter: str, on: date) -> int:
    """The working days that `matter` may take on that day."""
    return once(f"term_{matter}_{on}", lambda: parameters.integer(TERMS[matter], on))


def matter_of(proposal: Proposal) -> Matter | None:
    """What a nomination waits for now; None where it waits for nobody."""
    if proposal.outcome is not None:
        return None
    if proposal.firm.stage in (Stage.PROPOSED, Stage.UNDER_REVIEW):
        return Matter.REVIEW
    return Matter.MEND if proposal.firm.stage == Stage.RETURNED else None


def wait_of(proposal: Proposal, on: date) -> Wait | None:
    """How long the office whose turn it is has had the case."""
    matter = matter_of(proposal)
    if matter is None or proposal.waiting_since is None:
        return None
    return deadlines.wait(proposal.waiting_since.date(), on, term(matter, on))


def wait_of_claim(claim: Claim, on: date) -> Wait:
    return deadlines.until(due_on(claim), claim.at.date(), on)


def due_on(claim: Claim) -> date:
    """The day by which the claim is to be decided; where none was set, by the term of the day it was raised."""
    raised = claim.at.date()
    return claim.due_on or deadlines.due_day(raised, term(Matter.CLAIM, raised))


def of(matters: Iterable[Subject]) -> list[Nudge]:
    """Every nudge of these matters, the newest first."""
    return list(db.session.scalars(_about(matters).order_by(Nudge.at.desc(), Nudge.id.desc())))


def last_by(matter: Matter, subject_id: int, office_id: int | None) -> Nudge | None:
    """The latest nudge of an office, or of the system where `office_id` is None."""
    office = Nudge.from_office_id.is_(None) if office_id is None else Nudge.from_office_id == office_id
    statement = _about([(matter, subject_id)]).where(office).order_by(Nudge.id.desc()).limit(1)
    return db.session.scalars(statement).one_or_none()


def open_counts(matters: Iterable[Subject]) -> dict[Subject, int]:
    """How often each matter was nudged since it last moved; only those that were."""
    columns = (Nudge.subject_kind, Nudge.subject_id)
    rows = select(*columns, func.count()).where(Nudge.answered_at.is_(None), _among(matters)).group_by(*columns)
    return {(kind, number): count for kind, number, count in db.session.execute(rows)}


def waiting_cases() -> list[Proposal]:
    """Every open nomination that some office has to act on, the longest waiting first."""
    stages = (Stage.PROPOSED, Stage.UNDER_REVIEW, Stage.RETURNED)
    statement = (
        select(Proposal)
        .join(Proposal.firm)
        .where(Proposal.outcome.is_(None), Firm.voided_at.is_(None), Firm.stage.in_(stages))
        .order_by(Proposal.waiting_since, Proposal.id)
    )
    return list(db.session.scalars(statement).unique())


def open_claims() -> list[Claim]:
    statement = select(Claim).join(Claim.firm).where(Claim.decided_at.is_(None), Firm.voided_at.is_(None))
    return list(db.session.scalars(statement.order_by(Claim.at, Claim.id)).unique())


def _about(matters: Iterable[Subject]) -> Select[Nudge]:
    return select(Nudge).where(_among(matters))


def _among(matters: Iterable[Subject]) -> ColumnElement[bool]:
    wanted: dict[str, set[int]] = {}
    for kind, number in matters:
        wanted.setdefault(kind, set()).add(number)
    some = [and_(Nudge.subject_kind == kind, Nudge.subject_id.in_(ids)) for kind, ids in wanted.items()]
    return or_(false(), *some)
