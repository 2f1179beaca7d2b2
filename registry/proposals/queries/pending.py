"""What of nominations waits: cases to review, cells to mend, leads that have all a submission asks for."""

from __future__ import annotations

from sqlalchemy import Select, func, or_
from sqlalchemy.orm import selectinload

from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.pending import Pending, Task, first_of
from registry.base.permissions import Actor
from registry.base.vocabulary import Role, Stage
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.notices.rules import Matter
from registry.proposals.models import Proposal
from registry.proposals.queries.nominations import returned_cells
from registry.proposals.queries.waiting import to_mend, to_review


def reviews(actor: Actor) -> Select[Proposal] | None:
    return to_review(actor) if actor.holds(Role.OFFICER) else None


def mending(actor: Actor) -> Select[Proposal] | None:
    return to_mend(actor) if actor.holds(Role.CLERK, Role.CITY_OFFICE) else None


def ready_leads(actor: Actor) -> Select[Firm] | None:
    """Leads of the own office that lack nothing and reach the directory's line: they wait to be submitted."""
    if not actor.holds(Role.CLERK):
        return None
    best = func.coalesce(Firm.revenue_to_date, 0), func.coalesce(Firm.revenue_last_year, 0)
    return (
        firms.visible_to(actor)
        .where(Firm.office_id == actor.office_id, Firm.stage == Stage.LEAD, Firm.missing == "", Firm.watch_reason == "")
        .where(or_(*(amount >= Firm.admission_line for amount in best)))
        .order_by(Firm.stage_on, Firm.id)
    )


def _to_review(actor: Actor, limit: int) -> list[Task]:
    rows = db.session.scalars(to_review(actor).limit(limit)).unique()
    return [
        Task(
            "review_again" if row.rounds > 1 else "review", row.firm.name, row.id, row.office.short_name,
            row.waiting_since, label=_AGAIN if row.rounds > 1 else _REVIEW, endpoint="reviews.show",
            values={"proposal_id": row.id}, matter=Matter.REVIEW, termed=True,
        )
        for row in rows
    ]  # fmt: skip


def _to_mend(actor: Actor, limit: int) -> list[Task]:
    rows = to_mend(actor).options(selectinload(Proposal.returned_cells)).limit(limit)
    return [
        Task(
            "mend", row.firm.name, row.id, row.reviewing_office.short_name if row.reviewing_office else "",
            row.waiting_since, len(returned_cells(row)), label=N_("退回补正"), endpoint="proposals.show",
            values={"proposal_id": row.id}, matter=Matter.MEND, termed=True,
        )
        for row in db.session.scalars(rows).unique()
    ]  # fmt: skip


def _ready_leads(actor: Actor, limit: int) -> list[Task]:
    return [
        Task(
            "lead", row.name, row.id, row.office.short_name, None, label=N_("提交提名"), endpoint="proposals.check",
            values={"firm_id": row.id},
        )
        for row in first_of(ready_leads(actor), limit)
    ]  # fmt: skip


_REVIEW, _AGAIN = N_("核查提名"), N_("补正后重新核查")
WAITING = (
    Pending("review", N_("待核查的提名"), "reviews.queue", reviews, tasks=_to_review, counter="review"),
    Pending("mend", N_("退回待补正"), "proposals.listing", mending, tasks=_to_mend, values={"state": "returned"}),
    Pending("lead", N_("可提交的线索"), "", ready_leads, tasks=_ready_leads, is_task=False),
)
