"""A city at work in an open quarter: every firm came in it, one in eleven was confirmed, others file, are marked, left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from bench import closing
from bench.city import city
from bench.scale import CHUNK
from registry.base.extensions import clock, db
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.vocabulary import Action, Stage
from registry.filings.models import Filing, IntakeWindow
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent
from registry.people.models import Office
from registry.people.queries import people
from registry.people.services import accounts
from registry.plans.models import FirmMark, Plan, PlanMeasure, PlanTask
from registry.plans.rules.progress import Counted

AT = datetime(2021, 9, 20, 9, tzinfo=UTC)
BEFORE = date(2020, 11, 20)
STEPS = {
    Stage.QUALIFIED: (Action.QUALIFY, Stage.ADMITTED, Stage.QUALIFIED, date(2021, 9, 10)),
    Stage.FILED: (Action.FILE, Stage.QUALIFIED, Stage.FILED, date(2021, 9, 15)),
    Stage.ENROLLED: (Action.CONFIRM, Stage.IN_CHAIN, Stage.ENROLLED, date(2021, 9, 20)),
    Stage.REMOVED: (Action.REMOVE, Stage.ADMITTED, Stage.REMOVED, date(2021, 9, 25)),
}
MARKED, TASKS = 50, 60
"""One firm in so many is marked; so many tasks are set."""


def build(folder: Path, rows: int) -> None:
    """What `closing.build` makes, and what the plan's pages read."""
    closing.build(folder, rows)
    with city(folder):
        accounts.create(
            SYSTEM_ACTOR, username="office", name="office", office=people.office("science"), roles=["city_office"],
            password="Bench-2021-plan", at=clock.now(), must_change=False,
        )  # fmt: skip
        _stages()
        by_id = people.user("office").id
        window = _window()
        for chunk in _chunks():
            steps = [_step(row) for row in chunk if row.stage in STEPS]
            filings = [_filing(row, window, by_id) for row in chunk if row.stage in (Stage.FILED, Stage.ENROLLED)]
            marks = [_mark(row, by_id) for row in chunk if row.id % MARKED == 0]
            for table, found in ((PathwayEvent, steps), (Filing, filings), (FirmMark, marks)):
                if found:
                    db.session.execute(insert(table), found)
            db.session.commit()
        _tasks(by_id)
        db.session.commit()


def _stages() -> None:
    """Firms whom the closing has in the directory stand in it today too, and a third of those over the line file."""
    db.session.execute(update(Firm).where(Firm.stage == Stage.LEAD).values(stage=Stage.ADMITTED))
    over = Firm.stage == Stage.QUALIFIED, Firm.id % 3 == 0
    db.session.execute(update(Firm).where(*over).values(stage=Stage.FILED))
    db.session.commit()


def _chunks() -> Iterator[list[Any]]:
    last, columns = 0, (Firm.id, Firm.stage, Firm.office_id, Firm.lead_bureau_id)
    while chunk := db.session.execute(select(*columns).where(Firm.id > last).order_by(Firm.id).limit(CHUNK)).all():
        yield list(chunk)
        last = chunk[-1].id


def _day(row: Any) -> date:
    """One confirmation in five was last year's, so that there is something to compare with."""
    return BEFORE if row.stage == Stage.ENROLLED and row.id % 5 == 0 else STEPS[row.stage][3]


def _step(row: Any) -> dict[str, Any]:
    action, source, target, _on = STEPS[row.stage]
    return {
        "firm_id": row.id, "action": action, "source": source, "target": target, "on": _day(row), "at": AT,
        "actor_name": "bench", "office_id": row.office_id,
    }  # fmt: skip


def _window() -> int:
    window = IntakeWindow(
        year=2021, door="monthly", batch="10月", opens_on=date(2021, 10, 1), closes_on=date(2021, 10, 25),
        statement_year=2021, statement_month=9, source="bench", at=AT,
    )  # fmt: skip
    db.session.add(window)
    db.session.commit()
    return window.id


def _filing(row: Any, window: int, by_id: int) -> dict[str, Any]:
    """Confirmed, or under way."""
    done = row.stage == Stage.ENROLLED
    day = _day(row)
    return {
        "firm_id": row.id, "window_id": window, "door": "monthly", "year": day.year, "month": day.month,
        "filed_on": day, "by_id": by_id, "by_name": "bench", "at": AT, "outcome": "enrolled" if done else None,
        "closed_on": day if done else None, "effective_year": day.year if done else None,
        "effective_month": day.month if done else None, "reference": "bench" if done else "",
    }  # fmt: skip


def _mark(row: Any, by_id: int) -> dict[str, Any]:
    way = "introduced" if row.id % (3 * MARKED) == 0 else "cultivated"
    return {
        "firm_id": row.id, "way": way, "since": date(2021, 5, 18), "source": "认定文件", "by_id": by_id,
        "office_id": row.lead_bureau_id or row.office_id, "by_name": "bench", "at": AT,
    }  # fmt: skip


def _tasks(by_id: int) -> None:
    """One after another for measures and offices, five of six counted from the registry's acts."""
    plan = db.session.scalars(select(Plan)).unique().one()
    measures = list(db.session.scalars(select(PlanMeasure.code).order_by(PlanMeasure.id)))
    offices = list(db.session.scalars(select(Office.id).where(Office.kind != "system").order_by(Office.id)))
    kinds = (*Counted, "")
    for number in range(TASKS):
        kind = kinds[number % len(kinds)]
        task = PlanTask(
            plan_id=plan.id, measure=measures[number % len(measures)], office_id=offices[number % len(offices)],
            title=f"{number}", person="bench", deliverable="bench", starts_on=date(2021, 3, 1),
            due_on=date(2021, 9 + number % 4, 20), kind=kind, aim=1000 if kind else None, by_id=by_id,
            by_name="bench", at=AT,
        )  # fmt: skip
        db.session.add(task)
