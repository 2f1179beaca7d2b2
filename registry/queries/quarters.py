"""The directory of a quarter: its firms as of the last day, with figures and standing, summed up and compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from registry.domain.courses import Course
from registry.domain.facts import ConditionCode
from registry.domain.facts import Figure as FigureFact
from registry.domain.industries import Level
from registry.domain.periods import Period, Quarter
from registry.domain.permissions import Actor
from registry.domain.position import Position, explain
from registry.domain.thresholds import Threshold, TierEdges
from registry.domain.vocabulary import FIGURE_SOURCE_LABELS, MISSING_LABELS, FigureKind
from registry.extensions import db
from registry.models import Figure
from registry.queries import changes, directory, merges, positions, reference, rules
from registry.queries.directory import Past
from registry.sheets.rules import rule_note, scope_note, tier_note
from registry.sheets.summaries import CountyGroup, QuarterBook, Row, RuleNote
from registry.sheets.wording import COUNTY_UNKNOWN

_PLAIN = (
    "name",
    "credit_code",
    "former_names",
    "registered_address",
    "operating_address",
    "activity",
    "unit_kind",
    "founded_on",
    "employees",
    "door",
    "qualifications",
    "lead_bureau",
    "proposer",
)


@dataclass(frozen=True)
class QuarterLine:
    """One finished quarter: firms in the directory on its last day, entries and exits within it."""

    quarter: Quarter
    listed: int
    entered: int
    left: int


def finished(actor: Actor, today: date) -> list[QuarterLine]:
    """Every quarter over by `today` since the directory has firms that `actor` may see, the newest first."""
    last = Quarter.of(today).previous
    courses = directory.courses(actor, last.last).values()
    crossings = [crossing for course in courses for crossing in course.crossings(date.min, last.last)]
    if not crossings:
        return []
    lines: list[QuarterLine] = []
    quarter, listed = Quarter.of(min(crossing.step.on for crossing in crossings)), 0
    while quarter <= last:
        within = [crossing for crossing in crossings if quarter.first <= crossing.step.on <= quarter.last]
        entered = sum(crossing.entered for crossing in within)
        left = len(within) - entered
        listed += entered - left
        lines.append(QuarterLine(quarter, listed, entered, left))
        quarter = quarter.next
    return lines[::-1]


def book(quarter: Quarter, actor: Actor | None = None) -> QuarterBook:
    """Everything the quarter's directory says; of all firms, or of those `actor` may see.

    It follows from the data alone: not from the day it is asked on, nor from who asks. Stages are those of dated
    events; names by their dates; other fields as they were recorded on the last day; figures are of periods up to the
    quarter's last month as they stand now, for they are reported after the quarter is over.
    """
    previous = quarter.previous
    courses = directory.courses(actor, quarter.last)
    past = Past.of(actor, last=quarter.last, since=previous.last)
    rows, used = _rows(quarter, actor, courses, past)
    before = {
        firm_id: entry(firm_id, past.values(firm_id, previous.last))
        for firm_id in rows
        if courses[firm_id].listed(previous.last)
    }
    held = [row for firm_id, row in rows.items() if courses[firm_id].held(quarter.first, quarter.last)]
    return QuarterBook(
        quarter=quarter.label,
        as_of=quarter.last,
        city=reference.city().name,
        groups=_groups(held, all_counties=actor is None),
        divisions=_divisions(),
        changes=changes.between(quarter, courses, before=before, after=rows, past=past),
        rules=_rule_notes(used, quarter.last),
        scope=scope_note(quarter.first, quarter.last),
        compared_with=previous.label,
    )


def _rows(
    quarter: Quarter, actor: Actor | None, courses: Mapping[int, Course], past: Past
) -> tuple[dict[int, dict[str, Any]], set[Threshold]]:
    """The rows of all firms the quarter concerns, and the rules that the verdicts of those it holds used."""
    figures, edges = _figures(actor, quarter), reference.tier_edges(quarter.last)
    rows: dict[int, dict[str, Any]] = {}
    used: set[Threshold] = set()
    for firm_id, course in courses.items():
        if not changes.concerns(course, quarter):
            continue
        values = past.values(firm_id, quarter.last)
        position = _position(values, course, figures.get(firm_id, []), quarter.last, edges)
        rows[firm_id] = {**entry(firm_id, values), **_standing(position, course, quarter.last)}
        if course.held(quarter.first, quarter.last):
            used |= _rules_of(position)
    return rows, used


def entry(firm_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """A firm's fields by column key, codes of places and industries in words; `firm_id` is for links, not printed."""
    industry = values["industry"]
    named = f"{industry} {reference.classification().name_of(industry)}".strip() if industry else None
    return {
        "firm_id": firm_id,
        "county": values["statistical_county"],
        "division_code": values["division"],
        "division": reference.division_names().get(values["division"] or ""),
        "industry": named,
        **{key: values[key] for key in _PLAIN},
    }


