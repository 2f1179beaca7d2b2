"""Announced intake windows: of a year, open on a day, next for a firm; a void one opens nothing."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, func, select

from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.vocabulary import Door
from registry.filings.models import Filing, IntakeWindow
from registry.filings.rules import intake
from registry.filings.rules.intake import Window
from registry.firms.models.firms import Firm
from registry.trail.models import TrailEntry


def rows(year: int) -> Select[IntakeWindow]:
    """Every window of a year, void ones too, in the order in which they close."""
    return (
        select(IntakeWindow)
        .where(IntakeWindow.year == year)
        .order_by(IntakeWindow.closes_on, IntakeWindow.opens_on, IntakeWindow.id)
    )


def one(window_id: int) -> Select[IntakeWindow]:
    return select(IntakeWindow).where(IntakeWindow.id == window_id)


def value_of(row: IntakeWindow) -> Window:
    """A row as the rules see it."""
    return Window(
        year=row.year,
        door=Door(row.door),
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        source=row.source,
        batch=row.batch,
        statement=Period(row.statement_year, row.statement_month),
        id=row.id,
        verified=row.verified,
    )


def all_of(year: int) -> tuple[Window, ...]:
    """The windows of a year that stand, in the order in which they close."""
    return tuple(value_of(row) for row in db.session.scalars(rows(year).where(IntakeWindow.voided_at.is_(None))))


def open_on(day: date) -> tuple[Window, ...]:
    """The windows open on a day, of whatever year, the one that closes first in front."""
    return intake.open_windows(coming(day), day)


def coming(day: date) -> tuple[Window, ...]:
    """The windows not yet closed on a day, open or still to open."""
    standing = select(IntakeWindow).where(IntakeWindow.voided_at.is_(None), IntakeWindow.closes_on >= day)
    found = db.session.scalars(standing.order_by(IntakeWindow.closes_on, IntakeWindow.opens_on, IntakeWindow.id))
    return tuple(value_of(row) for row in found)


def next_for(firm: Firm, day: date) -> Window | None:
    """The window, open or to come, that closes first of those the firm may use; None where none is announced."""
    return intake.next_for(coming(day), opened(firm), day)


def opened(firm: Firm) -> date | None:
    """The day that decides about the door."""
    return firm.opened_on or firm.founded_on


def years() -> list[int]:
    """Years of which windows are known, the latest first."""
    return list(db.session.scalars(select(IntakeWindow.year).distinct().order_by(IntakeWindow.year.desc())))


def uses(row: IntakeWindow) -> int:
    """How many filings were made in this window."""
    return db.session.scalar(select(func.count(Filing.id)).where(Filing.window_id == row.id)) or 0


def history_of(row: IntakeWindow) -> list[TrailEntry]:
    """Who announced, changed or voided it, the newest first."""
    acts = select(TrailEntry).where(TrailEntry.subject_kind == "intake_window", TrailEntry.subject_id == row.id)
    return list(db.session.scalars(acts.order_by(TrailEntry.seq.desc())))
