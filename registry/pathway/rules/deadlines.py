"""How long a case has waited, in working days, and what light that is against the days it may take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.reference.rules.calendar import WorkCalendar


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


def wait(since: date, today: date, allowed: int, calendar: WorkCalendar) -> Wait:
    """A case of `since` that may take `allowed` working days (parameter `review.days`)."""
    days = calendar.working_days(since, today)
    return Wait(days, allowed - days)


def until(due: date, since: date, today: date, calendar: WorkCalendar) -> Wait:
    """A case of `since` that has to be done by `due`, whatever the term was counted from."""
    left = calendar.working_days(today, due) if today <= due else -max(1, calendar.working_days(due, today))
    return Wait(calendar.working_days(since, today), left)


FIGURES_BY = 15
"""The day of the month by which figures of the month before are due, where the setting is not given: by then the
month's tax returns are in."""


def month_due(on: date, by: int = FIGURES_BY) -> int:
    """The month of this year to which cumulative figures have to run on `on`; 0 where none is due yet."""
    return on.month - 1 if on.day > by else max(0, on.month - 2)
