"""Claims that wait: for the city office to decide, for an office that has not said anything yet."""

from __future__ import annotations

from sqlalchemy import Select, exists, select

from registry.base.labels import N_
from registry.base.pending import Pending, Task, first_of
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.claims.models import Claim, ClaimEvidence
from registry.claims.queries.claims import due_on, visible_to
from registry.notices.rules import Matter


def to_decide(actor: Actor) -> Select[Claim] | None:
    """Claims the city office has yet to decide."""
    if not actor.holds(Role.CITY_OFFICE):
        return None
    return select(Claim).where(Claim.decided_at.is_(None)).order_by(Claim.at, Claim.id)


def to_answer(actor: Actor) -> Select[Claim] | None:
    """Open claims on a firm of the own office, which has put nothing on the table yet."""
    if not actor.holds(Role.CLERK):
        return None
    said = exists().where(ClaimEvidence.claim_id == Claim.id, ClaimEvidence.office_id == actor.office_id)
    own = visible_to(actor).where(Claim.decided_at.is_(None), Claim.holder_id == actor.office_id, ~said)
    return own.order_by(None).order_by(Claim.at, Claim.id)


def _to_decide(actor: Actor, limit: int) -> list[Task]:
    return _tasks(to_decide(actor), limit, N_("认领争议：两地提名同一企业"))


def _to_answer(actor: Actor, limit: int) -> list[Task]:
    return _tasks(to_answer(actor), limit, N_("认领争议：请提供依据"))


def _tasks(statement: Select[Claim] | None, limit: int, label: str) -> list[Task]:
    return [
        Task(
            "claim", row.firm.name, row.id, row.office.short_name, row.at, due_on=due_on(row), label=label,
            endpoint="claims.show", values={"claim_id": row.id}, matter=Matter.CLAIM, termed=True,
        )
        for row in first_of(statement, limit)
    ]  # fmt: skip


WAITING = (
    Pending("claim", N_("认领争议待裁定"), "claims.listing", to_decide, tasks=_to_decide, counter="claims"),
    Pending("claim_answer", N_("认领争议待答复"), "claims.listing", to_answer, tasks=_to_answer),
)
