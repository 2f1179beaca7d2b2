"""Working days: Monday to Friday, but for the days that a notice makes free or makes up for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """`noted`: by day whether it is a working one, where a notice says so; a year without one is of plain weeks."""

    noted: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        return self.noted.get(day, is_weekday(day))

    def working_days(self, since: date, until: date) -> int:
        """Working days after `since` up to `until`; 0 where `until` is not later."""
        moved = sum(
            working - is_weekday(day) for day, working in self.noted.items() if since < day <= until
        )  # fmt: skip
        return weekdays(since, until) + moved

    def due_day(self, since: date, allowed: int) -> date:
        """The last day of a term of `allowed` working days that began on `since`."""
        day = since
        while allowed > 0:
            day += timedelta(days=1)
            allowed -= self.is_working(day)
        return day

    @property
    def years(self) -> tuple[int, ...]:
        """Of which a notice is known."""
        return tuple(sorted({day.year for day in self.noted}))


def is_weekday(day: date) -> bool:
    return day.weekday() < _WORKING_DAYS


def weekdays(since: date, until: date) -> int:
    """Mondays to Fridays after `since` up to `until`."""
    weeks, rest = divmod(max(0, (until - since).days), 7)
    tail = (since + timedelta(days=weeks * 7 + number) for number in range(1, rest + 1))
    return weeks * _WORKING_DAYS + sum(is_weekday(day) for day in tail)
