"""A firm's standing, kept beside it: the year's figures, lines, rate, tier, what is missing; and 达标应入 by system."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import or_, select

from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.turns import Pace
from registry.base.vocabulary import Action, FigureKind, Stage
from registry.firms.models.firms import Firm
from registry.pathway.queries import positions, unproven
from registry.pathway.rules.facts import ConditionCode
from registry.pathway.rules.position import Position, sentence_values
from registry.pathway.services import pathway
from registry.reference.queries import reference


def refresh(firm: Firm, *, on: date, at: datetime) -> Position:
    """Derive the standing anew from figures and rules, then move the firm to or from 达标应入 where it says so."""
    db.session.flush()
    position = positions.of(firm, on=on)
    for name, value in columns(firm.industry, position, on).items():
        setattr(firm, name, value)
    _follow(firm, position, on=on, at=at)
    db.session.flush()
    return position


def refresh_stale(pace: Pace, *, on: date, at: datetime) -> Iterator[int]:
    """Refresh the firms whose standing is of another year than that of `on`, or was never asked what proves it.

    A turn at a time; commit after each.
    """
    of_another_year = or_(Firm.standing_year.is_(None), Firm.standing_year != on.year)
    outdated = or_(of_another_year, Firm.unproven.is_(None))
    stale = select(Firm).where(Firm.voided_at.is_(None), outdated).order_by(Firm.id)
    while rows := db.session.scalars(stale.limit(pace.size)).unique().all():
        for firm in rows:
            refresh(firm, on=on, at=at)
        yield len(rows)


def columns(industry: str | None, position: Position, on: date) -> dict[str, object]:
    """The stored columns of the standing for the year of `on`, from the figures that count."""
    current, former = position.year_to_date, position.last_year
    before = position.figure(FigureKind.REVENUE, current.period.year_before) if current else None
    sales = position.figure(FigureKind.VAT_SALES, current.period) if current else None
    shown = {
        "revenue_to_date": current, "revenue_last_year": former, "revenue_same_period": before, "vat_sales": sales,
    }  # fmt: skip
    return {
        "standing_year": on.year,
        **{name: figure.amount if figure else None for name, figure in shown.items()},
        "to_month": current.period.month if current else None,
        "unproven": f",{','.join(position.unproven)}," if position.unproven else "",
        "doubted": f",{','.join(position.doubted)}," if position.doubted else "",
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
    """This year's proven figure brings a firm to 达标应入; only a correction of the year it got there in takes it back.

    Where only a figure without its paper still carries it, it stays, and its office is told (`queries.unproven`).
    """
    if firm.stage == Stage.ADMITTED and position.reached:
        pathway.advance(SYSTEM_ACTOR, firm, Action.QUALIFY, at=at, on=on)
    elif firm.stage == Stage.QUALIFIED and not position.reached:
        day = unproven.ground_days([firm.id], on)[firm.id]
        grounds = position if day == on else positions.of(firm, on=day)
        if not grounds.reached and grounds.year_to_date is not None and not positions.as_given(firm, on=day).reached:
            condition = grounds.condition(ConditionCode.STATUTORY_LINE)
            note = condition.template % sentence_values(condition, reference.division_names())
            pathway.advance(SYSTEM_ACTOR, firm, Action.DISQUALIFY, at=at, on=on, note=note)
