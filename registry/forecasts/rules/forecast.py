"""Where a firm's year may end and when it may cross its line: from its own past seasons, else as it sold lately.

For early warning only: a forecast is shown, never stored, never exported, never a figure of the firm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from registry.base.periods import Period
from registry.base.vocabulary import TaxpayerKind
from registry.filings.rules.intake import Window, fits, statement_of

History = Mapping[Period, Decimal]
"""Cumulative revenue in yuan by period, as the figures that count say."""
YEARS = 3
"""Past years looked at, at most: what a firm was before that says little about it."""
LATEST = 3
"""Months that say how fast a firm without seasons of its own sells now."""
_CENT = Decimal("0.01")
_ONE = Decimal(1)


class Method(StrEnum):
    SEASONAL = "seasonal"
    RUN_RATE = "run_rate"
    CLOSED = "closed"  # the whole year is known: nothing to foretell
    NONE = "none"  # no figure of this year


class Width(NamedTuple):
    """Actual year end over forecast: the 10th and the 90th percentile of the back-test (seeds/forecast_widths.csv)."""

    low: Decimal
    high: Decimal


Widths = Mapping[tuple[Method, int], Width]


class PathPoint(NamedTuple):
    """Cumulative yuan of a month to come; the first point of a path is the month reached."""

    month: int
    low: Decimal
    point: Decimal
    high: Decimal


class Season(NamedTuple):
    """A past year of the firm's own: the share of it reached by the month asked about, and what followed in yuan."""

    year: int
    share: Decimal
    remainder: Decimal


@dataclass(frozen=True, slots=True)
class Forecast:
    """`month`: the figures used run to it; `weak`: an annualised guess from the early year; amounts in yuan or None.

    `lately`: how many months the pace of a firm without seasons rests on.
    """

    year: int
    method: Method
    month: int = 0
    reached: Decimal | None = None
    low: Decimal | None = None
    point: Decimal | None = None
    high: Decimal | None = None
    weak: bool = False
    lately: int = 0
    seasons: tuple[Season, ...] = ()
    path: tuple[PathPoint, ...] = ()
    used: tuple[Period, ...] = field(default=())

    @property
    def is_known(self) -> bool:
        return self.point is not None


def foretell(history: History, on: date, widths: Widths, *, weak_until: int, opened_on: date | None = None) -> Forecast:
    """The forecast of the year of `on` from the figures up to that month.

    `weak_until`: the month from which on an annualised year is no longer marked as weak.
    """
    this_year = {p.month or 12: p for p in history if p.year == on.year and (p.month or 12) <= on.month}
    if not this_year:
        return Forecast(on.year, Method.NONE)
    month = max(this_year)
    reached = history[this_year[month]]
    if month == 12:
        used = (this_year[month],)
        return Forecast(on.year, Method.CLOSED, month, reached, reached, reached, reached, used=used)
    seasons = seasons_before(history, on.year, month, opened_on)
    method = Method.SEASONAL if seasons else Method.RUN_RATE
    pace, lately = latest_pace(history, on.year, month)
    point = year_end(reached, month, seasons) if seasons else (reached + (12 - month) * pace).quantize(_CENT)
    low, high = _interval(reached, point, seasons, widths[method, month])
    past = tuple(sorted(p for p in history if p.year in {season.year for season in seasons}))
    return Forecast(
        on.year,
        method,
        month,
        reached,
        low,
        point,
        high,
        weak=method is Method.RUN_RATE and month < weak_until,
        lately=0 if seasons else lately,
        seasons=seasons,
        path=_path(history, month, seasons, PathPoint(month, reached, reached, reached), (low, point, high)),
        used=(*past, *sorted(p for p in this_year.values() if p.month)),
    )


def seasons_before(history: History, year: int, month: int, opened_on: date | None = None) -> tuple[Season, ...]:
    """The firm's own past years that say what share of a year it has by `month`, the latest first.

    Each is a whole year, so at least 12 months are known. The year it opened in is not whole.
    """
    found = []
    for past in range(year - 1, year - 1 - YEARS, -1):
        total = history.get(Period(past, 0), history.get(Period(past, 12)))
        then = history.get(Period(past, month))
        whole = opened_on is None or opened_on <= date(past, 1, 31)
        if whole and total is not None and then is not None and 0 < then <= total:
            found.append(Season(past, then / total, total - then))
    return tuple(found)


def latest_pace(history: History, year: int, month: int) -> tuple[Decimal, int]:
    """Yuan a month of the last months, and how many they are: three, or back to the figure before; else the year's."""
    before = max((p.month for p in history if p.year == year and 0 < p.month <= month - LATEST), default=0)
    start = history[Period(year, before)] if before else Decimal(0)
    months = month - before
    return max(Decimal(0), (history[Period(year, month)] - start) / months), months


