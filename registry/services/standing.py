"""A firm's standing, kept beside it: figures of the year, lines, rate, tier, what is missing; and 达标应入 by system."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from registry.domain.facts import ConditionCode
from registry.domain.periods import Period
from registry.domain.permissions import SYSTEM_ACTOR
from registry.domain.position import Position
from registry.domain.vocabulary import Action, FigureKind, Stage
from registry.extensions import db
from registry.models import Firm
from registry.queries import firms, positions, reference
from registry.services import pathway


def refresh(firm: Firm, *, on: date, at: datetime) -> Position:
    """Derive the standing anew from figures and rules, then move the firm to or from 达标应入 where it says so."""
    db.session.flush()
    position = positions.of(firm, on=on)
    for name, value in columns(firm, position, on).items():
        setattr(firm, name, value)
    _follow(firm, position, on=on, at=at)
    db.session.flush()
    return position


def columns(firm: Firm, position: Position, on: date) -> dict[str, object]:
    """The stored columns of the standing, for the year of `on`."""
    revenue = {Period(f.year, f.month): f.amount for f in firms.current_figures(firm) if f.kind == FigureKind.REVENUE}
    sales = {Period(f.year, f.month): f.amount for f in firms.current_figures(firm) if f.kind == FigureKind.VAT_SALES}
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
        "admission_line": _admission_line(firm, on),
        "rate": position.rate,
        "tier": position.tier,
        "missing": f",{','.join(position.missing)}," if position.missing else "",
    }


def _admission_line(firm: Firm, on: date) -> Decimal | None:
    if not firm.industry:
        return None
    section = reference.classification().section_of(firm.industry) or ""
    rule = reference.rules().admission(firm.industry, on, section=section)
    return rule.amount_yuan if rule else None


def _follow(firm: Firm, position: Position, *, on: date, at: datetime) -> None:
    """Only a figure moves a firm: a new year without figures yet is no reason to take 达标应入 back."""
    if firm.stage == Stage.ADMITTED and position.reached:
        pathway.advance(SYSTEM_ACTOR, firm, Action.QUALIFY, at=at, on=on)
    elif firm.stage == Stage.QUALIFIED and not position.reached and position.year_to_date is not None:
        condition = position.condition(ConditionCode.STATUTORY_LINE)
        note = f"{condition.value} < {condition.line}" if condition.line else "no line"
        pathway.advance(SYSTEM_ACTOR, firm, Action.DISQUALIFY, at=at, on=on, note=note)
