"""Days on the way of a task (阶段节点): set with it or later, moved with a reason, reached by its office's word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from registry.base.errors import FieldError, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.plans.models import MilestoneMove, PlanTask, TaskMilestone
from registry.plans.rules.milestones import misfit
from registry.plans.services.held import city_office, hold
from registry.plans.texts import MILESTONE_ERRORS
from registry.trail.services import trail


@dataclass(frozen=True)
class MilestoneSet:
    """What is to be shown by a day, and of a counted task, if wished, how many."""

    due_on: date
    shown: str
    number: int | None = None


def add(actor: Actor, task: PlanTask, given: MilestoneSet, *, at: datetime) -> TaskMilestone:
    """A further one. Raises FieldError where it does not fit between the others."""
    city_office(actor)
    hold(task)
    return put(actor, task, given, at=at)


def put(actor: Actor, task: PlanTask, given: MilestoneSet, *, at: datetime, fields: str = "") -> TaskMilestone:
    """The same of a task that is held; `fields`: how the names of the form's fields begin."""
    _refuse_misfit(task, given.due_on, given.number, task.milestones, fields)
    row = TaskMilestone(**asdict(given), by_id=city_office(actor), by_name=actor.name, at=at)
    task.milestones.append(row)
    db.session.flush()
    after = {name: value for name, value in asdict(given).items() if value is not None}
    trail.record(actor, "set_milestone", row, at=at, after={"task": task.title, **after})
    return row


def move(actor: Actor, row: TaskMilestone, due_on: date, *, reason: str, at: datetime) -> None:
    """Another day, with the reason; the day before stays on record."""
    city_office(actor)
    hold(row.task)
    db.session.refresh(row)
    if not reason.strip():
        raise ReasonNeeded
    if due_on == row.due_on:
        raise FieldError("due_on", MILESTONE_ERRORS["same_day"])
    _refuse_misfit(row.task, due_on, row.number, [one for one in row.task.milestones if one is not row])
    before, row.due_on = row.due_on, due_on
    row.moves.append(MilestoneMove(before=before, after=due_on, reason=reason.strip(), by_name=actor.name, at=at))
    db.session.flush()
    trail.record(
        actor, "move_milestone", row, at=at, reason=reason.strip(), before={"due_on": before}, after={"due_on": due_on}
    )


def reach(task: PlanTask, row: TaskMilestone, on: date) -> None:
    """The office of the task, which is held, says that it is reached; who may say so was asked before."""
    if row.task_id != task.id or row.number is not None:
        raise RegistryError(MILESTONE_ERRORS["counted"])
    if row.done_on is not None:
        raise RegistryError(MILESTONE_ERRORS["reached"])
    row.done_on = on


def _refuse_misfit(
    task: PlanTask, day: date, number: int | None, others: Sequence[TaskMilestone], fields: str = ""
) -> None:
    if why := misfit(task, day, number, others):
        field = "number" if why in ("number", "falling") else "due_on"
        raise FieldError(f"{fields}{field}", MILESTONE_ERRORS[why])
