"""How long a case has waited, in working days, and what light that is against the days it may take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_WORKING_DAYS = 5


class Light(StrEnum):
    """In time, due today, overdue."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Wait:
    """`days` working days waited so far; `left` until it is due, negative once overdue."""

    days: int
    left: int

    @property
    def light(self) -> Light:
        if self.left > 0:
            return Light.OK
        return Light.WARN if self.left == 0 else Light.BAD

    @property
    def overdue(self) -> int:
        return max(0, -self.left)


def wait(since: date, today: date, allowed: int) -> Wait:
    """A case of `since` that may take `allowed` working days (parameter `review.days`)."""
    days = working_days(since, today)
    return Wait(days, allowed - days)


def due_day(since: date, allowed: int) -> date:
    """The last day of a term of `allowed` working days that began on `since`."""
    day = since
    while allowed > 0:
        day += timedelta(days=1)
        allowed -= is_working(day)
    return day


def until(due: date, since: date, today: date) -> Wait:
    """A case of `since` that has to be done by `due`, whatever the term was counted from."""
    left = working_days(today, due) if today <= due else -max(1, working_days(due, today))
    return Wait(working_days(since, today), left)


def is_working(day: date) -> bool:
    """Monday to Friday; as below, holidays are not known."""
    return day.weekday() < _WORKING_DAYS


def working_days(since: date, until: date) -> int:
    """Mondays to Fridays after `since` up to `until`; 0 where `until` is not later.

    Public holidays and the working weekends that make up for them are announced year by year and are not known here:
    around a holiday a case shows as due some days too early.
    """
    weeks, rest = divmod(max(0, (until - since).days), 7)
    tail = (since + timedelta(days=weeks * 7 + number) for number in range(1, rest + 1))
    return weeks * _WORKING_DAYS + sum(day.weekday() < _WORKING_DAYS for day in tail)
