"""The end of a past day, and the two ways in which it can be known.

What is asked about a past day has two answers, and each is right: what an official could have been told on that
evening, and what the directory says of that day by now, when late figures have come in and errors were put right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from registry.base.labels import N_

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Known(StrEnum):
    """By which clock a past day is read."""

    THEN = "then"
    """Only what had been recorded by the end of the day, and was not void then."""
    NOW = "now"
    """Whatever has been recorded of that day by now, and is not void now."""


KNOWN_LABELS = {Known.THEN: N_("按当时所知"), Known.NOW: N_("按现在所知")}


@dataclass(frozen=True, slots=True)
class AsOf:
    """The end of `day`, by one of the two clocks."""

    day: date
    known: Known = Known.THEN

    @property
    def end(self) -> datetime:
        """The first moment after the day."""
        return end_of(self.day)


def end_of(day: date) -> datetime:
    """The first moment after `day`."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
