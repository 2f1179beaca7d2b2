"""Forecasts of firms within an actor's reach, worked out anew each time they are asked for and kept nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.base.vocabulary import LISTED_STAGES, Door, FigureKind, Stage, TaxpayerKind
from registry.config import ROOT
from registry.figures.models import Figure
from registry.figures.queries import on_record
from registry.filings.models import IntakeWindow
from registry.filings.queries import readiness
from registry.filings.queries.checklists import ChecklistRow
from registry.filings.rules import intake
from registry.filings.rules.intake import Window
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.forecasts.rules.backtest import Score, cases, scores
from registry.forecasts.rules.forecast import (
    YEARS,
    Crossing,
    Forecast,
    History,
    Made,
    Method,
    Reach,
    Width,
    Widths,
    crossing,
    foretell,
    window_made,
)
from registry.reference.queries import parameters
from registry.rulesets.rules.files import WIDTHS
from registry.rulesets.sheets import read

_COLUMNS = (
    Firm.id, Firm.name, Firm.credit_code, Firm.stage, Firm.division, Firm.office_id, Firm.statutory_line,
    Firm.opened_on, Firm.founded_on, Firm.taxpayer_kind, Firm.industry,
)  # fmt: skip


class WidthRow(NamedTuple):
    """How wide an interval is, on how many cases of the back-test, and where it comes from."""

    method: Method
    month: int
    width: Width
    cases: int
    source: str


@cache
def width_rows() -> tuple[WidthRow, ...]:
    """`seeds/forecast_widths.csv`, which `python -m bench forecast --write` writes; a load refuses one with a fault."""
    rows = (row.values for row in read(WIDTHS, ROOT / "seeds").rows)
    return tuple(
        WidthRow(Method(row["method"]), row["month"], Width(row["low"], row["high"]), row["cases"], row["source"])
        for row in rows
    )


@cache
def widths() -> Widths:
    return {(row.method, row.month): row.width for row in width_rows()}


@dataclass(frozen=True)
class Outlook:
    """One firm's forecast beside its line; `firm` has the columns of a firm that a list shows.

    `known`: its revenue of the year by month, as far as there are figures.
    """

    firm: Any
    forecast: Forecast
    line: Decimal | None
    crossed: Crossing | None
    made: Made
    same_period: Decimal | None
    windows: tuple[Window, ...] = ()
    next_window: Window | None = None
    lacking: tuple[ChecklistRow, ...] = ()
    known: Mapping[int, Decimal] = field(default_factory=dict)

    @property
    def change(self) -> Decimal | None:
        """Revenue so far over that of the same months of the year before, less one."""
        reached = self.forecast.reached
        return None if reached is None or not self.same_period else reached / self.same_period - 1

    @property
    def is_falling(self) -> bool:
        """Likely to end the year below the line, or behind the year before."""
        below = self.line is not None and self.forecast.point is not None and self.forecast.point < self.line
        return below or (self.change is not None and self.change < 0)


def of(firm: Firm, figures: Iterable[Figure], *, on: date) -> Outlook:
    """The outlook of one firm; `figures` are those that count and are proven."""
    history = {Period(f.year, f.month): f.amount for f in figures if f.kind == FigureKind.REVENUE}
    return _outlook(firm, history, windows_for(on), parameters.integer("forecast.weak_until", on), on)


def windows_for(on: date) -> tuple[Window, ...]:
    """The windows that stand on statements of the year of `on`, and those not closed yet, by their closing day."""
    rows = (
        select(IntakeWindow)
        .where(
            IntakeWindow.voided_at.is_(None), or_(IntakeWindow.statement_year == on.year, IntakeWindow.closes_on >= on)
        )
        .order_by(IntakeWindow.closes_on, IntakeWindow.id)
    )
    return tuple(
        Window(
            row.year, Door(row.door), row.opens_on, row.closes_on, row.source, row.batch,
            Period(row.statement_year, row.statement_month), row.id, row.verified,
        )
        for row in db.session.scalars(rows)
    )  # fmt: skip


COLUMNS: tuple[Any, ...] = (Firm.opened_on, Firm.founded_on, Firm.taxpayer_kind)
"""What `among` reads of a firm's row beside its id, its stage and its line."""


def among(rows: Iterable[Any], weak_until: int, *, on: date) -> dict[int, Outlook]:
    """Firm id -> its outlook, for a handful of rows that somebody may see; three statements, whatever their number."""
    held = list(rows)
    if not held:
        return {}
    histories = _histories([row.id for row in held], Figure.year >= on.year - YEARS)
    announced = windows_for(on)
    return {row.id: _outlook(row, histories.get(row.id, {}), announced, weak_until, on) for row in held}


# -- early warning --------------------------------------------------------------------------------------
class Alert(StrEnum):
    CROSSING = "crossing"
    LATE = "late"
    FALLING = "falling"
    CLOSING = "closing"


@dataclass(frozen=True)
class ForecastQuery:
    """What of the reach to look at: a county or zone by its code, part of a name or code."""

    division: str = ""
    text: str = ""


def alerts(actor: Actor, wanted: ForecastQuery, *, on: date) -> dict[Alert, list[Outlook]]:
    """Every listed firm that somebody should look at, by the reason, the most urgent first.

    The number of statements does not grow with the firms.
    """
    found_all = outlooks(actor, wanted, on)
    found: dict[Alert, list[Outlook]] = {
        Alert.CROSSING: [o for o in found_all if _is_coming(o) and o.made.reach is not Reach.TOO_LATE],
        Alert.LATE: [o for o in found_all if _is_coming(o) and o.made.reach is Reach.TOO_LATE],
        Alert.FALLING: [o for o in found_all if o.firm.stage == Stage.ENROLLED and o.is_falling],
        Alert.CLOSING: _closing(actor, found_all, on),
    }
    for kind in (Alert.CROSSING, Alert.LATE):
        found[kind].sort(key=lambda o: (o.crossed.likely or 0 if o.crossed else 0, o.firm.name))
    found[Alert.FALLING].sort(key=lambda o: (_rate(o), o.firm.name))
    return found


