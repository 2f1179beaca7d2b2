"""Tasks in an actor's reach, each with its progress and light; who leads a measure; what was nudged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, case, false, func, literal, or_, select, union
from sqlalchemy.orm import selectinload

from registry.base.belongings import Belonging
from registry.base.clocks import AsOf
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.periods import Quarter
from registry.base.permissions import SEES_ALL, Actor
from registry.base.vocabulary import OfficeKind, Role
from registry.documents.models import Document
from registry.firms.models.firms import Firm
from registry.notices.models import Nudge
from registry.notices.queries.nudged import open_counts
from registry.notices.rules import Matter
from registry.pathway.models import PathwayEvent
from registry.people.models import Office
from registry.people.queries import people
from registry.plans.models import FirmMark, MeasureLead, Plan, PlanTask, PlanVersion, TaskMilestone, TaskWord
from registry.plans.rules.counting import PaceLight
from registry.plans.rules.milestones import MilestoneState, state_of
from registry.plans.rules.progress import ACTIONS, Counted, TaskLight, light_of

_ORDER = list(PaceLight)


@dataclass(frozen=True)
class TaskLine:
    """A task with how many acts count, its light, its milestones, how often it was nudged since its office answered."""

    task: PlanTask
    done: int
    light: TaskLight
    nudged: int
    milestones: tuple[tuple[TaskMilestone, MilestoneState], ...] = ()


def visible_to(actor: Actor) -> Select[PlanTask]:
    """Those of the own office, and of all that it followed; by measure and day."""
    statement = select(PlanTask).where(PlanTask.voided_at.is_(None))
    if not actor.holds(*SEES_ALL):
        statement = statement.where(PlanTask.office_id.in_(people.stood_for(actor)))
    return statement.order_by(PlanTask.measure, PlanTask.due_on, PlanTask.id)


def one(actor: Actor, task_id: int) -> Select[PlanTask]:
    return visible_to(actor).where(PlanTask.id == task_id)


def lines(statement: Select[PlanTask], on: date) -> list[TaskLine]:
    """In the order of the statement; as many statements for many tasks as for one."""
    on_the_way = selectinload(PlanTask.milestones).selectinload(TaskMilestone.moves)
    whole = statement.options(selectinload(PlanTask.moves), selectinload(PlanTask.words), on_the_way)
    found = list(db.session.scalars(whole).unique())
    nudged = open_counts((Matter.TASK, task.id) for task in found)
    counted = progress(found, on)
    return [_line(task, counted.get(task.id, 0), nudged.get((Matter.TASK, task.id), 0), on) for task in found]


def _line(task: PlanTask, done: int, nudged: int, on: date) -> TaskLine:
    states = tuple((one, state_of(task, one, done, on)) for one in task.milestones)
    return TaskLine(task, done, light_of(task, done, on), nudged, states)


def latest_first(found: Iterable[TaskLine]) -> list[TaskLine]:
    """The overdue first, then those behind."""
    return sorted(found, key=lambda line: (-_ORDER.index(line.light.light), line.task.due_on, line.task.id))


def progress(found: Iterable[PlanTask], on: date, *, in_time: bool = False) -> dict[int, int]:
    """Task -> firms of its office with such an act, from its first day to the day asked about, each once.

    `in_time`: to its own last day, if that is earlier.
    """
    rows = _acts(found, on, in_time=in_time)
    if rows is None:
        return {}
    acts = rows.subquery()
    counted = select(acts.c.task_id, func.count().label("number")).group_by(acts.c.task_id)
    return {row.task_id: row.number for row in db.session.execute(counted)}


def firms_of(found: Iterable[PlanTask], on: date) -> dict[int, list[int]]:
    """Task -> the firms that `progress` counts."""
    rows, firms = _acts(found, on), dict[int, list[int]]()
    for row in db.session.execute(rows) if rows is not None else ():
        firms.setdefault(row.task_id, []).append(row.firm_id)
    return {task_id: sorted(ids) for task_id, ids in firms.items()}


def _acts(found: Iterable[PlanTask], on: date, *, in_time: bool = False) -> CompoundSelect[int, int] | None:
    """(task_id, firm_id), each once; None where no task is counted."""
    counted = [task for task in found if task.kind]
    if not counted:
        return None
    until = case((PlanTask.due_on < on, PlanTask.due_on), else_=on) if in_time else literal(on)
    brought = or_(false(), *(_brought(task, min(on, task.due_on) if in_time else on) for task in counted))
    parts = (*_firms(Firm.lead_bureau_id, Office.kind == OfficeKind.BUREAU, until, brought),
             *_firms(Firm.office_id, Office.kind != OfficeKind.BUREAU, until, brought))  # fmt: skip
    return union(*(part.where(PlanTask.id.in_([task.id for task in counted])) for part in parts))


def _brought(task: PlanTask, until: date) -> ColumnElement[bool]:
    """That a paper was brought while the task ran; papers bear a moment, and no day."""
    if task.kind != Counted.DOCUMENTS:
        return false()
    begins = AsOf(task.starts_on - timedelta(days=1)).end
    return and_(PlanTask.id == task.id, Document.at >= begins, Document.at < AsOf(until).end)


def _firms(
    held_by: Any, which: ColumnElement[bool], until: ColumnElement[date], brought: ColumnElement[bool]
) -> tuple[Select[int, int], Select[int, int], Select[int, int]]:
    """Tasks of such offices with their firms: by what was done with them, what they are marked as, their papers."""
    columns = PlanTask.id.label("task_id"), Firm.id.label("firm_id")
    rows = select(*columns).distinct().join(Office, Office.id == PlanTask.office_id).where(which)
    rows = rows.join(Firm, held_by == PlanTask.office_id).where(Firm.voided_at.is_(None))
    took = rows.join(PathwayEvent, PathwayEvent.firm_id == Firm.id).where(
        PathwayEvent.action == case(dict(ACTIONS), value=PlanTask.kind),
        PathwayEvent.on.between(PlanTask.starts_on, until),
    )
    marked = rows.join(FirmMark, FirmMark.firm_id == Firm.id).where(
        PlanTask.kind == Counted.MARKS, FirmMark.voided_at.is_(None), FirmMark.since.between(PlanTask.starts_on, until)
    )
    documented = rows.join(Document, Document.firm_id == Firm.id).where(Document.voided_at.is_(None), brought)
    return took, marked, documented


def milestone(actor: Actor, milestone_id: int) -> Select[TaskMilestone]:
    """One of a task in reach."""
    within = visible_to(actor).with_only_columns(PlanTask.id).order_by(None)
    return select(TaskMilestone).where(TaskMilestone.id == milestone_id, TaskMilestone.task_id.in_(within))


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
    own = PlanTask.office_id.in_(people.stood_for(actor))
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


BELONGINGS = (
    Belonging(
        "tasks",
        N_("责任人写明为本人、尚未完成的责任清单事项"),
        PlanTask.person,
        lambda user: and_(
            PlanTask.office_id == user.office_id, PlanTask.voided_at.is_(None), PlanTask.done_on.is_(None)
        ),
        whose=lambda user: user.name,
    ),
    Belonging(
        "plan_drafts",
        N_("本人起草、尚未印发的方案"),
        PlanVersion.prepared_by_id,
        lambda _user: PlanVersion.outcome.is_(None),
        roles=frozenset({Role.CITY_OFFICE, Role.STATISTICIAN}),
        named=PlanVersion.prepared_by_name,
        before=PlanVersion.former_hands,
    ),
)
