"""Nominations: the open one of a firm, those in an actor's reach, and what each round changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, true

from registry.base.belongings import Belonging
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.permissions import SEES_ALL, TERRITORIAL, Actor
from registry.base.vocabulary import LISTED_STAGES, Role, Stage
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.queries.search import containing
from registry.proposals.models import Proposal, ReturnedCell


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


NOMINATED_STAGES = (
    Stage.LEAD, Stage.PROPOSED, Stage.UNDER_REVIEW, Stage.RETURNED, Stage.WITHDRAWN, Stage.REJECTED, *LISTED_STAGES,
)  # fmt: skip

NEWEST = (Firm.stage_on.desc(), Firm.id.desc())


def nominated(actor: Actor) -> Select[Firm]:
    """Firms with a nomination in reach, and the leads of the actor's own office: what may become one.

    For a county or zone these are its own; whoever sees more of the directory sees more nominations.
    """
    own = Firm.office_id == actor.office_id
    has_nomination = select(Proposal.id).where(Proposal.firm_id == Firm.id).exists()
    territorial = actor.office_kind in TERRITORIAL and not actor.holds(*SEES_ALL)
    return firms.visible_to(actor).where(
        own if territorial else true(),
        Firm.stage.in_(NOMINATED_STAGES),
        or_(has_nomination, and_(own, Firm.stage == Stage.LEAD)),
    )


def matching(statement: Select[Firm], *, stages: Iterable[str] = (), text: str = "") -> Select[Firm]:
    """`statement` narrowed to stages and to a part of the name or code."""
    if stages := tuple(stages):
        statement = statement.where(Firm.stage.in_(stages))
    if text:
        statement = statement.where(containing(text))
    return statement


def count_by_stage(statement: Select[Firm]) -> dict[str, int]:
    inner = statement.with_only_columns(Firm.id, Firm.stage).order_by(None).subquery()
    rows = db.session.execute(select(inner.c.stage, func.count().label("number")).group_by(inner.c.stage))
    return {row.stage: row.number for row in rows}


def latest_of(firm_ids: Iterable[int]) -> dict[int, Proposal]:
    """The newest nomination of each of the firms that have one."""
    newest = select(func.max(Proposal.id)).where(Proposal.firm_id.in_(set(firm_ids))).group_by(Proposal.firm_id)
    rows = db.session.scalars(select(Proposal).where(Proposal.id.in_(newest))).unique()
    return {proposal.firm_id: proposal for proposal in rows}


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


def times_returned(proposal: Proposal) -> int:
    return len({cell.round for cell in proposal.returned_cells})


@dataclass(frozen=True)
class RoundDifference:
    field: str
    before: Any
    after: Any


def changed_in_round(proposal: Proposal, number: int) -> list[RoundDifference]:
    """What round `number` changed against the one before; nothing for the first."""
    rounds = {submission.round: submission.payload for submission in proposal.submissions}
    before, after = rounds.get(number - 1), rounds.get(number)
    if before is None or after is None:
        return []
    return [RoundDifference(key, before.get(key), value) for key, value in after.items() if before.get(key) != value]


BELONGINGS = (
    Belonging(
        "nominations",
        N_("本人提交、尚未办结的提名"),
        Proposal.proposer_id,
        lambda _user: Proposal.outcome.is_(None),
        roles=frozenset({Role.CLERK, Role.CITY_OFFICE}),
    ),
    Belonging(
        "reviews",
        N_("本人已受理、尚未作出决定的核查"),
        Proposal.reviewer_id,
        lambda _user: and_(Proposal.outcome.is_(None), Proposal.firm.has(Firm.stage == Stage.UNDER_REVIEW)),
        roles=frozenset({Role.OFFICER}),
    ),
)
