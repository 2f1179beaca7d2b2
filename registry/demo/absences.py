"""Somebody of the invented city is away for a week, and a colleague stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from registry.base.extensions import SHANGHAI
from registry.handovers.services import name_deputy
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of

if TYPE_CHECKING:
    from registry.demo.story import Teller

AWAY = date(2021, 10, 13), date(2021, 10, 19)


def steps() -> Iterable[tuple[date, Callable[[Teller], None]]]:
    """With its day, after everything else that happened on it."""
    yield date(2021, 10, 12), _away


def _away(teller: Teller) -> None:
    evening = datetime.combine(teller.day, time(17, 30), SHANGHAI)  # after whatever else happened that day
    absent, deputy = people.user("haifengb"), people.user("haifeng")
    name_deputy(actor_of(absent), absent, deputy, *AWAY, reason="参加省里培训", at=evening, on=teller.day)
