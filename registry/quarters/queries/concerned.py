"""The firms that a quarter concerns: their rows as of its last day, figures, verdicts, and what happened to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from registry.base.clocks import AsOf, Known, end_of
from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import Actor
from registry.base.vocabulary import MISSING_LABELS, FigureKind, Stage
from registry.figures.queries import on_record
from registry.figures.queries.on_record import Records
from registry.figures.rules.proof import Counted
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge
from registry.pathway.queries import directory, positions
from registry.pathway.queries.directory import EVERY, Past
from registry.pathway.rules.facts import ConditionCode, FigureFact
from registry.pathway.rules.history import Course
from registry.pathway.rules.position import Position
from registry.quarters.queries import changes
from registry.quarters.sheets.summaries import Change
from registry.reference.queries import reference
from registry.reference.rules.thresholds import ThresholdRule

_PLAIN = (
    "name",
    "credit_code",
    "former_names",
    "registered_address",
    "operating_address",
    "activity",
    "unit_kind",
    "founded_on",
    "operating_state",
    "employees",
    "door",
    "qualifications",
    "lead_bureau",
    "proposer",
)
_SPOKEN = (FigureKind.REVENUE, FigureKind.VAT_SALES)
_REACH = ("office_id", "lead_bureau_id", "co_bureaus")


@dataclass(frozen=True)
class Concerned:
    """Everything a quarter says of some firms: by firm the row, the verdicts on it, the figures that counted."""

    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    held: frozenset[int] = frozenset()
    positions: dict[int, Position] = field(default_factory=dict)
    figures: dict[int, list[Figured]] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    rules: frozenset[ThresholdRule] = frozenset()


@dataclass(frozen=True)
class Figured:
    """A figure that counted, and which row of the table it is."""

    id: int
    revision: int
    fact: FigureFact


def among(
    quarter: Quarter, actor: Actor | None = None, *, which: ColumnElement[bool] = EVERY, closed: bool = False
) -> Concerned:
    """What the quarter says of all firms, of those `actor` may see, or of those `which` (a condition on Firm.id) names.

    `closed`: whether the quarter before is, so that what is put right in it is a correction.
    """
    courses = directory.courses(actor, quarter.last, which)
    past = Past.of(actor, last=quarter.last, since=quarter.previous.last, among=which)
    concerned = {firm_id: course for firm_id, course in courses.items() if changes.concerns(course, quarter)}
    records = on_record.of_firms(directory.ever_listed(actor, quarter.last, which), AsOf(quarter.last, Known.NOW))
    into = _into(concerned, quarter)
    rows: dict[int, dict[str, Any]] = {}
    told: dict[int, Position] = {}
    spoken: dict[int, list[Figured]] = {}
    used: set[ThresholdRule] = set()
    held = frozenset(f for f, course in concerned.items() if course.held(quarter.first, quarter.last))
    for firm_id, course in concerned.items():
        values = past.values(firm_id, quarter.last)
        counted = records[firm_id].counted
        position = _position(values, course, records[firm_id], quarter.last)
        told[firm_id], spoken[firm_id] = position, _spoken(counted, position)
        rows[firm_id] = {
            **entry(firm_id, values),
            **{key: values[key] for key in _REACH},
            **_standing(position, course, quarter.last),
            "into_id": into.get(firm_id),
        }
        if firm_id in held:
            used |= rules_of(position)
    before = {
        firm_id: entry(firm_id, past.values(firm_id, quarter.previous.last))
        for firm_id in rows
        if courses[firm_id].listed(quarter.previous.last)
    }
    found = changes.between(quarter, courses, before=before, after=rows, past=past, closed=closed)
    return Concerned(rows, held, told, spoken, found, frozenset(used))


def entry(firm_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """A firm's fields by column key, codes of places and industries in words; `firm_id` is for links, not printed."""
    industry = values["industry"]
    named = f"{industry} {reference.classification().name_of(industry)}".strip() if industry else None
    return {
        "firm_id": firm_id,
        "county": values["statistical_county"],
        "division_code": values["division"],
        "division": values["division_name"],
        "industry": named,
        **{key: values[key] for key in _PLAIN},
    }


def _standing(position: Position, course: Course, last: date) -> dict[str, Any]:
    """Figures, line, rate, tier and what is missing, and the stage with its day.

    An amount that no paper of its period proves is left out, and `pending` names its column.
    """
    step = course.last_step(last)
    current, former = position.year_to_date, position.last_year
    return {
        "revenue_last_year": former.amount if former and former.documented else None,
        "revenue_to_date": current.amount if current and current.documented else None,
        "pending": position.unproven,
        "to_month": (current.period.year, current.period.month) if current else None,
        "statutory_line": position.rule.amount_yuan if position.rule else None,
        "rate": position.rate,
        "tier": position.tier,
        "missing": tuple(MISSING_LABELS[code] for code in position.missing),
        "stage": step.target if step else None,
        "stage_on": course.since(last),
        "listed": course.listed(last),
    }


def _position(values: Mapping[str, Any], course: Course, records: Records, last: date) -> Position:
    given = {**values, "stage": course.stage(last)}
    return positions.told(given, records, has_contact=values["has_contact"], on=last)


def _spoken(counted: Iterable[Counted[Any]], position: Position) -> list[Figured]:
    """Those the position speaks of: this year's figure and last year's, with the VAT sales beside them."""
    periods = {figure.period for figure in (position.year_to_date, position.last_year) if figure is not None}
    found = (Figured(one.line.id, one.line.revision, positions.fact_of(one)) for one in counted)
    return [figure for figure in found if figure.fact.kind in _SPOKEN and figure.fact.period in periods]


def _into(courses: Mapping[int, Course], quarter: Quarter) -> dict[int, int]:
    """Where the firms went that stood merged on the last day."""
    folded = [firm_id for firm_id, course in courses.items() if course.stage(quarter.last) == Stage.MERGED]
    if not folded:
        return {}
    undone_later = or_(Merge.undone_at.is_(None), Merge.undone_at >= end_of(quarter.last))
    rows = db.session.execute(
        select(Merge.folded_id, Merge.winner_id)
        .where(Merge.folded_id.in_(folded), Merge.on <= quarter.last, undone_later)
        .order_by(Merge.id)
    )
    return {row.folded_id: row.winner_id for row in rows}


def rules_of(position: Position) -> set[ThresholdRule]:
    """The versions a verdict names."""
    admission = position.condition(ConditionCode.ADMISSION_LINE)
    named = reference.rules().version(admission.rule_id, admission.version) if admission.version is not None else None
    return {rule for rule in (position.rule, named) if rule is not None}


def with_names(changes: Iterable[Change], actor: Actor | None) -> list[Change]:
    """The changes with the names of the firms that firms were merged into, where the reader may know them."""
    found = list(changes)
    names = names_of([change.into_id for change in found if change.into_id], actor)
    return [named(change, names) for change in found]


def named(change: Change, names: Mapping[int, str]) -> Change:
    if change.into_id is None:
        return change
    into = names.get(change.into_id, "")
    return replace(change, into=into, into_id=change.into_id if into else None)


def names_of(ids: Iterable[int], actor: Actor | None) -> dict[int, str]:
    """The names of these firms as far as `actor` may see them now."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = db.session.execute(select(Firm.id, Firm.name).where(Firm.id.in_(wanted), directory.reach(actor)))
    return {row.id: row.name for row in rows}
