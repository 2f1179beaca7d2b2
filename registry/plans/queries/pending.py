"""What of plans waits: tasks that were nudged, tasks overdue, drafts that a second person is to check."""

from __future__ import annotations

from sqlalchemy import Select, select

from registry.base.extensions import clock, db
from registry.base.labels import N_
from registry.base.pending import Pending, Task
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.notices.rules import Matter
from registry.people.queries import people
from registry.plans.models import PlanTask, PlanVersion
from registry.plans.queries import tasks
from registry.plans.rules.counting import PaceLight

_ANSWER = Role.CLERK, Role.OFFICER, Role.CITY_OFFICE


def nudged(actor: Actor) -> Select[PlanTask] | None:
    return tasks.nudged_of(actor) if actor.holds(*_ANSWER) else None


def overdue(actor: Actor) -> int | None:
    """Tasks of the own office whose day is over, with less done than they ask for; counted task by task."""
    if not actor.holds(*_ANSWER):
        return None
    own = tasks.visible_to(actor).where(
        PlanTask.office_id.in_(people.stood_for(actor)), PlanTask.due_on < clock.today(), PlanTask.done_on.is_(None)
    )
    return sum(line.light.light == PaceLight.OVERDUE for line in tasks.lines(own, clock.today()))


def to_check(actor: Actor) -> Select[PlanVersion] | None:
    if not actor.holds(Role.CITY_OFFICE, Role.STATISTICIAN):
        return None
    others = PlanVersion.prepared_by_id.is_distinct_from(actor.user_id)
    had = PlanVersion.former_hands.contains(f",{actor.user_id},")
    waits = PlanVersion.outcome.is_(None), PlanVersion.submitted_at.is_not(None)
    return select(PlanVersion).where(others, ~had, *waits).order_by(PlanVersion.id)


def _nudged(actor: Actor, limit: int) -> list[Task]:
    return [
        Task(
            "task", row.title, row.id, row.measure, None, due_on=row.due_on, label=N_("责任清单被催办，请报告进展"),
            endpoint="tasks.show", values={"task_id": row.id}, matter=Matter.TASK,
        )
        for row in db.session.scalars(tasks.nudged_of(actor).limit(limit)).unique()
    ]  # fmt: skip


WAITING = (
    Pending("task", N_("责任清单被催办"), "plans.listing", nudged, tasks=_nudged),
    Pending("task_overdue", N_("责任清单已到期未完成"), "plans.listing", found=overdue, is_task=False),
    Pending("plan", N_("方案草案待复核"), "plans.listing", to_check, is_task=False),
)
