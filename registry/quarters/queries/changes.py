"""What happened to each firm of the directory within a quarter: entry, exit, another stage, altered fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from registry.base.clocks import SHANGHAI
from registry.base.periods import Quarter
from registry.base.vocabulary import ACTION_LABELS, STAGE_LABELS, Action, Stage
from registry.pathway.queries.directory import Past
from registry.pathway.rules.history import Course, Crossing
from registry.quarters.sheets.summaries import Change, ChangeKind
from registry.reference.queries import reference
from registry.sheets.columns import by_key
from registry.sheets.values import cell_value
from registry.trail.models import TrailEntry

# The columns of which a change is news. Figures and what follows from them differ in every quarter.
COMPARED = (
    "name",
    "credit_code",
    "division",
    "registered_address",
    "operating_address",
    "industry",
    "activity",
    "unit_kind",
    "founded_on",
    "operating_state",
    "employees",
    "lead_bureau",
    "door",
    "qualifications",
    "proposer",
)
# What a firm is: where the quarter before was closed with another, that was wrong, unless the firm took a new name.
IDENTITY = frozenset({"name", "credit_code", "industry"})
# Where the trail calls the field that was changed by another name.
_FIELDS = {"lead_bureau": "industry", "proposer": "office"}

Rows = Mapping[int, Mapping[str, Any]]


def concerns(course: Course, quarter: Quarter) -> bool:
    """Whether the firm is in the quarter's book at all: held by it, or in and out of it within."""
    return course.held(quarter.first, quarter.last) or bool(course.crossings(quarter.first, quarter.last))


def between(
    quarter: Quarter, courses: Mapping[int, Course], *, before: Rows, after: Rows, past: Past, closed: bool = False
) -> tuple[Change, ...]:
    """Every change since the quarter before, by firm: one in and one out are two changes.

    `after` has the firms that the quarter concerns, `before` those of them listed on the last day before it.
    Listed firms before, plus entries, less exits, are the listed firms after. `closed`: the quarter before is.
    """
    found: list[Change] = []
    for firm_id, row in after.items():
        course = courses[firm_id]
        found += (_crossed(crossing, row, course, quarter) for crossing in _crossings(course, quarter))
        if course.listed(quarter.previous.last) and course.listed(quarter.last):
            found += _moved(row, course, quarter)
            found += _altered(before[firm_id], row, past.acts(firm_id), quarter, closed=closed)
    return in_order(found)


def _crossings(course: Course, quarter: Quarter) -> tuple[Crossing, ...]:
    return course.crossings(quarter.first, quarter.last)


def in_order(found: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(found, key=order_of))


def order_of(change: Change) -> tuple[Any, ...]:
    kinds = list(ChangeKind)
    return kinds.index(change.kind), change.on or date.max, change.name, change.firm_id or 0, change.what


def _crossed(crossing: Crossing, row: Mapping[str, Any], course: Course, quarter: Quarter) -> Change:
    """An entry shows the stage it has come to by the quarter's end, an exit the way it went."""
    step = crossing.step
    ends_so = crossing.entered and course.crossings(step.on, quarter.last)[-1].step == step
    reached = course.stage(quarter.last) if ends_so else step.target
    return _change(
        ChangeKind.ENTERED if crossing.entered else ChangeKind.LEFT,
        row,
        on=step.on,
        what=ACTION_LABELS[step.action],
        before=_stage(crossing.before),
        after=_stage(reached),
        reason="" if crossing.entered else step.note,
        into_id=None if crossing.entered or step.target != Stage.MERGED else row["into_id"],
    )


def _moved(row: Mapping[str, Any], course: Course, quarter: Quarter) -> Iterator[Change]:
    step, was = course.last_step(quarter.last), course.stage(quarter.previous.last)
    if step is None or step.target == was or _crossings(course, quarter):
        return
    note = "" if step.action == Action.DISQUALIFY else step.note
    what = ACTION_LABELS[step.action]
    yield _change(
        ChangeKind.MOVED, row, on=step.on, what=what, before=_stage(was), after=_stage(step.target), reason=note
    )


def _altered(
    before: Mapping[str, Any], after: Mapping[str, Any], acts: list[TrailEntry], quarter: Quarter, *, closed: bool
) -> Iterator[Change]:
    for key in COMPARED:
        if before[key] == after[key] or _is_renamed(key, before[key], after[key]):
            continue
        act = _act(key, acts, quarter)
        corrected = closed and key in IDENTITY and not (act and act.verb == "rename")
        yield _change(
            ChangeKind.CORRECTED if corrected else ChangeKind.ALTERED,
            after,
            on=day_of(act),
            what=by_key(key).heading,
            before=words(key, before[key]),
            after=words(key, after[key]),
            reason=act.reason if act else "",
        )


def _is_renamed(key: str, before: Any, after: Any) -> bool:
    """The same office, or place, that only bears another name: no change of the firm."""
    called = {
        "lead_bureau": reference.office_called,
        "proposer": reference.office_called,
        "division": reference.place_called,
    }
    if key not in called or not before or not after:
        return False
    code = called[key](before)
    return code is not None and code == called[key](after)


def _act(key: str, acts: list[TrailEntry], quarter: Quarter) -> TrailEntry | None:
    """The latest act within the quarter that set the field; a new name counts on the day it took effect."""
    field = _FIELDS.get(key, key)
    touching = (act for act in acts if field in (act.after or {}))
    return next((act for act in touching if quarter.first <= (day_of(act) or date.max) <= quarter.last), None)


def day_of(act: TrailEntry | None) -> date | None:
    if act is None:
        return None
    effective = (act.after or {}).get("effective")
    if effective:
        return date.fromisoformat(effective)
    return act.at.astimezone(SHANGHAI).date()


def _change(kind: ChangeKind, row: Mapping[str, Any], **what: Any) -> Change:
    return Change(
        kind,
        row["name"],
        row["credit_code"],
        row["division"],
        firm_id=row["firm_id"],
        **what,
    )


def _stage(stage: Stage | None) -> str:
    return STAGE_LABELS[stage] if stage else ""


def words(key: str, value: Any) -> str:
    cell = cell_value(by_key(key), value)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}"
    return "" if cell is None else str(cell)
