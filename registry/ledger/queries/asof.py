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

from registry.base.clocks import AsOf, Known
from registry.base.errors import TooManyThen
from registry.base.extensions import db
from registry.base.permissions import Actor, sees_firm
from registry.base.vocabulary import Stage
from registry.figures.queries import on_record
from registry.firms.models.firms import Firm
from registry.firms.queries import firms, history
from registry.firms.queries.nearest import nearest_of
from registry.firms.queries.places import ALONE
from registry.ledger.queries import ledger, lines
from registry.ledger.queries.ledger import ANY, ENTERED, NEAREST, LedgerQuery, Order, Sum, Tally
from registry.ledger.queries.lines import TO_DATE, LedgerLine
from registry.matching.normalise import fold
from registry.pathway.queries import directory, positions
from registry.pathway.queries.directory import Past
from registry.pathway.rules.facts import ConditionCode
from registry.pathway.rules.history import Course
from registry.pathway.rules.position import Position
from registry.qualifications.queries import held
from registry.qualifications.queries.held import HeldKind
from registry.reference.queries import reference
from registry.reference.rules.divisions import DivisionLevel
from registry.trail.models import TrailEntry

LIMIT = 2_000
"""Firms that are worked out for a past day in one page: each of them is read back from the trail."""


@dataclass(frozen=True)
class PastLedger:
    """What a filter finds at the end of a past day: every line of it, whatever its stage, and the sums by stage."""

    as_of: AsOf
    tally: Tally
    lines: list[LedgerLine]


def found(actor: Actor, wanted: LedgerQuery, order: Order, as_of: AsOf) -> PastLedger:
    """The firms that fit at the end of a past day, of those in `actor`'s reach both then and now.

    Raises TooManyThen where more than `LIMIT` firms would have to be read back.
    """
    ids = list(db.session.scalars(_candidates(actor, wanted, as_of).limit(LIMIT + 1)))
    if len(ids) > LIMIT:
        raise TooManyThen(limit=LIMIT)
    told = [row for row in _states(actor, ids, as_of) if _fits(row, wanted) and _certified(row, wanted, as_of)]
    sums: defaultdict[str, list[Any]] = defaultdict(list)
    for row in told:
        sums[row.stage].append(row)
    tally = Tally({stage: _sum(rows) for stage, rows in sums.items()}, wanted)
    shown = _ordered([row for row in told if row.stage in wanted.stages], order)
    return PastLedger(as_of, tally, list(lines.told(shown)))


def seen_then(actor: Actor, values: Mapping[str, Any]) -> bool:
    """Whether the firm, as its fields were, was in `actor`'s reach."""
    return sees_firm(actor, SimpleNamespace(**values, open_proposal=None))


def course_of(firm_id: int, as_of: AsOf) -> Course:
    return directory.courses_of([firm_id], as_of).get(firm_id, Course(()))


def _candidates(actor: Actor, wanted: LedgerQuery, as_of: AsOf) -> Any:
    """Firms in reach that fit by what they are now, and those changed since, whatever they are now."""
    lasting = LedgerQuery(
        text=wanted.text, division=wanted.division, industry=wanted.industry, industry_code=wanted.industry_code,
        bureau=wanted.bureau,
    )  # fmt: skip
    changed = select(TrailEntry.subject_id).where(
        TrailEntry.subject_kind == "firm", TrailEntry.at >= as_of.end, TrailEntry.verb.not_in(history.LOOKS)
    )
    statement = firms.visible_to(actor).with_only_columns(Firm.id)
    if as_of.known is Known.THEN:
        statement = statement.where(Firm.created_at < as_of.end)
    conditions = ledger.conditions(lasting)
    if conditions:
        statement = statement.where(or_(Firm.id.in_(changed), and_(*conditions)))
    return statement.order_by(Firm.id)


