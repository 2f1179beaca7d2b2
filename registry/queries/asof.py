"""The ledger at the end of a past day, from dated events, the trail and the figures known then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import and_, or_, select

from registry.domain.courses import Course, Step
from registry.domain.divisions import DivisionLevel
from registry.domain.errors import TooManyThen
from registry.domain.facts import ConditionCode
from registry.domain.permissions import Actor, sees_firm
from registry.domain.position import Position, explain
from registry.domain.vocabulary import Stage
from registry.extensions import db
from registry.matching.normalise import fold
from registry.models import Document, Figure, Firm, PathwayEvent, TrailEntry
from registry.queries import firms, history, ledger, lines, merges, positions, reference
from registry.queries.directory import Past, end_of
from registry.queries.ledger import ANY, ENTERED, Order, Sum, Tally, Wanted
from registry.queries.lines import Line

LIMIT = 2_000
"""Firms that are worked out for a past day in one page: each of them is read back from the trail."""


@dataclass(frozen=True)
class Then:
    """What a filter finds at the end of a past day: every line of it, whatever its stage, and the sums by stage."""

    day: date
    tally: Tally
    lines: list[Line]


def found(actor: Actor, wanted: Wanted, order: Order, day: date) -> Then:
    """The firms that fit at the end of `day`, of those in `actor`'s reach both then and now.

    Raises TooManyThen where more than `LIMIT` firms would have to be read back.
    """
    ids = list(db.session.scalars(_candidates(actor, wanted, day).limit(LIMIT + 1)))
    if len(ids) > LIMIT:
        raise TooManyThen(limit=LIMIT)
    told = [row for row in _states(actor, ids, day) if _fits(row, wanted)]
    sums: defaultdict[str, list[Any]] = defaultdict(list)
    for row in told:
        sums[row.stage].append(row)
    tally = Tally({stage: _sum(rows) for stage, rows in sums.items()}, wanted)
    shown = _ordered([row for row in told if row.stage in wanted.stages], order)
    return Then(day, tally, list(lines.told(shown)))


def seen_then(actor: Actor, values: Mapping[str, Any]) -> bool:
    """Whether the firm, as its fields were, was in `actor`'s reach."""
    return sees_firm(actor, SimpleNamespace(**values, open_proposal=None))


def course_of(firm_id: int, day: date) -> Course:
    return _courses([firm_id], day).get(firm_id, Course(()))


def _candidates(actor: Actor, wanted: Wanted, day: date) -> Any:
    """Firms in reach that fit by what they are now, and those changed since, whatever they are now."""
    lasting = Wanted(
        text=wanted.text, division=wanted.division, industry=wanted.industry, industry_code=wanted.industry_code,
        bureau=wanted.bureau,
    )  # fmt: skip
    changed = select(TrailEntry.subject_id).where(
        TrailEntry.subject_kind == "firm", TrailEntry.at >= end_of(day), TrailEntry.verb.not_in(history.LOOKS)
    )
    statement = firms.visible_to(actor).with_only_columns(Firm.id).where(Firm.created_at < end_of(day))
    conditions = ledger.conditions(lasting)
    if conditions:
        statement = statement.where(or_(Firm.id.in_(changed), and_(*conditions)))
    return statement.order_by(Firm.id)


def _states(actor: Actor, ids: list[int], day: date) -> Iterable[Any]:
    """Each firm's line as it could be told at the end of `day`, with what a filter asks for."""
    chosen = select(Firm.id).where(Firm.id.in_(ids))
    past, courses = Past.among(chosen, since=day), _courses(ids, day)
    figures, papers = _held(Figure, ids, day), _held(Document, ids, day)
    edges, tolerance = reference.tier_edges(day), reference.crosscheck_tolerance(day)
    for firm_id in ids:
        step = courses[firm_id].last_step(day) if firm_id in courses else None
        if step is None:
            continue
        values = past.values(firm_id, day)
        if not seen_then(actor, values):
            continue
        known = {**values, "stage": step.target}
        facts = positions.facts_of(known, figures[firm_id], papers[firm_id], has_contact=values["has_contact"])
        position = explain(facts, reference.rules(), edges, day, tolerance=tolerance)
        yield _state(firm_id, values, (step.target, courses[firm_id].since(day)), position)


