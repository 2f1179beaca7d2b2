"""Nominations: the open one of a firm, those in an actor's reach, and what each round changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select

from registry.domain.permissions import Actor
from registry.domain.vocabulary import Role
from registry.extensions import db
from registry.models import Firm, Proposal, ReturnedCell
from registry.queries import firms


def visible_to(actor: Actor) -> Select[Proposal]:
    """Proposals of visible firms, and those routed to the actor's own bureau, the newest first."""
    reach = firms.within(actor)
    if actor.holds(Role.OFFICER):
        reach = or_(reach, Proposal.reviewing_office_id == actor.office_id)
    return (
        select(Proposal)
        .join(Proposal.firm)
        .where(Firm.voided_at.is_(None), reach)
        .order_by(Proposal.submitted_at.desc(), Proposal.id.desc())
    )


def one(actor: Actor, proposal_id: int) -> Select[Proposal]:
    return visible_to(actor).where(Proposal.id == proposal_id)


def open_of(firm: Firm) -> Proposal | None:
    return (
        db.session.scalars(select(Proposal).where(Proposal.firm_id == firm.id, Proposal.outcome.is_(None)))
        .unique()
        .one_or_none()
    )


def of_firm(firm: Firm) -> list[Proposal]:
    """All nominations of a firm, the newest first."""
    statement = select(Proposal).where(Proposal.firm_id == firm.id).order_by(Proposal.id.desc())
    return list(db.session.scalars(statement).unique())


def returned_cells(proposal: Proposal) -> list[ReturnedCell]:
    """The fields to mend in the present round."""
    return [cell for cell in proposal.returned_cells if cell.round == proposal.rounds]


@dataclass(frozen=True)
class Difference:
    field: str
    before: Any
    after: Any


def changed_in_round(proposal: Proposal, number: int) -> list[Difference]:
    """What round `number` changed against the one before; nothing for the first."""
    rounds = {submission.round: submission.payload for submission in proposal.submissions}
    before, after = rounds.get(number - 1), rounds.get(number)
    if before is None or after is None:
        return []
    return [Difference(key, before.get(key), value) for key, value in after.items() if before.get(key) != value]
