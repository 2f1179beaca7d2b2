"""Forecasts: from the own seasons or the run rate, never below what is reached, never of what is not known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.base.periods import Period
from registry.base.vocabulary import Door, TaxpayerKind
from registry.filings.rules.intake import Window
from registry.forecasts.rules.backtest import cases, fitted, scores, unfitted
from registry.forecasts.rules.forecast import (
    Crossing,
    Forecast,
    Method,
    Reach,
    Width,
    crossing,
    foretell,
    seasons_before,
    window_made,
    year_end,
)

TODAY = date(2021, 10, 15)
WIDTHS = {
    (method, month): Width(Decimal("0.9"), Decimal("1.2"))
    for method in (Method.SEASONAL, Method.RUN_RATE)
    for month in range(1, 12)
}
EVEN = [Decimal(100 * month) for month in range(1, 13)]
LATE = [Decimal(50 * month) for month in range(1, 12)] + [Decimal(1200)]
amounts = st.lists(st.integers(0, 10**9), min_size=12, max_size=12)


def year(of: int, cumulative: list[Decimal]) -> dict[Period, Decimal]:
    return {Period(of, month): amount for month, amount in enumerate(cumulative, start=1)}


def told(history: dict[Period, Decimal], on: date = TODAY, **more: object) -> Forecast:
    return foretell(history, on, WIDTHS, weak_until=6, **more)  # type: ignore[arg-type]


def test_without_a_figure_of_the_year_nothing_is_foretold() -> None:
    forecast = told(year(2020, EVEN))
    assert (forecast.method, forecast.point, forecast.path) == (Method.NONE, None, ())


def test_a_firm_with_a_past_year_is_foretold_by_its_own_seasons() -> None:
    forecast = told(year(2020, LATE) | year(2021, LATE[:9]))
    assert (forecast.method, forecast.month, forecast.reached) == (Method.SEASONAL, 9, Decimal(450))
    assert (forecast.point, forecast.seasons[0].share) == (Decimal("1200.00"), Decimal("0.375"))
    assert forecast.used == (*(Period(2020, m) for m in range(1, 13)), *(Period(2021, m) for m in range(1, 10)))


def test_half_a_year_of_the_past_is_no_season_and_the_run_rate_speaks() -> None:
    short = {period: amount for period, amount in year(2020, LATE).items() if period.month <= 6}
    forecast = told(short | year(2021, LATE[:9]))
    assert (forecast.method, forecast.point) == (Method.RUN_RATE, Decimal("600.00"))
    assert (forecast.low, forecast.high) == (Decimal("540.00"), Decimal("720.00"))


def test_the_year_a_firm_opened_in_says_nothing_of_its_seasons() -> None:
    history = year(2020, LATE) | year(2021, LATE[:9])
    assert told(history, opened_on=date(2020, 1, 20)).method is Method.SEASONAL
    assert told(history, opened_on=date(2020, 5, 20)).method is Method.RUN_RATE


@pytest.mark.parametrize("month, weak", [(1, True), (5, True), (6, False), (9, False)])
def test_an_annualised_early_year_is_marked_as_weak(month: int, weak: bool) -> None:
    assert told(year(2021, EVEN[:month])).weak is weak


def test_the_own_seasons_are_not_weak_however_early() -> None:
    assert told(year(2020, EVEN) | year(2021, EVEN[:2])).weak is False


def test_a_whole_year_is_known_and_not_foretold() -> None:
    forecast = told(year(2020, EVEN), on=date(2020, 12, 31))
    assert (forecast.method, forecast.low, forecast.point, forecast.high) == (Method.CLOSED, *[Decimal(1200)] * 3)


def test_figures_later_than_the_day_asked_about_are_not_looked_at() -> None:
    assert told(year(2021, EVEN), on=date(2021, 3, 31)).month == 3


def test_early_in_the_year_what_followed_last_year_tempers_the_own_share() -> None:
    history = year(2020, EVEN)
    seasons = seasons_before(history, 2021, 3)
    # three times last year's quarter: the share alone says 3600, last year's remainder 1800
    assert year_end(Decimal(900), 3, seasons) == Decimal("2700.00")


def test_the_interval_holds_what_each_past_year_alone_would_say() -> None:
    history = year(2019, EVEN) | year(2020, LATE) | year(2021, EVEN[:6])
    forecast = told(history)
    alone = [year_end(Decimal(600), 6, (season,)) for season in forecast.seasons]
    assert forecast.low is not None
    assert forecast.high is not None
    assert forecast.low <= min(alone) <= max(alone) <= forecast.high


@given(past=amounts, before=amounts, now=amounts, month=st.integers(1, 11))
def test_a_forecast_is_ordered_and_never_below_what_is_reached(
    past: list[int], before: list[int], now: list[int], month: int
) -> None:
    def total(months: list[int]) -> list[Decimal]:
        return [Decimal(sum(months[:count])) for count in range(1, 13)]

    history = year(2019, total(before)) | year(2020, total(past)) | year(2021, total(now)[:month])
    forecast = told(history, on=date(2021, month, 28))
    assert forecast.reached is not None
    assert forecast.point is not None
    assert forecast.low is not None
    assert forecast.high is not None
    assert 0 <= forecast.reached <= forecast.low <= forecast.point <= forecast.high
    assert [point.month for point in forecast.path] == list(range(month, 13))
    for one, other in zip(forecast.path, forecast.path[1:], strict=False):
        assert all(a <= b for a, b in zip(one[1:], other[1:], strict=True))
    assert forecast.path[-1][1:] == (forecast.low, forecast.point, forecast.high)


@given(past=amounts, month=st.integers(1, 11), line=st.integers(1, 10**10))
def test_the_crossing_is_no_later_on_a_higher_path(past: list[int], month: int, line: int) -> None:
    cumulative = [Decimal(sum(past[:count])) for count in range(1, 13)]
    history = year(2020, cumulative) | year(2021, cumulative[:month])
    crossed = crossing(told(history, on=date(2021, month, 28)), Decimal(line), history)
    found = [13 if one is None else one for one in (crossed.earliest, crossed.likely, crossed.latest)]
    assert found == sorted(found)


# -- the crossing and its window ------------------------------------------------------------------
def window(door: Door, closes: date, statement: str, of: int = 2021) -> Window:
    return Window(of, door, date(of, 1, 1), closes, "通知", door.value, Period.parse(statement))


FIRST = window(Door.ANNUAL_FIRST, date(2021, 11, 1), "2021-09")
SECOND = window(Door.ANNUAL_SECOND, date(2021, 12, 16), "2021-11")
MONTHLY = window(Door.MONTHLY, date(2021, 12, 5), "2021-12")
OLD = date(2018, 5, 20)


def made(line: int, windows: list[Window], on: date = TODAY, **more: object) -> tuple[Reach, Window | None]:
    history = year(2020, EVEN) | year(2021, EVEN[:9])
    forecast = told(history, on=on)
    crossed = crossing(forecast, Decimal(line), history)
    return window_made(forecast, crossed, windows, on, **{"opened_on": OLD, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "line, reach, expected",
    [
        (800, Reach.MAKES, FIRST),
        (900, Reach.MAKES, FIRST),
        (950, Reach.MAKES, SECOND),
        (1100, Reach.MAKES, SECOND),
        (1150, Reach.TOO_LATE, None),
        (1300, Reach.NOT_THIS_YEAR, None),
    ],
)
def test_a_crossing_makes_the_first_window_on_a_statement_not_before_it(
    line: int, reach: Reach, expected: Window | None
) -> None:
    assert made(line, [SECOND, FIRST]) == (reach, expected)


def test_a_window_that_is_closed_is_not_made() -> None:
    assert made(900, [FIRST, SECOND], on=date(2021, 11, 2)) == (Reach.MAKES, SECOND)


def test_the_monthly_door_is_for_new_firms_only() -> None:
    assert made(1150, [FIRST, SECOND, MONTHLY]) == (Reach.TOO_LATE, None)
    assert made(1150, [FIRST, SECOND, MONTHLY], opened_on=date(2020, 11, 2))[1] == MONTHLY


def test_a_small_scale_taxpayer_has_a_statement_a_quarter() -> None:
    assert made(1000, [FIRST, SECOND], taxpayer_kind=TaxpayerKind.SMALL_SCALE) == (Reach.TOO_LATE, None)
    assert made(1000, [FIRST, SECOND], taxpayer_kind=TaxpayerKind.GENERAL) == (Reach.MAKES, SECOND)


def test_where_no_window_of_the_year_is_entered_that_is_said() -> None:
    other = window(Door.ANNUAL_FIRST, date(2022, 11, 1), "2022-09", 2022)
    assert made(900, [other]) == (Reach.NO_WINDOWS, None)


def test_a_line_already_reached_names_the_month_of_the_figure() -> None:
    history = year(2021, EVEN[:9])
    assert crossing(told(history), Decimal(650), history) == Crossing(7, 7, 7, happened=True)


# -- the back-test --------------------------------------------------------------------------------
def test_the_backtest_foretells_each_past_year_with_what_was_known_then() -> None:
    history = year(2019, LATE) | year(2020, LATE)
    found = list(cases(history, history, WIDTHS))
    assert [(case.method, case.month) for case in found] == [
        *((Method.RUN_RATE, month) for month in range(1, 12)),
        *((Method.SEASONAL, month) for month in range(1, 12)),
    ]
    assert {case.point for case in found if case.method is Method.SEASONAL} == {Decimal("1200.00")}


def test_scores_are_the_mean_the_median_and_the_share_in_the_band() -> None:
    histories = [year(2020, [Decimal(month * size) for month in range(1, 12)] + [Decimal(end)])
                 for size, end in ((100, 1200), (100, 1500), (100, 2400))]  # fmt: skip
    score = next(s for s in scores(case for h in histories for case in cases(h, h, WIDTHS)) if s.month == 9)
    assert (score.cases, round(score.mean, 4), round(score.median, 4)) == (3, 0.2333, 0.2)
    assert (round(score.coverage, 4), score.naive_mean) == (0.3333, score.mean)


def test_fitted_widths_span_eight_of_ten_year_ends() -> None:
    histories = [year(2020, [Decimal(month * 100) for month in range(1, 12)] + [Decimal(1200 + 120 * n)])
                 for n in range(10)]  # fmt: skip
    found = fitted(case for h in histories for case in cases(h, h, unfitted()))
    assert found[Method.RUN_RATE, 6] == (Width(Decimal("1.100"), Decimal("1.900")), 10)


def test_a_firm_without_seasons_is_seen_by_its_latest_months() -> None:
    """One that sold 100 a month in the first half and 130 since is not at 110 next month."""
    history = year(2021, [Decimal(100 * month) for month in range(1, 7)] + [Decimal(730), Decimal(860), Decimal(990)])
    forecast = told(history)
    assert (forecast.method, forecast.lately) == (Method.RUN_RATE, 3)
    assert [point.point for point in forecast.path] == [Decimal(990), Decimal(1120), Decimal(1250), Decimal(1380)]


@pytest.mark.parametrize(
    "months, lately, point",
    [
        ({1: 90}, 1, "1080.00"),
        ({2: 200}, 2, "1200.00"),
        ({3: 300, 9: 1200}, 6, "1650.00"),  # nothing known in between: back to the figure before
        ({6: 600, 9: 600}, 3, "600.00"),  # sold nothing since
        ({6: 600, 9: 500}, 3, "500.00"),  # a correction took some back: no pace below nought
    ],
)
def test_the_pace_goes_back_to_the_figure_before_the_last_three_months(
    months: dict[int, int], lately: int, point: str
) -> None:
    forecast = told({Period(2021, month): Decimal(amount) for month, amount in months.items()})
    assert (forecast.lately, forecast.point) == (lately, Decimal(point))
