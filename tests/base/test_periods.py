from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.base.errors import PeriodRefused
from registry.base.periods import Period, Quarter

periods = st.builds(Period, st.integers(1990, 2099), st.integers(0, 12))
quarters = st.builds(Quarter, st.integers(1990, 2099), st.integers(1, 4))


@pytest.mark.parametrize(
    "text, period",
    [
        ("2021-09", Period(2021, 9)),
        ("2021-9", Period(2021, 9)),
        ("2021/09", Period(2021, 9)),
        ("2021.9", Period(2021, 9)),
        ("202109", Period(2021, 9)),
        ("2021年9月", Period(2021, 9)),
        ("２０２１年０９月", Period(2021, 9)),
        (" 2021 年 12 月 ", Period(2021, 12)),
        ("2021", Period(2021, 0)),
        ("2021年", Period(2021, 0)),
    ],
)
def test_periods_are_read_in_the_spellings_in_use(text: str, period: Period) -> None:
    assert Period.parse(text) == period


@pytest.mark.parametrize("text", ["", "九月", "2021-13", "2021-00", "202100", "21-09", "2021-09-30", "2021x9", "9月"])
def test_other_texts_are_refused_with_the_text(text: str) -> None:
    with pytest.raises(PeriodRefused) as refused:
        Period.parse(text)
    assert str(refused.value) == f"“{text}”不是可识别的期别，请填写如 2021-09 或 2021。"


@given(periods)
def test_a_label_reads_back(period: Period) -> None:
    assert Period.parse(period.label) == period


@given(periods, periods)
def test_periods_are_ordered_by_the_day_they_end(one: Period, other: Period) -> None:
    assert (one < other) is ((one.end, one.is_annual) < (other.end, other.is_annual))


def test_ends_and_whole_years() -> None:
    assert Period(2020, 2).end == date(2020, 2, 29)
    assert Period(2021, 0).end == date(2021, 12, 31)
    assert [p.is_full_year for p in (Period(2021, 0), Period(2021, 12), Period(2021, 11))] == [True, True, False]
    assert Period(2021, 9).year_before == Period(2020, 9)
    assert Period.of(date(2021, 10, 15)) == Period(2021, 10)


def test_an_impossible_period_cannot_be_made() -> None:
    with pytest.raises(PeriodRefused):
        Period(2021, 13)


@pytest.mark.parametrize(
    "text, first, last, previous",
    [
        ("2021Q1", date(2021, 1, 1), date(2021, 3, 31), "2020Q4"),
        ("2021q2", date(2021, 4, 1), date(2021, 6, 30), "2021Q1"),
        ("2021-Q3", date(2021, 7, 1), date(2021, 9, 30), "2021Q2"),
        ("2020Q4", date(2020, 10, 1), date(2020, 12, 31), "2020Q3"),
    ],
)
def test_quarters_know_their_days(text: str, first: date, last: date, previous: str) -> None:
    quarter = Quarter.parse(text)
    assert (quarter.first, quarter.last, quarter.previous.label) == (first, last, previous)


@given(quarters)
def test_a_quarter_follows_the_one_before_it(quarter: Quarter) -> None:
    assert quarter.previous.next == quarter
    assert Quarter.of(quarter.last) == quarter == Quarter.of(quarter.first)
    assert Quarter.parse(quarter.label) == quarter


@pytest.mark.parametrize("text", ["2021", "2021Q5", "2021Q0", "Q3", "2021Q33", ""])
def test_other_quarters_are_refused(text: str) -> None:
    with pytest.raises(PeriodRefused) as refused:
        Quarter.parse(text)
    assert str(refused.value) == f"“{text}”不是可识别的季度，请填写如 2021Q3。"
