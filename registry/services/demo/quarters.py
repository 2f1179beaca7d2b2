"""The invented city closes its quarters in time; the one just over is left for the reader to close."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from registry.domain.periods import Quarter
from registry.services import snapshots

if TYPE_CHECKING:
    from registry.services.demo.story import Teller

CLOSED = ((Quarter(2021, 1), date(2021, 4, 21)), (Quarter(2021, 2), date(2021, 7, 21)))
NOTE = "个别企业报表未报、个别材料仍在补正，不影响名录，按期冻结。"


def closings() -> Iterable[tuple[date, Callable[[Teller], None]]]:
    for quarter, day in CLOSED:
        yield day, lambda teller, quarter=quarter: _close(teller, quarter)  # type: ignore[misc]


def _close(teller: Teller, quarter: Quarter) -> None:
    """In the story's own transaction: nobody else is there who could come in between."""
    at, city_office = teller.at, teller.person("cityoffice")
    with snapshots.take(city_office, quarter, note=NOTE, at=at, on=teller.day) as taken:
        snapshots.keep(city_office, taken)
