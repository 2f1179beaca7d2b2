"""The city office's desk: what is left before the quarter can be closed, who is late, how the plan stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.home.queries import late
from registry.plans import texts
from registry.plans.queries import plans
from registry.plans.queries.standing import PlanStanding, standing
from registry.quarters.queries import closing
from registry.quarters.queries.pending import to_close
from registry.quarters.queries.unheard import unheard
from registry.quarters.rules.closing import Point

OFFICES_SHOWN = 6


@dataclass(frozen=True)
class QuarterStep:
    """One point of a quarter's checklist that is open, and the page of exactly its rows."""

    label: str
    count: int
    href: str


def desk(actor: Actor) -> dict[str, Any] | None:
    if not actor.holds(Role.CITY_OFFICE):
        return None
    on = clock.today()
    statement = to_close(actor)
    labels = list(db.session.scalars(statement)) if statement is not None else []
    quarter = Quarter.parse(labels[0]) if labels else None
    found = late.overdue(actor, on)
    return {
        "quarter": quarter,
        "steps": _steps(quarter) if quarter else [],
        "silent": unheard(quarter) if quarter else [],
        "late": late.by_office(found),
        "late_count": len(found),
        "late_open": sum(one.nudged_on is None for one in found),
        "offices_shown": OFFICES_SHOWN,
    }


def _steps(quarter: Quarter) -> list[QuarterStep]:
    close = url_for("closing.close", label=quarter.label)
    pages = {
        Point.PROPOSED: url_for("ledger.listing", stage="proposed"),
        Point.UNDER_REVIEW: url_for("ledger.listing", stage="under_review"),
        Point.RETURNED: url_for("ledger.listing", stage="returned"),
        Point.CLAIMS: url_for("claims.listing"),
        Point.IMPORTS: url_for("imports.listing"),
        Point.FILINGS: url_for("ledger.listing", stage="filing"),
    }
    found = closing.checklist(quarter, clock.today())
    return [QuarterStep(one.label, one.count, pages.get(one.point, close)) for one in found if one.count]


def targets() -> dict[str, Any] | None:
    """How the plan stands, for the right of the page; None without one in force."""
    on = clock.today()
    plan = plans.current(on)
    found: PlanStanding | None = standing(plan, on) if plan else None
    return {"found": found, "texts": texts} if found else None