def _state(firm_id: int, values: dict[str, Any], stood: tuple[Stage, date | None], position: Position) -> Any:
    current, former = position.year_to_date, position.last_year
    return SimpleNamespace(
        id=firm_id, name=values["name"], former_names=values["former_names"], credit_code=values["credit_code"],
        division=values["division"], county=values["statistical_county"], industry=values["industry"],
        revenue_last_year=former.amount if former else None, revenue_to_date=current.amount if current else None,
        standing_year=current.period.year if current else None, to_month=current.period.month if current else None,
        statutory_line=position.rule.amount_yuan if position.rule else None,
        admission_line=position.condition(ConditionCode.ADMISSION_LINE).line, rate=position.rate, tier=position.tier,
        lead_bureau_id=values["lead_bureau_id"], missing=f",{','.join(position.missing)}," if position.missing else "",
        unproven=",".join(position.unproven),
        stage=stood[0], stage_on=stood[1], office_id=values["office_id"], watch_reason=values["watch_reason"],
        _fields=(),
    )  # fmt: skip


def _courses(ids: list[int], day: date) -> dict[int, Course]:
    rows = db.session.execute(
        select(PathwayEvent.firm_id, PathwayEvent.on, PathwayEvent.id, PathwayEvent.action, PathwayEvent.target)
        .where(PathwayEvent.firm_id.in_(ids), PathwayEvent.on <= day)
        .order_by(PathwayEvent.firm_id, PathwayEvent.on, PathwayEvent.id)
    )
    steps: defaultdict[int, list[Step]] = defaultdict(list)
    for firm_id, on, number, action, target in rows:
        steps[firm_id].append(Step(on, number, action, Stage(target)))
    return {firm_id: Course(taken) for firm_id, taken in steps.items()}


def _held(table: Any, ids: list[int], day: date) -> defaultdict[int, list[Any]]:
    """Figures or papers that stood at the end of `day`, by the firm they belonged to."""
    owners = merges.belonged(table.__tablename__, on=day)
    wanted, until = set(ids), end_of(day)
    moved = [row_id for row_id, owner in owners.items() if owner in wanted]
    rows = db.session.scalars(
        select(table)
        .where(or_(table.firm_id.in_(ids), table.id.in_(moved)))
        .where(table.at < until, or_(table.voided_at.is_(None), table.voided_at >= until))
        .order_by(table.id)
    )
    held: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows.unique():
        held[owners.get(row.id, row.firm_id)].append(row)
    return held


# -- the filter -----------------------------------------------------------------------------------
def _fits(row: Any, wanted: Wanted) -> bool:
    return (
        _named(row, wanted.text)
        and _lies_in(row, wanted.division)
        and all(_is_in(row, code) for code in (wanted.industry, wanted.industry_code) if code)
        and (not wanted.tier or row.tier == wanted.tier)
        and (not wanted.bureau or row.lead_bureau_id == _bureau(wanted.bureau))
        and (not wanted.missing or _lacks(row, wanted.missing))
        and (not wanted.watched or bool(row.watch_reason))
    )


def _named(row: Any, text: str) -> bool:
    if not text:
        return True
    folded = fold(text)
    names = (row.name, *row.former_names)
    by_name = any(text in name or (folded and folded in fold(name)) for name in names)
    return by_name or "".join(text.upper().split()) in (row.credit_code or "")


def _lies_in(row: Any, code: str) -> bool:
    if not code:
        return True
    division = reference.territory().get(code)
    if division is not None and division.level == DivisionLevel.COUNTY:
        return bool(row.county == code)
    return bool(row.division == code)


def _is_in(row: Any, code: str) -> bool:
    if code.isdigit():
        return (row.industry or "").startswith(code)
    return bool(row.industry) and reference.classification().section_of(row.industry) == code


def _bureau(code: str) -> int:
    office = reference.offices().get(code)
    return office.id if office else -1


def _lacks(row: Any, missing: str) -> bool:
    return bool(row.missing) if missing == ANY else f",{missing}," in row.missing


def _ordered(rows: list[Any], order: Order) -> list[Any]:
    """As the ledger sorts: firms without a value last either way, then by when they were entered."""
    rows = sorted(rows, key=lambda row: row.id, reverse=order.descending)
    if order.by == ENTERED:
        return rows
    key = "stage_on" if order.by == "stage" else order.by  # the ledger's column of the stage sorts by its day
    known = [row for row in rows if getattr(row, key) is not None]
    unknown = [row for row in rows if getattr(row, key) is None]
    return [*sorted(known, key=lambda row: getattr(row, key), reverse=order.descending), *unknown]


def _sum(rows: list[Any]) -> Sum:
    return Sum(len(rows), _added(rows, "revenue_to_date"), _added(rows, "revenue_last_year"))


def _added(rows: list[Any], key: str) -> Decimal | None:
    known = [getattr(row, key) for row in rows if getattr(row, key) is not None]
    return sum(known, Decimal(0)) if known else None