def _is_coming(outlook: Outlook) -> bool:
    """In the directory, not yet over the line, and likely to be this year."""
    crossed = outlook.crossed
    return outlook.firm.stage == Stage.ADMITTED and crossed is not None and crossed.likely is not None


def _rate(outlook: Outlook) -> Decimal:
    point = outlook.forecast.point
    return point / outlook.line if point is not None and outlook.line else Decimal(0)


def _closing(actor: Actor, found: Sequence[Outlook], on: date) -> list[Outlook]:
    """Firms over the line whose next window closes soon, and what papers they lack."""
    within = parameters.integer("forecast.window_days", on)
    due = {
        o.firm.id: o
        for o in found
        if o.firm.stage == Stage.QUALIFIED and o.next_window and o.next_window.days_left(on) <= within
    }
    if not due:
        return []
    rows = list(db.session.scalars(firms.visible_to(actor).where(Firm.id.in_(due)).order_by(Firm.id)).unique())
    ready = readiness.of_all(rows, {firm.id: due[firm.id].next_window for firm in rows}, on=on)
    lacking = [_with_papers(due[firm.id], ready[firm.id].lacking) for firm in rows if ready[firm.id].lacking]
    return sorted(lacking, key=lambda o: (o.next_window.closes_on if o.next_window else on, o.firm.name))


def _with_papers(outlook: Outlook, lacking: tuple[ChecklistRow, ...]) -> Outlook:
    return Outlook(**{**vars(outlook), "lacking": lacking})


def outlooks(actor: Actor, wanted: ForecastQuery, on: date, *conditions: Any) -> list[Outlook]:
    """Of every listed firm in reach, or those of them that fit."""
    listed = firms.visible_to(actor).where(Firm.stage.in_(LISTED_STAGES), *conditions)
    if wanted.division:
        listed = listed.where(Firm.division == wanted.division)
    if wanted.text:
        named = Firm.name.contains(wanted.text, autoescape=True)
        listed = listed.where(or_(named, Firm.credit_code.contains(wanted.text.upper(), autoescape=True)))
    ids = listed.with_only_columns(Firm.id)
    histories = _histories(ids, Figure.year >= on.year - YEARS)
    announced, weak_until = windows_for(on), parameters.integer("forecast.weak_until", on)
    rows = db.session.execute(listed.with_only_columns(*_COLUMNS).order_by(Firm.id))
    return [_outlook(row, histories.get(row.id, {}), announced, weak_until, on) for row in rows]


def _outlook(firm: Any, history: History, announced: Collection[Window], weak_until: int, on: date) -> Outlook:
    opened_on = firm.opened_on or firm.founded_on
    told = foretell(history, on, widths(), weak_until=weak_until, opened_on=opened_on)
    crossed = crossing(told, firm.statutory_line, history) if told.is_known and firm.statutory_line else None
    kind = TaxpayerKind(firm.taxpayer_kind) if firm.taxpayer_kind else None
    own = [_for(window, kind) for window in announced]
    made = window_made(told, crossed, own, on, opened_on=opened_on, taxpayer_kind=kind)
    before = history.get(Period(on.year - 1, told.month)) if told.month else None
    usable = (w for w in own if w.statement and w.statement.year == on.year and intake.fits(w, opened_on, on))
    coming = intake.next_for(announced, opened_on, on)
    known = {period.month or 12: amount for period, amount in history.items() if period.year == on.year}
    return Outlook(firm, told, firm.statutory_line, crossed, made, before, tuple(usable), coming, known=known)


def _for(window: Window, kind: TaxpayerKind | None) -> Window:
    """The window with the statement that a firm of this kind has for it."""
    if window.statement is None:
        return window
    return replace(window, statement=intake.statement_of(window.statement, kind))


# -- how far forecasts were off -------------------------------------------------------------------------
def accuracy(actor: Actor, *, on: date) -> list[Score]:
    """The error of every forecast that could have been made of past years, by method and month.

    Foretold from the figures as they were first given, measured against the year end as it counts now.
    """
    ids = firms.visible_to(actor).with_only_columns(Firm.id)
    rows, counted = _first_given(ids, Figure.year < on.year), _histories(ids, Figure.year < on.year)
    days = db.session.execute(ids.add_columns(Firm.opened_on, Firm.founded_on))
    opened = {row.id: row.opened_on or row.founded_on for row in days}
    return scores(
        case
        for firm_id, first in rows.items()
        for case in cases(first, counted[firm_id], widths(), opened_on=opened[firm_id])
    )


def _histories(ids: Any, *conditions: Any) -> dict[int, History]:
    """The proven revenue by firm: period -> yuan; a firm that has none proven is there too."""
    found = on_record.counted(ids, Figure.kind == FigureKind.REVENUE, *conditions)
    return {
        firm_id: {Period(one.line.year, one.line.month): one.line.amount for one in counted if one.proven}
        for firm_id, counted in found.items()
    }


def _first_given(ids: Any, *conditions: Any) -> dict[int, dict[Period, Decimal]]:
    """Revenue by firm as it was first given."""
    found: defaultdict[int, dict[Period, Decimal]] = defaultdict(dict)
    for firm_id, lines in on_record.figures(ids, Figure.kind == FigureKind.REVENUE, *conditions).items():
        for line in sorted(lines, key=lambda one: one.revision):
            found[firm_id].setdefault(Period(line.year, line.month), line.amount)
    return found
