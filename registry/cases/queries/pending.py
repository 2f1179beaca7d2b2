"""Cases whose next step is the actor's, and editions of kinds that wait for a second person."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import Select, select

from registry.base.clocks import SHANGHAI
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.pending import Pending, Task
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.cases.models import Case, CaseKind
from registry.cases.queries import cases
from registry.cases.rules.rights import CHECKERS
from registry.notices.rules import Matter


def to_do(actor: Actor) -> Select[Case] | None:
    return cases.waiting_for(actor) if actor.holds(Role.CLERK, Role.OFFICER, Role.CITY_OFFICE) else None


def to_publish(actor: Actor) -> Select[CaseKind] | None:
    if not actor.holds(*CHECKERS):
        return None
    others = CaseKind.prepared_by_id.is_distinct_from(actor.user_id)
    return select(CaseKind).where(CaseKind.state == "draft", others).order_by(CaseKind.group, CaseKind.code)


def _to_do(actor: Actor, limit: int) -> list[Task]:
    return [
        Task(
            "case_mend" if row.is_draft else "case", row.applicant, row.id, row.number, _since(row),
            due_on=row.due_on, label=N_("填报或补正事项") if row.is_draft else N_("办理事项"), endpoint="cases.show",
            values={"case_id": row.id}, matter=Matter.CASE,
        )
        for row in db.session.scalars(cases.waiting_for(actor).limit(limit)).unique()
    ]  # fmt: skip


def _since(case: Case) -> datetime:
    """A case waits since it came to where it stands."""
    return datetime.combine(case.since, time(), SHANGHAI)


WAITING = (
    Pending("case", N_("待办理的事项"), "cases.listing", to_do, tasks=_to_do, values={"mine": "1"}),
    Pending("case_kind", N_("事项规则待复核"), "case_kinds.listing", to_publish, is_task=False),
)
