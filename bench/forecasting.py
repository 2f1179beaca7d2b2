"""Forecasts of invented firms against what then came: the error by month beside a plain run rate, and the widths.

The widths are fitted on one half of the firms and judged on the other; `--write` puts them into
seeds/forecast_widths.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import accumulate, groupby
from pathlib import Path
from random import Random

from registry.base.clocks import SHANGHAI
from registry.base.periods import Period
from registry.config import ROOT
from registry.demo import seasons
from registry.forecasts.rules.backtest import BacktestCase, Score, cases, fitted, scores, unfitted
from registry.forecasts.rules.forecast import Method, Width, Widths

SEED = 20211231
FIRMS = 6_000
YEARS = 4
FIRST = 2017
FILE = ROOT / "seeds" / "forecast_widths.csv"
SOURCE = "本系统对虚构企业多年月度数的回测（第10、90百分位），非本市真实企业数据；本市推算的实际误差见本页上表"
CLAUSE = "无条款（本系统回测）"

Known = Mapping[Period, Decimal]


def figures(write: bool = False, firms: int = FIRMS) -> Iterator[str]:
    random = Random(SEED)
    histories = [_cumulative(seasons.history(random, FIRST, YEARS)) for _ in range(firms)]
    half = len(histories) // 2
    widths = {key: width for key, (width, _cases) in fitted(_all(histories[:half], unfitted())).items()}
    yield f"forecast: {firms} invented firms, {YEARS} years each; widths from one half, errors of the other"
    yield "  method    month   cases   MAPE  median   in band | run rate: MAPE  median"
    yield from (_line(score) for score in scores(_all(histories[half:], widths)))
    if write:
        rows = fitted(_all(histories, unfitted()))
        _write(rows)
        yield f"  widths written to {FILE.name}: {len(rows)} rows"


def _all(histories: Sequence[Known], widths: Widths) -> Iterator[BacktestCase]:
    """The last year of each firm, once with its past and once as if it had none."""
    last = FIRST + YEARS - 1
    for known in histories:
        alone = {period: amount for period, amount in known.items() if period.year == last}
        yield from (case for case in cases(known, known, widths, years=(last,)))
        yield from (case for case in cases(alone, alone, widths, years=(last,)))


def _cumulative(months: Sequence[seasons.Month]) -> Known:
    known: dict[Period, Decimal] = {}
    for year, rows in groupby(months, key=lambda row: row.year):
        of_year = list(rows)
        totals = accumulate(row.yuan for row in of_year)
        known |= {Period(year, row.month): total for row, total in zip(of_year, totals, strict=True)}
    return known


def _line(score: Score) -> str:
    return (
        f"  {score.method:<9} {score.month:5} {score.cases:7,} {score.mean:6.1%} {score.median:7.1%} {score.coverage:9.1%}"
        f" | {score.naive_mean:14.1%} {score.naive_median:7.1%}"
    )


def _write(rows: Mapping[tuple[Method, int], tuple[Width, int]], path: Path = FILE) -> None:
    day = datetime.now(SHANGHAI).date()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("method", "month", "low", "high", "cases", "source", "clause", "checked_on"))
        for (method, month), (width, count) in sorted(
            rows.items(), key=lambda row: (list(Method).index(row[0][0]), row[0][1])
        ):
            writer.writerow((method, month, width.low, width.high, count, SOURCE, CLAUSE, day))
