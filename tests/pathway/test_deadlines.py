"""The light that follows from the working days a case has waited."""

from __future__ import annotations

from datetime import date

import pytest

from registry.pathway.rules.deadlines import Light, wait
from registry.reference.rules.calendar import WorkCalendar

FRIDAY = date(2021, 10, 15)


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
    found = wait(since, FRIDAY, 3, WorkCalendar())
    assert (found.light, found.overdue) == (light, overdue)
