"""What a quarter keeps for its bulletin: frozen with the quarter, under its digest, so that it is the same for ever."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.vocabulary import Action
from registry.cases.models import CaseCohort
from registry.cases.queries import kinds
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent
from registry.payments.queries.totals import paid_rows
from registry.plans.models import Plan, PlanTask, PlanVersion
from registry.plans.queries import plans, tasks
from registry.plans.queries.standing import PlanStanding, TargetStanding, standing
from registry.plans.queries.tasks import TaskLine
from registry.plans.rules.counting import BearingRow
from registry.quarters.models import Snapshot
from registry.reference.queries import reference

KEY = "bulletin"
"""Under which it stands beside a closed quarter."""
STEPS = (Action.QUALIFY, Action.FILE, Action.RETURN_FILING, Action.CONFIRM)
_BACK = (Action.DISQUALIFY, Action.UNDO_IMPORT)
"""By these a firm is no longer over the line, or the import that brought it there is undone."""


def beside(quarter: Quarter) -> dict[str, Any]:
    """For the closing: places, steps of firms (of the year too), every running plan with targets and tasks.

    Plain values only, as JSON gives them back.
    """
    return {
        KEY: {
            "places": _places(quarter.last),
            "steps": _steps(quarter.first, quarter.last),
            "year_steps": _steps(date(quarter.year, 1, 1), quarter.last),
            "plans": [_plan(plan, version, quarter) for plan, version in _running(quarter.last)],
            "vouchers": [_voucher(cohort, quarter) for cohort in kinds.cohorts(["voucher"])],
        }
    }


def of(snapshot: Snapshot) -> dict[str, Any] | None:
    """None of a quarter that was closed before anything was kept."""
    kept: dict[str, Any] | None = json.loads(snapshot.beside or "{}").get(KEY)
    return kept


def has(snapshot: Snapshot) -> bool:
    """The same without reading it."""
    return "beside" in snapshot.header


def _places(on: date) -> list[dict[str, Any]]:
    """The counties and zones of that day by their names then, also those that have ended since; the office of each."""
    offices = reference.offices()
    return [
        {
            "code": row.code,
            "name": reference.division_name(row.code, on) or row.short_name,
            "office": offices[row.code].id if row.code in offices else None,
        }
        for row in [*reference.counties(on), *reference.zones(on)]
    ]


def _steps(first: date, last: date) -> list[list[Any]]:
    """[action, firm] of each step between two days, a firm once for each action; one taken back since is none."""
    rows = db.session.execute(
        select(PathwayEvent.action, PathwayEvent.firm_id)
        .join(Firm, Firm.id == PathwayEvent.firm_id)
        .where(PathwayEvent.action.in_((*STEPS, *_BACK)), PathwayEvent.on.between(first, last))
        .where(Firm.voided_at.is_(None))
        .order_by(PathwayEvent.id)
    )
    taken: set[tuple[str, int]] = set()
    for row in rows:
        if row.action in _BACK:
            taken.discard((str(Action.QUALIFY), row.firm_id))
        else:
            taken.add((str(row.action), row.firm_id))
    return [list(step) for step in sorted(taken)]


def _voucher(cohort: CaseCohort, quarter: Quarter) -> dict[str, Any]:
    """A year of vouchers with what was paid of it by the quarter's last day, case by case."""
    rows = paid_rows(cohort, quarter.last)
    return {
        "year": cohort.year,
        "since": quarter.first.isoformat(),
        "paid": [[row.number, row.office_id, row.paid_on.isoformat(), str(row.amount)] for row in rows],
    }


# -- plans ----------------------------------------------------------------------------------------
def _running(on: date) -> list[tuple[Plan, PlanVersion]]:
    """Issued plans of the year that had begun by the day, in the order of their codes."""
    found = ((plan, plans.in_force(plan, on)) for plan in db.session.scalars(select(Plan).order_by(Plan.code)))
    begun = ((plan, version) for plan, version in found if version and version.valid_from <= on)
    return [(plan, version) for plan, version in begun if version.first_year <= on.year <= version.last_year]


def _plan(plan: Plan, version: PlanVersion, quarter: Quarter) -> dict[str, Any]:
    found = standing(plan, quarter.last)
    lines = tasks.lines(
        select(PlanTask)
        .where(PlanTask.plan_id == plan.id, PlanTask.voided_at.is_(None), PlanTask.starts_on <= quarter.last)
        .order_by(PlanTask.due_on, PlanTask.id),
        quarter.last,
    )
    order = {measure.code: rank for rank, measure in enumerate(version.measures)}
    firms = tasks.firms_of([line.task for line in lines], quarter.last)
    return {
        "id": plan.id,
        "code": plan.code,
        "name": version.name,
        "version": version.number,
        "targets": [_target(one) for one in found.targets] if isinstance(found, PlanStanding) else [],
        "measures": [
            {
                "code": measure.code,
                "title": measure.title,
                "offices": "、".join(dict.fromkeys(one.printed for one in measure.offices)),
            }
            for measure in version.measures
        ],
        "tasks": sorted(
            (_task(line, firms.get(line.task.id, []), quarter) for line in lines),
            key=lambda task: (order.get(task["measure"], len(order)), task["due_on"], task["id"]),
        ),
    }


def _target(one: TargetStanding) -> dict[str, Any]:
    return {
        "code": one.target.code,
        "name": one.target.name,
        "amount": one.target.amount,
        "unit": one.target.unit,
        "has_rows": one.has_rows,
        "expected": one.pace.expected,
        "light": str(one.pace.light),
        "counted": _rows(one.counted),
        "under_way": _rows(one.under_way),
        "before": _rows(one.before),
    }


def _rows(rows: Iterable[BearingRow]) -> list[list[Any]]:
    """[firm, its name then, its code, the day, the document] of each."""
    return [[row.firm_id, row.name, row.credit_code, row.day.isoformat(), row.proof] for row in rows]


def _task(line: TaskLine, firms: list[int], quarter: Quarter) -> dict[str, Any]:
    task = line.task
    said = [word.said for word in task.words if word.quarter == quarter.label]
    return {
        "id": task.id,
        "measure": task.measure,
        "office_id": task.office_id,
        "office": reference.office_name(task.office.code, quarter.last),
        "title": task.title,
        "due_on": task.due_on.isoformat(),
        "aim": task.aim,
        "done": line.done if task.aim is not None else None,
        "expected": line.light.pace.expected if line.light.pace else None,
        "light": str(line.light.light),
        "said": said[-1] if said else "",
        "firms": firms,
    }
