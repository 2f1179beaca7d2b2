"""How far forecasts were off: every past year foretold month by month with what was known then, beside the run rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from statistics import mean, median
from typing import NamedTuple

from registry.base.periods import Period
from registry.forecasts.rules.forecast import History, Method, Width, Widths, foretell, year_end

_PLACES = Decimal("0.001")
MOST = 0.9
LEAST = 0.1
"""The percentiles a width spans: eight of ten year ends are to lie within."""


class BacktestCase(NamedTuple):
    """One forecast of one past year: the year end as foretold and as it came, and what a plain run rate would say."""

    method: Method
    month: int
    point: Decimal
    actual: Decimal
    naive: Decimal
    covered: bool

    @property
    def error(self) -> float:
        return abs(float(self.point / self.actual) - 1)

    @property
    def naive_error(self) -> float:
        return abs(float(self.naive / self.actual) - 1)


@dataclass(frozen=True, slots=True)
class Score:
    """The errors of a method by the month it was asked in; shares, so 0.1 is ten per cent."""

    method: Method
    month: int
    cases: int
    mean: float
    median: float
    coverage: float
    naive_mean: float
    naive_median: float


def cases(
    then: History, actual: History, widths: Widths, *, years: Iterable[int] | None = None, opened_on: date | None = None
) -> Iterator[BacktestCase]:
    """Every forecast of every past year (or of `years`) of a firm whose end is known.

    `then`: the figures as they were first given; `actual`: as they count now.
    """
    for year in sorted({period.year for period in actual} if years is None else years):
        end = actual.get(Period(year, 0), actual.get(Period(year, 12)))
        if end is None or end <= 0:
            continue
        for month in range(1, 12):
            if Period(year, month) not in then:
                continue
            asked = Period(year, month)
            known = {p: amount for p, amount in then.items() if p.year < year or (p.month and p <= asked)}
            told = foretell(known, date(year, month, 28), widths, weak_until=0, opened_on=opened_on)
            if told.reached and told.point and told.low is not None and told.high is not None:
                naive = year_end(told.reached, month, ())
                yield BacktestCase(told.method, month, told.point, end, naive, told.low <= end <= told.high)


def scores(found: Iterable[BacktestCase]) -> list[Score]:
    """By method, then month."""
    groups: defaultdict[tuple[Method, int], list[BacktestCase]] = defaultdict(list)
    for case in found:
        groups[case.method, case.month].append(case)
    order = sorted(groups, key=lambda key: (list(Method).index(key[0]), key[1]))
    return [_score(method, month, groups[method, month]) for method, month in order]


def _score(method: Method, month: int, rows: Sequence[BacktestCase]) -> Score:
    errors, naive = [row.error for row in rows], [row.naive_error for row in rows]
    covered = sum(row.covered for row in rows) / len(rows)
    return Score(method, month, len(rows), mean(errors), median(errors), covered, mean(naive), median(naive))


def fitted(found: Iterable[BacktestCase]) -> dict[tuple[Method, int], tuple[Width, int]]:
    """The widths these cases ask for, each with the number of cases it rests on."""
    ratios: defaultdict[tuple[Method, int], list[Decimal]] = defaultdict(list)
    for case in found:
        ratios[case.method, case.month].append(case.actual / case.point)
    return {key: (_width(sorted(rows)), len(rows)) for key, rows in ratios.items()}


def _width(ratios: Sequence[Decimal]) -> Width:
    low, high = (ratios[min(len(ratios) - 1, int(len(ratios) * at))] for at in (LEAST, MOST))
    return Width(low.quantize(_PLACES, ROUND_FLOOR), high.quantize(_PLACES, ROUND_CEILING))


def unfitted() -> Mapping[tuple[Method, int], Width]:
    """Widths of nothing, to fit the first ones with."""
    none = Width(Decimal(1), Decimal(1))
    return {(method, month): none for method in (Method.SEASONAL, Method.RUN_RATE) for month in range(1, 12)}