def year_end(reached: Decimal, month: int, seasons: Sequence[Season]) -> Decimal:
    """By the own share of past years, tempered by what followed last year while little of the year is seen.

    The root of the share is the weight: in February a quarter, in September five sixths (docs/decisions/0013).
    """
    if not seasons:
        return (reached * 12 / month).quantize(_CENT)
    share = sum((season.share for season in seasons), Decimal(0)) / len(seasons)
    weight = share.sqrt()
    return (weight * reached / share + (_ONE - weight) * (reached + seasons[0].remainder)).quantize(_CENT)


def _interval(reached: Decimal, point: Decimal, seasons: Sequence[Season], width: Width) -> tuple[Decimal, Decimal]:
    """The back-test's width, wide enough for what each own past year alone would say; never below what is reached."""
    alone = [year_end(reached, 0, (season,)) for season in seasons]
    low = min([point, point * width.low, *alone])
    high = max([point, point * width.high, *alone])
    return max(reached, low).quantize(_CENT), high.quantize(_CENT)


def _path(
    history: History, month: int, seasons: Sequence[Season], start: PathPoint, ends: tuple[Decimal, Decimal, Decimal]
) -> tuple[PathPoint, ...]:
    """The months to December, each as far along as the own past years were by then; evenly where there are none."""
    after = range(month, 13)
    curves = [_curve(history, season.year, month) for season in seasons]
    curve = [sum(parts, Decimal(0)) / len(curves) for parts in zip(*curves, strict=True)] if curves else []
    if not curve or curve[-1] <= curve[0]:
        curve = [Decimal(number) for number in after]
    way = curve[-1] - curve[0]
    points = [start]
    for number, share in zip(after[1:], curve[1:], strict=True):
        done = (share - curve[0]) / way
        amounts = (begun + (end - begun) * done for begun, end in zip(start[1:], ends, strict=True))
        points.append(PathPoint(number, *(amount.quantize(_CENT) for amount in amounts)))
    return tuple(points)


def _curve(history: History, year: int, month: int) -> list[Decimal]:
    """Shares of a past year by month from `month` to December; a month without a figure lies between its neighbours."""
    total = history.get(Period(year, 0), history.get(Period(year, 12))) or _ONE
    known = {n: history[Period(year, n)] / total for n in range(month, 12) if Period(year, n) in history} | {12: _ONE}
    shares, reached = [], known[month]
    for number in range(month, 13):
        before = max(n for n in known if n <= number)
        behind = min(n for n in known if n >= number)
        gap = behind - before
        share = known[before] + (known[behind] - known[before]) * (number - before) / gap if gap else known[number]
        reached = max(reached, min(share, _ONE))  # a path does not fall, whatever a correction once did
        shares.append(reached)
    return shares


# -- crossing the line --------------------------------------------------------------------------------
class Crossing(NamedTuple):
    """The month by which the line is reached: by the high, the likely and the low path; None is not this year.

    `happened`: the figures themselves reach it.
    """

    earliest: int | None
    likely: int | None
    latest: int | None
    happened: bool = False


def crossing(forecast: Forecast, line: Decimal, history: History) -> Crossing:
    """When the year's revenue reaches `line`; the first month whose figure does, where one already does."""
    months = sorted(p for p in history if p.year == forecast.year and (p.month or 12) <= forecast.month)
    if forecast.reached is not None and forecast.reached >= line:
        month = next(p.month or 12 for p in months if history[p] >= line)
        return Crossing(month, month, month, happened=True)

    def first(which: int) -> int | None:
        return next((point.month for point in forecast.path if point[which] >= line), None)

    return Crossing(first(3), first(2), first(1))


class Reach(StrEnum):
    """Whether a crossing makes a window of the year."""

    MAKES = "makes"
    TOO_LATE = "too_late"
    NO_WINDOWS = "no_windows"  # none is entered for the year
    NOT_THIS_YEAR = "not_this_year"
    UNKNOWN = "unknown"


class Made(NamedTuple):
    reach: Reach
    window: Window | None = None


def window_made(
    forecast: Forecast,
    crossed: Crossing | None,
    windows: Iterable[Window],
    on: date,
    *,
    opened_on: date | None = None,
    taxpayer_kind: TaxpayerKind | None = None,
) -> Made:
    """The first window, still to close, whose statement is not earlier than the likely crossing.

    The door has to fit a firm that opened on `opened_on`; a small-scale taxpayer has a statement a quarter. Statements
    of another year do not count: cumulative revenue begins anew in January.
    """
    if crossed is None:
        return Made(Reach.UNKNOWN)
    if crossed.likely is None:
        return Made(Reach.NOT_THIS_YEAR)
    of_year = [(w, w.statement) for w in windows if w.statement is not None and w.statement.year == forecast.year]
    if not of_year:
        return Made(Reach.NO_WINDOWS)
    made = [
        window
        for window, statement in of_year
        if window.closes_on >= on
        and fits(window, opened_on, on)
        and statement_of(statement, taxpayer_kind).month >= crossed.likely
    ]
    return Made(Reach.MAKES, min(made, key=lambda w: (w.closes_on, w.door))) if made else Made(Reach.TOO_LATE)
