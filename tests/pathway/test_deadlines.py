"""Working days a case has waited, and the light that follows from them."""

from __future__ import annotations

from datetime import date

import pytest

from registry.pathway.rules.deadlines import Light, wait, working_days

FRIDAY = date(2021, 10, 15)


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
def test_only_mondays_to_fridays_after_the_first_day_count(since: date, days: int) -> None:
    assert working_days(since, FRIDAY) == days


def test_days_counted_one_by_one_give_the_same() -> None:
    since = date(2021, 1, 1)
    for day in range(1, 120):
        until = date.fromordinal(since.toordinal() + day)
        one_by_one = sum(date.fromordinal(since.toordinal() + n).weekday() < 5 for n in range(1, day + 1))
        assert working_days(since, until) == one_by_one


@pytest.mark.parametrize(
    "since,light,overdue",
    [
        (date(2021, 10, 14), Light.OK, 0),
        (date(2021, 10, 12), Light.WARN, 0),
        (date(2021, 10, 11), Light.BAD, 1),
        (date(2021, 10, 4), Light.BAD, 6),
    ],
)
def test_a_case_is_in_time_due_today_or_overdue(since: date, light: Light, overdue: int) -> None:
    found = wait(since, FRIDAY, 3)
    assert (found.light, found.overdue) == (light, overdue)
