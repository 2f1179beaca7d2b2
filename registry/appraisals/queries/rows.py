"""What offices had to do by a day: tasks, quarters to certify, cases sent back, nudges; and whether it was in time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from registry.appraisals.rules.items import SCORED_TASKS, Item
from registry.appraisals.rules.scoring import ScoredRow
from registry.base.extensions import SHANGHAI, db
from registry.base.periods import Quarter
from registry.base.vocabulary import Action
from registry.firms.models.firms import Firm
from registry.notices.models import Nudge
from registry.notices.rules import INTERVAL, MATTER_LABELS, TERMS, Matter
from registry.pathway.models import PathwayEvent
from registry.plans.models import PlanTask
from registry.plans.queries import tasks
from registry.proposals.models import Proposal
from registry.quarters.models import QuarterLine
from registry.quarters.queries import certificates, snapshots
from registry.reference.queries import parameters, reference

_BEFORE = timedelta(days=120)
"""No term is as long: what began earlier was due earlier."""


def between(first: date, last: date, items: Collection[str], offices: Collection[int]) -> Iterator[ScoredRow]:
    """Rows of these offices under these items, whose day lies between the two, both included."""
    for item in Item:
        if item in items:
            yield from (row for row in _ROWS[item](first, last, offices) if first <= row.due_on <= last)


def _tasks(first: date, last: date, offices: Collection[int]) -> Iterator[ScoredRow]:
    """Of a counted task as many as were counted by its own day."""
    due = PlanTask.voided_at.is_(None), PlanTask.due_on.between(first, last), PlanTask.office_id.in_(offices)
    wanted = select(PlanTask).where(*due, PlanTask.kind.in_(SCORED_TASKS)).order_by(PlanTask.id)
    found = list(db.session.scalars(wanted).unique())
    counted = tasks.progress(found, last, in_time=True)
    for task in found:
        done = counted.get(task.id, 0)
        in_time = done >= task.aim if task.aim is not None else task.done_on is not None and task.done_on <= task.due_on
        yield ScoredRow(
            Item.TASKS, task.office_id, task.id, task.title, task.due_on, task.done_on, in_time,
            counted=(done, task.aim) if task.aim is not None else None,
        )  # fmt: skip


def _quarters(first: date, last: date, offices: Collection[int]) -> Iterator[ScoredRow]:
    """Whoever had rows in it and spoke in time: certified, or said why not."""
    quarter = Quarter.of(first).previous
    while quarter.last < last:
        longer, history = certificates.extensions(quarter), certificates.history(quarter)
        term_ = certificates.due_on(quarter)
        said: dict[int, date] = {row.office_id: row.at.date() for row in history}  # the earliest comes last
        for office in sorted(_holders(quarter) & set(offices)):
            until, spoke = longer[office].until if office in longer else term_, said.get(office)
            in_time = spoke is not None and spoke <= until
            yield ScoredRow(Item.QUARTERS, office, quarter.label, quarter.label, until, spoke, in_time)
        quarter = quarter.next


def _holders(quarter: Quarter) -> set[int]:
    """The offices with rows: of a closed quarter as it was frozen, else as is kept."""
    snapshot = snapshots.of(quarter)
    if snapshot is not None:
        return {line.office_id for line in snapshots.certified(snapshot) or () if line.rows}
    columns = QuarterLine.office_id, QuarterLine.lead_bureau_id
    kept = select(*columns).where(QuarterLine.quarter == quarter.label, QuarterLine.row != "").distinct()
    return {number for row in db.session.execute(kept) for number in row if number is not None}


def _mended(first: date, last: date, offices: Collection[int]) -> Iterator[ScoredRow]:
    """Each time a nomination was sent back: until its office submitted it anew, or let it go."""
    answer = aliased(PathwayEvent)
    after = (
        select(func.min(answer.on))
        .where(answer.proposal_id == PathwayEvent.proposal_id, answer.id > PathwayEvent.id)
        .where(answer.action.in_((Action.SUBMIT, Action.WITHDRAW)))
        .scalar_subquery()
    )
    found = db.session.execute(
        select(PathwayEvent.on, Proposal.id, Proposal.office_id, Proposal.firm_id, after.label("mended_on"))
        .join(Proposal, Proposal.id == PathwayEvent.proposal_id)
        .join(Firm, Firm.id == Proposal.firm_id)
        .where(PathwayEvent.action == Action.SEND_BACK, PathwayEvent.on.between(first - _BEFORE, last))
        .where(Proposal.office_id.in_(offices), Firm.voided_at.is_(None))
        .order_by(PathwayEvent.id)
    )
    days, calendar = parameters.integers(TERMS[Matter.MEND]), reference.calendar()
    for row in found:
        until = calendar.due_day(row.on, days(row.on))
        in_time = row.mended_on is not None and row.mended_on <= until
        yield ScoredRow(Item.MENDED, row.office_id, row.id, "", until, row.mended_on, in_time, firm_id=row.firm_id)


def _nudges(first: date, last: date, offices: Collection[int]) -> Iterator[ScoredRow]:
    """Answered within as many working days as lie between two nudges of the system."""
    since, to = (datetime.combine(day, time(), SHANGHAI) for day in (first - _BEFORE, last + timedelta(days=1)))
    wanted = select(Nudge).where(Nudge.office_id.in_(offices), Nudge.at >= since, Nudge.at < to).order_by(Nudge.id)
    days, calendar = parameters.integers(INTERVAL), reference.calendar()
    for row in db.session.scalars(wanted).unique():
        day = row.at.astimezone(SHANGHAI).date()
        until = calendar.due_day(day, days(day))
        answered = row.answered_at.astimezone(SHANGHAI).date() if row.answered_at else None
        in_time = answered is not None and answered <= until
        yield ScoredRow(
            Item.NUDGES, row.office_id, row.id, MATTER_LABELS[Matter(row.subject_kind)], until, answered, in_time,
            firm_id=row.firm_id,
        )  # fmt: skip


_ROWS: Mapping[str, Callable[[date, date, Collection[int]], Iterator[ScoredRow]]] = MappingProxyType(
    {Item.TASKS: _tasks, Item.QUARTERS: _quarters, Item.MENDED: _mended, Item.NUDGES: _nudges}
)
