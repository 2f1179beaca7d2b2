"""Firms that left, with the coded and dated reason of each: those taken off the directory, and those off four-above."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from sqlalchemy import Select, select

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import Actor
from registry.base.vocabulary import Action
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.pathway.models import PathwayEvent
from registry.reference.queries import parameters

ACTIONS = (Action.REMOVE, Action.DELIST)


def during(actor: Actor, quarter: Quarter, *, action: str = "", reason: str = "") -> Select[PathwayEvent]:
    """The exits of a quarter within reach of `actor`, by day; `action`, `reason` narrow it where they name one."""
    statement = (
        select(PathwayEvent)
        .join(Firm, Firm.id == PathwayEvent.firm_id)
        .where(Firm.voided_at.is_(None), firms.within(actor))
        .where(PathwayEvent.action.in_(ACTIONS), PathwayEvent.on.between(quarter.first, quarter.last))
        .order_by(PathwayEvent.on, PathwayEvent.id)
    )
    if action in ACTIONS:
        statement = statement.where(PathwayEvent.action == action)
    return statement.where(PathwayEvent.exit_reason == reason) if reason else statement


def barred_until(firm: Firm) -> date | None:
    """The last day on which the firm may not be nominated again; None where its last exit bars nothing."""
    last = db.session.scalars(
        select(PathwayEvent)
        .where(PathwayEvent.firm_id == firm.id, PathwayEvent.exit_reason.is_not(None))
        .order_by(PathwayEvent.on.desc(), PathwayEvent.id.desc())
        .limit(1)
    ).first()
    if last is None or last.exit_reason not in parameters.value("exit.bar_reasons", last.on).split():
        return None
    return _months_later(last.on, parameters.integer("exit.bar_months", last.on)) - timedelta(days=1)


def is_barred(firm: Firm, on: date) -> bool:
    until = barred_until(firm)
    return until is not None and on <= until


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or the month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
