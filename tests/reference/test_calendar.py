"""Working days: plain weeks, and the days of the State Council's notices."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from registry.reference.rules.calendar import WorkCalendar, is_weekday, weekdays
from tests.reference_rules import rows

FRIDAY = date(2021, 10, 15)
NOTICED = WorkCalendar({date.fromisoformat(row["day"]): row["working"] == "yes" for row in rows("holidays")})


@pytest.mark.parametrize(
    "since,days",
    [
        (date(2021, 10, 15), 0),
        (date(2021, 10, 14), 1),
        (date(2021, 10, 8), 5),
        (date(2021, 10, 9), 5),  # a Saturday
        (date(2021, 10, 10), 5),
        (date(2021, 9, 15), 22),
        (date(2021, 10, 18), 0),  # later than the day asked for
    ],
)
def test_in_plain_weeks_only_mondays_to_fridays_after_the_first_day_count(since: date, days: int) -> None:
    assert WorkCalendar().working_days(since, FRIDAY) == days


@pytest.mark.parametrize("calendar", [WorkCalendar(), NOTICED], ids=["plain weeks", "noticed"])
def test_days_counted_one_by_one_give_the_same(calendar: WorkCalendar) -> None:
    since = date(2021, 1, 1)
    counted = 0
    for day in (since + timedelta(days=number) for number in range(1, 800)):
        counted += calendar.is_working(day)
        assert calendar.working_days(since, day) == counted


@pytest.mark.parametrize("calendar", [WorkCalendar(), NOTICED], ids=["plain weeks", "noticed"])
def test_a_term_ends_on_the_day_on_which_it_is_used_up(calendar: WorkCalendar) -> None:
    for since in (date(2021, 1, 1) + timedelta(days=number) for number in range(400)):
        for allowed in (1, 3, 10):
            due = calendar.due_day(since, allowed)
            assert calendar.working_days(since, due) == allowed
            assert calendar.is_working(due)


def test_national_day_of_2021_makes_a_term_longer_and_its_make_up_days_shorter() -> None:
    assert NOTICED.due_day(date(2021, 9, 30), 3) == date(2021, 10, 11)  # 8, 9 (a Saturday of work), 11
    assert NOTICED.due_day(date(2021, 9, 24), 2) == date(2021, 9, 27)  # 26, a Sunday of work
    assert WorkCalendar().due_day(date(2021, 9, 30), 3) == date(2021, 10, 5)


def test_a_term_without_a_noted_day_in_it_ends_as_in_plain_weeks() -> None:
    for since in (date(2021, 1, 1) + timedelta(days=number) for number in range(2200)):
        for allowed in (3, 10):
            due = WorkCalendar().due_day(since, allowed)
            if not any(since < day <= due for day in NOTICED.noted):
                assert NOTICED.due_day(since, allowed) == due


@pytest.mark.parametrize(
    "year,off,extra",
    [(2021, 31, 7), (2022, 31, 7), (2023, 27, 7), (2024, 28, 8), (2025, 28, 5), (2026, 33, 6)],
)
def test_each_notice_holds_as_many_days_as_it_names(year: int, off: int, extra: int) -> None:
    of_year = [row for row in rows("holidays") if f"关于{year}年" in row["source"]]
    working = [row["day"] for row in of_year if row["working"] == "yes"]
    assert (len(of_year) - len(working), len(working)) == (off, extra)
    assert [day for day in working if is_weekday(date.fromisoformat(day))] == []


def test_the_years_without_a_notice_are_of_plain_weeks() -> None:
    assert NOTICED.years == (2021, 2022, 2023, 2024, 2025, 2026)
    first, last = date(2027, 1, 1), date(2029, 12, 31)
    assert NOTICED.working_days(first, last) == weekdays(first, last)
