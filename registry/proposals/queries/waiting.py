"""What a nomination waits for, and how long already."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select

from registry.base.extensions import db
from registry.base.permissions import SEES_ALL, Actor
from registry.base.vocabulary import Role, Stage
from registry.firms.models.firms import Firm
from registry.firms.queries.search import containing
from registry.notices.queries.nudged import term
from registry.notices.rules import Matter
from registry.pathway.rules import deadlines
from registry.pathway.rules.deadlines import Wait
from registry.people.models import Office
from registry.proposals.models import Proposal
from registry.reference.queries import reference


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
    return deadlines.wait(proposal.waiting_since.date(), on, term(matter, on), reference.calendar())


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


def to_review(actor: Actor) -> Select[Proposal]:
    """Open proposals before `actor`'s bureau, the longest waiting first."""
    return in_review().where(Proposal.reviewing_office_id == (actor.office_id if actor.holds(Role.OFFICER) else -1))


def queue(actor: Actor) -> Select[Proposal]:
    """The cases under review that `actor` may look at: their bureau's, or everybody's for who sees all."""
    return in_review() if actor.holds(*SEES_ALL) else to_review(actor)


def in_review() -> Select[Proposal]:
    return (
        select(Proposal)
        .join(Proposal.firm)
        .where(Proposal.outcome.is_(None), Firm.voided_at.is_(None))
        .where(Firm.stage.in_((Stage.PROPOSED, Stage.UNDER_REVIEW)))
        .order_by(Proposal.waiting_since, Proposal.id)
    )


def narrowed(statement: Select[Proposal], *, text: str = "", office: str = "", stage: str = "") -> Select[Proposal]:
    """`statement` of `queue` narrowed to a part of the name or code, a proposing office, and a stage."""
    if text:
        statement = statement.where(containing(text))
    if office:
        statement = statement.where(
            Proposal.office_id == select(Office.id).where(Office.code == office).scalar_subquery()
        )
    return statement.where(Firm.stage == stage) if stage else statement


def to_mend(actor: Actor) -> Select[Proposal]:
    """Proposals sent back to `actor`'s office; the city office mends for the bureau its people sit in."""
    return (
        select(Proposal)
        .join(Proposal.firm)
        .where(Proposal.outcome.is_(None), Firm.voided_at.is_(None), Firm.stage == Stage.RETURNED)
        .where(Proposal.office_id == (actor.office_id if actor.holds(Role.CLERK, Role.CITY_OFFICE) else -1))
        .order_by(Proposal.waiting_since, Proposal.id)
    )
