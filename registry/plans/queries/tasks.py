"""Tasks in an actor's reach, each with its progress and light; who leads a measure; what was nudged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, distinct, func, or_, select

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import SEES_ALL, Actor
from registry.base.vocabulary import OfficeKind
from registry.firms.models.firms import Firm
from registry.notices.models import Nudge
from registry.notices.queries.nudged import open_counts
from registry.notices.rules import Matter
from registry.pathway.models import PathwayEvent
from registry.people.models import Office
from registry.plans.models import FirmMark, MeasureLead, Plan, PlanTask, TaskWord
from registry.plans.rules.counting import PaceLight
from registry.plans.rules.progress import ACTIONS, Counted, TaskLight, light_of

_ORDER = list(PaceLight)


@dataclass(frozen=True)
class TaskLine:
    """A task with how many acts count, its light, and how often it was nudged since its office last answered."""

    task: PlanTask
    done: int
    light: TaskLight
    nudged: int


def visible_to(actor: Actor) -> Select[PlanTask]:
    """Those of the own office, and of one that it followed; by measure and day."""
    statement = select(PlanTask).where(PlanTask.voided_at.is_(None))
    if not actor.holds(*SEES_ALL):
        statement = statement.where(PlanTask.office_id.in_(_offices(actor)))
    return statement.order_by(PlanTask.measure, PlanTask.due_on, PlanTask.id)


def one(actor: Actor, task_id: int) -> Select[PlanTask]:
    return visible_to(actor).where(PlanTask.id == task_id)


def _offices(actor: Actor) -> Select[int]:
    return select(Office.id).where(or_(Office.id == actor.office_id, Office.successor == actor.office_code))


def lines(statement: Select[PlanTask], on: date) -> list[TaskLine]:
    """In the order of the statement."""
    found = list(db.session.scalars(statement).unique())
    nudged = open_counts((Matter.TASK, task.id) for task in found)
    return [_line(task, nudged.get((Matter.TASK, task.id), 0), on) for task in found]


def _line(task: PlanTask, nudged: int, on: date) -> TaskLine:
    done = progress(task, on) if task.kind else 0
    return TaskLine(task, done, light_of(task.aim, done, task.starts_on, task.due_on, task.done_on, on), nudged)


def latest_first(found: Iterable[TaskLine]) -> list[TaskLine]:
    """The overdue first, then those behind."""
    return sorted(found, key=lambda line: (-_ORDER.index(line.light.light), line.task.due_on, line.task.id))


def progress(task: PlanTask, on: date) -> int:
    """Firms of the office with such an act, from the first day of the task to the day asked about, each once."""
    ours = Firm.office_id == task.office_id
    if task.office.kind == OfficeKind.BUREAU:
        ours = Firm.lead_bureau_id == task.office_id
    if task.kind == Counted.MARKS:
        marked = select(func.count(distinct(FirmMark.firm_id))).join(Firm, Firm.id == FirmMark.firm_id)
        rows = marked.where(FirmMark.voided_at.is_(None), FirmMark.since.between(task.starts_on, on))
    else:
        took = select(func.count(distinct(PathwayEvent.firm_id))).join(Firm, Firm.id == PathwayEvent.firm_id)
        rows = took.where(PathwayEvent.action == ACTIONS[task.kind], PathwayEvent.on.between(task.starts_on, on))
    return db.session.scalar(rows.where(ours, Firm.voided_at.is_(None))) or 0


def cells(office_id: int, quarter: Quarter) -> int:
    """How many cells an office has typed in a quarter."""
    rows = select(func.count(TaskWord.id)).join(PlanTask, PlanTask.id == TaskWord.task_id)
    return db.session.scalar(rows.where(PlanTask.office_id == office_id, TaskWord.quarter == quarter.label)) or 0


def leads(plan: Plan) -> dict[str, MeasureLead]:
    """Measure -> the last word of who leads it."""
    rows = select(MeasureLead).where(MeasureLead.plan_id == plan.id).order_by(MeasureLead.id)
    return {row.measure: row for row in db.session.scalars(rows)}


def nudges(task: PlanTask) -> list[Nudge]:
    rows = select(Nudge).where(Nudge.subject_kind == Matter.TASK, Nudge.subject_id == task.id)
    return list(db.session.scalars(rows.order_by(Nudge.id.desc())))


def nudged_of(actor: Actor) -> Select[PlanTask]:
    """Tasks of the own office that wait for an answer."""
    open_ = select(Nudge.subject_id).where(Nudge.subject_kind == Matter.TASK, Nudge.answered_at.is_(None))
    own = PlanTask.office_id.in_(_offices(actor))
    return select(PlanTask).where(PlanTask.voided_at.is_(None), own, PlanTask.id.in_(open_)).order_by(PlanTask.id)


def by_office(found: Iterable[TaskLine]) -> list[tuple[Office, dict[str, int]]]:
    """Offices with their tasks by light, those with most overdue and behind first."""
    offices: dict[int, Office] = {}
    table: dict[int, Counter[str]] = {}
    for line in found:
        offices[line.task.office_id] = line.task.office
        table.setdefault(line.task.office_id, Counter())[line.light.light] += 1
    late = sorted(table, key=lambda number: (-table[number]["overdue"], -table[number]["behind"], number))
    return [(offices[number], table[number]) for number in late]
