"""What waits for somebody (待办), what they have done (已办), what they started (我发起的)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from registry.domain.permissions import Actor
from registry.domain.vocabulary import BatchState, Role, Stage
from registry.extensions import db
from registry.models import Claim, Firm, ImportBatch, PathwayEvent, Proposal


@dataclass(frozen=True)
class Task:
    """One thing to do: `kind` names its sentence, `path` is the page where it is done."""

    kind: str
    subject: str
    subject_id: int
    origin: str
    since: datetime | None
    count: int = 0


def counts(actor: Actor) -> dict[str, int]:
    """Numbers beside the menu entries."""
    review = _count(to_review(actor))
    claims = _count(open_claims(actor))
    rest = _count(to_mend(actor)) + _count(to_confirm(actor))
    return {"inbox": review + claims + rest, "review": review, "claims": claims}


def tasks(actor: Actor) -> list[Task]:
    """Everything that waits for `actor`, the oldest first."""
    found = [
        *(_review_task(p) for p in db.session.scalars(to_review(actor)).unique()),
        *(
            Task("mend", p.firm.name, p.firm_id, _short(p.reviewing_office), p.waiting_since, _cells(p))
            for p in db.session.scalars(to_mend(actor)).unique()
        ),
        *(Task("claim", c.firm.name, c.id, c.office.short_name, c.at) for c in db.session.scalars(open_claims(actor))),
        *(
            Task("batch", b.filename, b.id, b.office.short_name, b.created_at, b.new + b.changed)
            for b in db.session.scalars(to_confirm(actor))
        ),
    ]
    return sorted(found, key=lambda task: (task.since is None, task.since, task.subject))


def to_review(actor: Actor) -> Select[Proposal]:
    """Open proposals before `actor`'s bureau, the longest waiting first."""
    return (
        select(Proposal)
        .join(Proposal.firm)
        .where(Proposal.outcome.is_(None), Firm.stage.in_((Stage.PROPOSED, Stage.UNDER_REVIEW)))
        .where(Proposal.reviewing_office_id == (actor.office_id if actor.holds(Role.OFFICER) else -1))
        .order_by(Proposal.waiting_since, Proposal.id)
    )


def to_mend(actor: Actor) -> Select[Proposal]:
    """Proposals sent back to `actor`'s office."""
    return (
        select(Proposal)
        .join(Proposal.firm)
        .where(Proposal.outcome.is_(None), Firm.stage == Stage.RETURNED)
        .where(Proposal.office_id == (actor.office_id if actor.holds(Role.CLERK) else -1))
        .order_by(Proposal.waiting_since, Proposal.id)
    )


def open_claims(actor: Actor) -> Select[Claim]:
    """Claims the city office has yet to decide."""
    statement = select(Claim).where(Claim.decided_at.is_(None)).order_by(Claim.at, Claim.id)
    return statement if actor.holds(Role.CITY_OFFICE) else statement.where(Claim.id == -1)


def to_confirm(actor: Actor) -> Select[ImportBatch]:
    """Checked workbooks that nobody has confirmed or given up yet."""
    return (
        select(ImportBatch)
        .where(ImportBatch.state == BatchState.CHECKED, ImportBatch.by_id == (actor.user_id or -1))
        .order_by(ImportBatch.created_at, ImportBatch.id)
    )


def done(actor: Actor, *, limit: int = 200) -> Sequence[PathwayEvent]:
    """Steps that `actor` took, the newest first."""
    return db.session.scalars(
        select(PathwayEvent)
        .where(PathwayEvent.actor_id == (actor.user_id or -1))
        .order_by(PathwayEvent.at.desc(), PathwayEvent.id.desc())
        .limit(limit)
    ).all()


def started(actor: Actor, *, limit: int = 200) -> Sequence[Proposal]:
    """Nominations that `actor` put forward, the newest first."""
    return (
        db.session.scalars(
            select(Proposal)
            .where(Proposal.proposer_id == (actor.user_id or -1))
            .order_by(Proposal.id.desc())
            .limit(limit)
        )
        .unique()
        .all()
    )


def _count(statement: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0


def _review_task(proposal: Proposal) -> Task:
    kind = "review_again" if proposal.rounds > 1 else "review"
    return Task(kind, proposal.firm.name, proposal.id, proposal.office.short_name, proposal.waiting_since)


def _short(office: object) -> str:
    return getattr(office, "short_name", "")


def _cells(proposal: Proposal) -> int:
    return sum(cell.round == proposal.rounds for cell in proposal.returned_cells)
