"""What a leader asks beside the targets: which window closes next, where firms still have to file, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, distinct, func, not_, select

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.vocabulary import Action, Stage
from registry.filings.queries import announced
from registry.filings.rules.intake import Window
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.queries.places import ALONE
from registry.pathway.models import PathwayEvent
from registry.plans.queries.standing import PlanStanding
from registry.reference.queries import reference

ENTERED, CROSSED, FILED, CONFIRMED, LEFT = "entered", "crossed", "filed", "confirmed", "left"
_STEPS = {
    ENTERED: (Action.ADMIT,), CROSSED: (Action.QUALIFY,), FILED: (Action.FILE,), CONFIRMED: (Action.CONFIRM,),
    LEFT: (Action.REMOVE, Action.DELIST),
}  # fmt: skip
_COUNTED = tuple(action for actions in _STEPS.values() for action in actions)


def next_window(on: date) -> Window | None:
    """The window, open or to come, that closes first; None where none is announced."""
    return next(iter(announced.coming(on)), None)


def to_file(actor: Actor) -> dict[str, int]:
    """County or zone -> firms over the line that have not filed."""
    place = func.coalesce(Firm.division, Firm.statistical_county, "")
    rows = db.session.execute(
        select(place.label("place"), func.count(Firm.id).label("number"))
        .where(Firm.voided_at.is_(None), Firm.stage == Stage.QUALIFIED, firms.within(actor))
        .group_by(place)
    )
    return {row.place: row.number for row in rows}


def changes(actor: Actor, first: date, last: date) -> dict[str, int]:
    """How many firms took each kind of step between two days, each firm once; one that was taken back is none."""
    taken_back = and_(PathwayEvent.action == Action.QUALIFY, Firm.stage == Stage.ADMITTED)
    rows = db.session.execute(
        select(PathwayEvent.action, func.count(distinct(PathwayEvent.firm_id)).label("number"))
        .join(Firm, Firm.id == PathwayEvent.firm_id)
        .where(PathwayEvent.action.in_(_COUNTED), PathwayEvent.on.between(first, last))
        .where(Firm.voided_at.is_(None), firms.within(actor))
        .where(not_(taken_back))
        .group_by(PathwayEvent.action)
    )
    found = {row.action: row.number for row in rows}
    return {name: sum(found.get(action, 0) for action in actions) for name, actions in _STEPS.items()}


@dataclass(frozen=True)
class ToDoLine:
    """A county or zone: firms that still have to file, filings under way, by target how many count and its share."""

    code: str
    ledger: str
    """What the ledger is asked for its firms by: of a county with zones, without theirs."""
    name: str
    to_file: int
    under_way: int
    counted: tuple[tuple[int, int | None], ...]

    @property
    def has_rows(self) -> bool:
        return bool(self.to_file or self.under_way or any(number for number, _share in self.counted))


def places(found: PlanStanding, waiting: dict[str, int], *, every: bool) -> list[ToDoLine]:
    """Those with most to do first, zones under their own name; unless `every`, those alone that have rows in reach."""
    by_target = [one.by_division() for one in found.targets]
    counting = {row.statistical_county for row in reference.counties_and_zones() if row.level == "zone"}
    lines = [
        ToDoLine(
            row.code,
            f"{row.code}{ALONE}" if row.code in counting else row.code,
            row.short_name,
            waiting.get(row.code, 0),
            sum(table.get(row.code, (0, 0))[1] for table in by_target),
            tuple(
                (table.get(row.code, (0, 0))[0], one.shares.get(row.code))
                for one, table in zip(found.targets, by_target, strict=True)
            ),
        )
        for row in reference.counties_and_zones()
    ]
    shown = (line for line in lines if every or line.has_rows)
    return sorted(shown, key=lambda one: (-one.to_file, -one.under_way, one.code))


def day_before(first: date) -> date:
    return first - timedelta(days=1)
