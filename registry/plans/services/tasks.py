"""The annual list: a task is set with its milestones, moved with a reason, answered by its office, nudged, voided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from types import MappingProxyType

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import Actor, can
from registry.notices.models import Nudge
from registry.notices.rules import Matter, NudgedAlready
from registry.notices.services import notices
from registry.notices.services.nudges import answer, refuse_twice
from registry.people.models import Office
from registry.plans.models import MeasureLead, Plan, PlanTask, TaskMilestone, TaskMove, TaskWord
from registry.plans.queries import tasks
from registry.plans.rules.progress import CELLS
from registry.plans.services import milestones
from registry.plans.services.held import city_office, hold
from registry.plans.services.milestones import MilestoneSet
from registry.plans.texts import TASK_ERRORS
from registry.trail.services import trail


@dataclass(frozen=True)
class TaskSet:
    """What a task is, as it is set."""

    measure: str
    title: str
    person: str
    deliverable: str
    starts_on: date
    due_on: date
    kind: str = ""
    aim: int | None = None


def assign(
    actor: Actor, plan: Plan, office: Office, given: TaskSet, *, at: datetime,
    stages: Mapping[str, MilestoneSet] = MappingProxyType({}),
) -> PlanTask:  # fmt: skip
    """`stages`: its milestones, by how the names of their fields begin in the form.

    Raises FieldError where the days are turned, or where a counted task has no number, or the contrary.
    """
    person = city_office(actor)
    if given.due_on < given.starts_on:
        raise FieldError("due_on", TASK_ERRORS["turned"])
    if bool(given.kind) is not (given.aim is not None):
        raise FieldError("aim", TASK_ERRORS["aim"])
    row = PlanTask(plan=plan, office=office, **asdict(given), by_id=person, by_name=actor.name, at=at)
    db.session.add(row)
    db.session.flush()
    after = {name: value for name, value in asdict(given).items() if value not in ("", None)}
    trail.record(actor, "set_task", row, at=at, after={"office": office.code, **after})
    for fields, stage in stages.items():
        milestones.put(actor, row, stage, at=at, fields=fields)
    return row


def lead(actor: Actor, plan: Plan, measure: str, office: Office, *, source: str, at: datetime) -> MeasureLead:
    """Say who leads a measure, by whose word."""
    person = city_office(actor)
    row = MeasureLead(
        plan_id=plan.id, measure=measure, office=office, source=source, by_id=person, by_name=actor.name, at=at
    )
    db.session.add(row)
    db.session.flush()
    trail.record(actor, "name_lead", row, at=at, source=source, after={"office": office.code})
    return row


def move(actor: Actor, task: PlanTask, due_on: date, *, reason: str, at: datetime) -> None:
    """Another day, with the reason; the day before stays on record."""
    city_office(actor)
    hold(task)
    if not reason.strip():
        raise ReasonNeeded
    if due_on < task.starts_on or due_on == task.due_on:
        raise FieldError("due_on", TASK_ERRORS["turned" if due_on < task.starts_on else "same_day"])
    if any(one.due_on >= due_on for one in task.milestones):
        raise FieldError("due_on", TASK_ERRORS["milestone_after"])
    before, task.due_on = task.due_on, due_on
    task.moves.append(TaskMove(before=before, after=due_on, reason=reason.strip(), by_name=actor.name, at=at))
    db.session.flush()
    trail.record(
        actor, "move_task", task, at=at, reason=reason.strip(), before={"due_on": before}, after={"due_on": due_on}
    )


def say(
    actor: Actor, task: PlanTask, said: str, *, evidence: str, done: bool, at: datetime, on: date,
    milestone: TaskMilestone | None = None,
) -> None:  # fmt: skip
    """How far it is, in the words of its office; that a milestone or all is done. At most five cells a quarter."""
    hold(task)
    if not can(actor, "task.report", task):
        raise NotAllowed
    quarter = Quarter.of(on)
    if tasks.cells(task.office_id, quarter) >= CELLS:
        raise RegistryError(TASK_ERRORS["cells"], most=CELLS, quarter=quarter.label)
    if (done and task.kind) or (milestone is not None and milestone.number is not None):
        raise RegistryError(TASK_ERRORS["counted"])
    if milestone is not None:
        milestones.reach(task, milestone, on)
    task.words.append(TaskWord(quarter=quarter.label, said=said, evidence=evidence, by_name=actor.name, at=at))
    if done:
        task.done_on = on
    db.session.flush()
    answer(task.id, Matter.TASK, at=at)
    after = {"quarter": quarter.label, "said": said} | ({"done_on": on} if done else {})
    after |= {"milestone": milestone.shown} if milestone is not None else {}
    trail.record(actor, "report_task", task, at=at, source=evidence, after=after)


def void(actor: Actor, task: PlanTask, *, reason: str, at: datetime) -> None:
    city_office(actor)
    hold(task)
    if not reason.strip():
        raise ReasonNeeded
    task.voided_at, task.void_reason = at, reason.strip()
    db.session.flush()
    answer(task.id, Matter.TASK, at=at)
    trail.record(actor, "void_task", task, at=at, reason=task.void_reason)


# -- nudges ---------------------------------------------------------------------------------------
def nudge(actor: Actor, task: PlanTask, *, at: datetime, on: date) -> Nudge:
    """催办: the office is asked for an answer, once a working day."""
    person = city_office(actor)
    hold(task)
    refuse_twice(Matter.TASK, task.id, actor.office_id, on)
    row = Nudge(
        subject_kind=Matter.TASK, subject_id=task.id, office_id=task.office_id, from_office_id=actor.office_id,
        by_id=person, by_name=actor.name, at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    trail.record(actor, "nudge", task, at=at, after={"office": task.office.code})
    notices.tell(
        task.office_id, "nudged_task", {"task": task.title}, at=at, subject_kind="task", subject_id=task.id, nudge=row
    )
    return row


def nudge_late(actor: Actor, office: Office, *, at: datetime, on: date) -> int:
    """All of an office that are overdue or behind, but those nudged today; how many."""
    late = [
        line.task
        for line in tasks.lines(tasks.visible_to(actor).where(PlanTask.office_id == office.id), on)
        if line.light.light in ("overdue", "behind")
    ]
    count = 0
    for task in late:
        try:
            nudge(actor, task, at=at, on=on)
        except NudgedAlready:
            continue
        count += 1
    return count
