"""A firm's standing, kept beside it: the year's figures, lines, rate, tier, what is missing; and 达标应入 by system."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import or_, select

from registry.domain.facts import ConditionCode
from registry.domain.periods import Period
from registry.domain.permissions import SYSTEM_ACTOR
from registry.domain.position import Position, sentence_values
from registry.domain.vocabulary import Action, FigureKind, Stage
from registry.extensions import db
from registry.models import Figure, Firm
from registry.queries import firms, positions, reference
from registry.services import pathway
from registry.services.turns import Pace


def refresh(firm: Firm, *, on: date, at: datetime) -> Position:
    """Derive the standing anew from figures and rules, then move the firm to or from 达标应入 where it says so."""
    db.session.flush()
    figures = firms.current_figures(firm)
    position = positions.of(firm, on=on, figures=figures)
    for name, value in columns(figures, firm.industry, position, on).items():
        setattr(firm, name, value)
    _follow(firm, position, on=on, at=at)
    db.session.flush()
    return position


def refresh_stale(pace: Pace, *, on: date, at: datetime) -> Iterator[int]:
    """Refresh the firms whose standing is of another year than that of `on`, a turn at a time; commit after each."""
    of_another_year = or_(Firm.standing_year.is_(None), Firm.standing_year != on.year)
    stale = select(Firm).where(Firm.voided_at.is_(None), of_another_year).order_by(Firm.id)
    while rows := db.session.scalars(stale.limit(pace.size)).unique().all():
        for firm in rows:
            refresh(firm, on=on, at=at)
        yield len(rows)


def columns(figures: Collection[Figure], industry: str | None, position: Position, on: date) -> dict[str, object]:
    """The stored columns of the standing for the year of `on`, from the figures that count."""
    revenue = {Period(f.year, f.month): f.amount for f in figures if f.kind == FigureKind.REVENUE}
    sales = {Period(f.year, f.month): f.amount for f in figures if f.kind == FigureKind.VAT_SALES}
    latest = max((p for p in revenue if p.year == on.year and not p.is_annual), default=None)
    last_year = revenue.get(Period(on.year - 1, 0), revenue.get(Period(on.year - 1, 12)))
    return {
        "standing_year": on.year,
        "revenue_to_date": revenue[latest] if latest else None,
        "to_month": latest.month if latest else None,
        "revenue_last_year": last_year,
        "revenue_same_period": revenue.get(latest.year_before) if latest else None,
        "vat_sales": sales.get(latest) if latest else None,
        "statutory_line": position.rule.amount_yuan if position.rule else None,
        "admission_line": _admission_line(industry, on),
        "rate": position.rate,
        "tier": position.tier,
        "missing": f",{','.join(position.missing)}," if position.missing else "",
    }


def _admission_line(industry: str | None, on: date) -> Decimal | None:
    if not industry:
        return None
    section = reference.classification().section_of(industry) or ""
    rule = reference.rules().admission(industry, on, section=section)
    return rule.amount_yuan if rule else None


def _follow(firm: Firm, position: Position, *, on: date, at: datetime) -> None:
    """This year's figure brings a firm to 达标应入; only a correction of the year it got there in takes it back."""
    if firm.stage == Stage.ADMITTED and position.reached:
        pathway.advance(SYSTEM_ACTOR, firm, Action.QUALIFY, at=at, on=on)
    elif firm.stage == Stage.QUALIFIED and not position.reached:
        grounds = _as_of_qualifying(firm, position, on)
        if not grounds.reached and grounds.year_to_date is not None:
            condition = grounds.condition(ConditionCode.STATUTORY_LINE)
            note = condition.template % sentence_values(condition, reference.division_names())
            pathway.advance(SYSTEM_ACTOR, firm, Action.DISQUALIFY, at=at, on=on, note=note)


def _as_of_qualifying(firm: Firm, position: Position, on: date) -> Position:
    """The position at the end of the year in which the firm qualified, as its figures stand now."""
    steps = firms.events_of(firm)
    qualified = [e.on for e in steps if e.target == Stage.QUALIFIED and e.action != Action.RETURN_FILING]
    if not qualified or qualified[-1].year == on.year:
        return position
    return positions.of(firm, on=date(qualified[-1].year, 12, 31))