def _states(actor: Actor, ids: list[int], as_of: AsOf) -> Iterable[Any]:
    """Each firm's line at the end of the day, with what a filter asks for."""
    day = as_of.day
    chosen = select(Firm.id).where(Firm.id.in_(ids))
    past, courses = Past.among(chosen, since=day), directory.courses_of(ids, as_of)
    records, certificates = on_record.of_firms(ids, as_of), held.then(ids, as_of)
    for firm_id in ids:
        step = courses[firm_id].last_step(day) if firm_id in courses else None
        if step is None:
            continue
        values = past.values(firm_id, day)
        if not seen_then(actor, values):
            continue
        known = {**values, "stage": step.target}
        position = positions.told(known, records[firm_id], has_contact=values["has_contact"], on=day)
        since = courses[firm_id].since(day)
        yield _state(firm_id, values, (step.target, since), position, certificates.get(firm_id, []))


def _state(
    firm_id: int,
    values: dict[str, Any],
    stood: tuple[Stage, date | None],
    position: Position,
    certificates: list[HeldKind],
) -> Any:
    current, former = position.year_to_date, position.last_year
    return SimpleNamespace(
        id=firm_id, name=values["name"], former_names=values["former_names"], credit_code=values["credit_code"],
        division=values["division"], county=values["statistical_county"], industry=values["industry"],
        revenue_last_year=former.amount if former else None, revenue_to_date=current.amount if current else None,
        standing_year=current.period.year if current else None, to_month=current.period.month if current else None,
        statutory_line=position.rule.amount_yuan if position.rule else None,
        admission_line=position.condition(ConditionCode.ADMISSION_LINE).line, rate=position.rate, tier=position.tier,
        lead_bureau_id=values["lead_bureau_id"], missing=f",{','.join(position.missing)}," if position.missing else "",
        unproven=",".join(position.unproven), doubted=",".join(position.doubted),
        stage=stood[0], stage_on=stood[1], office_id=values["office_id"], watch_reason=values["watch_reason"],
        operating_state=values["operating_state"],
        certificates=certificates, held=",".join(one.kind for one in certificates),
        _fields=(),
    )  # fmt: skip


# -- the filter -----------------------------------------------------------------------------------
def _fits(row: Any, wanted: LedgerQuery) -> bool:
    return (
        _named(row, wanted.text)
        and _lies_in(row, wanted.division)
        and all(_is_in(row, code) for code in (wanted.industry, wanted.industry_code) if code)
        and (not wanted.tier or row.tier == wanted.tier)
        and (not wanted.bureau or row.lead_bureau_id == _bureau(wanted.bureau))
        and (not wanted.missing or _lacks(row, wanted.missing))
        and (not wanted.watched or bool(row.watch_reason))
        and (not wanted.ticked or row.id in wanted.ticked)
    )


def _certified(row: Any, wanted: LedgerQuery, as_of: AsOf) -> bool:
    """Two questions as in the ledger of today: whether it holds one, and whether one expires."""
    asked = held.fits(row.certificates, wanted.qualification, as_of.day, expires=False)
    return asked and (not wanted.expiring or held.fits(row.certificates, wanted.qualification, as_of.day, expires=True))


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
    county = code.removesuffix(ALONE)
    if county != code:
        return bool(row.county == county and row.division in (None, county))
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
    if order.by == NEAREST:
        return sorted(rows, key=lambda row: (*nearest_of(row), row.id))
    rows = sorted(rows, key=lambda row: row.id, reverse=order.descending)
    if order.by == ENTERED:
        return rows
    key = "stage_on" if order.by == "stage" else order.by  # the ledger's column of the stage sorts by its day
    known = [row for row in rows if getattr(row, key) is not None]
    unknown = [row for row in rows if getattr(row, key) is None]
    return [*sorted(known, key=lambda row: getattr(row, key), reverse=order.descending), *unknown]


def _sum(rows: list[Any]) -> Sum:
    loose, odd = ([row for row in rows if TO_DATE in getattr(row, mark)] for mark in ("unproven", "doubted"))
    return Sum(
        len(rows), _added(rows, TO_DATE), _added(rows, "revenue_last_year"), _added(loose, TO_DATE),
        _added(odd, TO_DATE),
    )  # fmt: skip


def _added(rows: list[Any], key: str) -> Decimal | None:
    known = [getattr(row, key) for row in rows if getattr(row, key) is not None]
    return sum(known, Decimal(0)) if known else None