def _standing(position: Position, course: Course, last: date) -> dict[str, Any]:
    """Figures, line, rate, tier and what is missing, and the stage with its day."""
    step = course.last_step(last)
    current, former = position.year_to_date, position.last_year
    return {
        "revenue_last_year": former.amount if former else None,
        "revenue_to_date": current.amount if current else None,
        "to_month": (current.period.year, current.period.month) if current else None,
        "statutory_line": position.rule.amount_yuan if position.rule else None,
        "rate": position.rate,
        "tier": position.tier,
        "missing": tuple(MISSING_LABELS[code] for code in position.missing),
        "stage": step.target if step else None,
        "stage_on": step.on if step else None,
    }


def _position(
    values: Mapping[str, Any], course: Course, figures: list[FigureFact], last: date, edges: TierEdges
) -> Position:
    given = {**values, "stage": course.stage(last)}
    facts = positions.facts_of(given, (), (), has_contact=values["has_contact"])
    return explain(replace(facts, figures=tuple(figures)), reference.rules(), edges, last)


def _figures(actor: Actor | None, quarter: Quarter) -> dict[int, list[FigureFact]]:
    """The figures that count, by firm: of this year to the quarter's last month, and of the year before, the latest."""
    period = quarter.period
    statement = (
        select(
            Figure.id,
            Figure.firm_id,
            Figure.year,
            Figure.month,
            Figure.revision,
            Figure.amount,
            Figure.source,
            Figure.document_id,
        )
        .where(Figure.kind == FigureKind.REVENUE, Figure.voided_at.is_(None))
        .where(
            or_(Figure.year == period.year - 1, (Figure.year == period.year) & Figure.month.between(1, period.month))
        )
    )
    owners = merges.belonged("figure", on=quarter.last)  # a merge since then has not touched this quarter
    listed = directory.ever_listed(actor, quarter.last)
    latest: dict[tuple[int, int], Any] = {}
    within = or_(Figure.firm_id.in_(listed), Figure.id.in_(merges.moved("figure", on=quarter.last)))
    for row in db.session.execute(statement.where(within)):
        key = (owners.get(row.id, row.firm_id), row.year)
        if key not in latest or _recency(row) > _recency(latest[key]):
            latest[key] = row
    figures: defaultdict[int, list[FigureFact]] = defaultdict(list)
    for (firm_id, _year), row in latest.items():
        paper, documented = FIGURE_SOURCE_LABELS[row.source], row.document_id is not None
        figures[firm_id].append(
            FigureFact(Period(row.year, row.month), FigureKind.REVENUE, row.amount, paper, documented)
        )
    return figures


def _recency(row: Any) -> tuple[Period, int]:
    return Period(row.year, row.month), row.revision


def _groups(rows: Iterable[dict[str, Any]], *, all_counties: bool) -> tuple[CountyGroup, ...]:
    """Firms by the county that counts them, once; a zone's firms stand after those of its county's own."""
    counties = [row for row in reference.counties_and_zones() if row.level == "county"]
    by_county: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=_place_in_group):
        by_county[row["county"]].append(row)
    groups = [
        CountyGroup(county.short_name, by_county[county.code])
        for county in counties
        if all_counties or by_county[county.code]
    ]
    unknown = [
        row for county in (None, *by_county) if county not in {c.code for c in counties} for row in by_county[county]
    ]
    return (*groups, *([CountyGroup(COUNTY_UNKNOWN, unknown)] if unknown else []))


def _place_in_group(row: Mapping[str, Any]) -> tuple[str, str, str, int]:
    return row["division_code"] or "", row["industry"] or "~", row["credit_code"] or "~", row["firm_id"]


def _divisions() -> dict[str, tuple[str, str]]:
    """The printed section and division of each two-digit code."""
    table = reference.classification()
    return {
        row.code: (f"{row.section} {table.name_of(row.section)}", f"{row.code} {row.name}")
        for row in table.all()
        if row.level == Level.DIVISION
    }


def _rules_of(position: Position) -> set[Threshold]:
    """The versions a verdict names."""
    admission = position.condition(ConditionCode.ADMISSION_LINE)
    named = reference.rules().version(admission.rule_id, admission.version) if admission.version is not None else None
    return {rule for rule in (position.rule, named) if rule is not None}


def _rule_notes(used: set[Threshold], last: date) -> tuple[RuleNote, ...]:
    ordered = sorted(used, key=lambda rule: (rule.kind, rule.rule_id, rule.version))
    return (*(rule_note(rule) for rule in ordered), tier_note(rules.in_force("tier.", last)))
