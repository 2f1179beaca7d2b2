"""Periods of figures (cumulative to a month, or a full year) and quarters of the directory."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, total_ordering

from registry.base.errors import QUARTER_REFUSED, PeriodRefused

# Signs a clerk writes between and after the numbers: 年 (year), 月 (month), - / . and nothing else.
_YEAR = "(?P<year>(?:19|20)[0-9]{2})"
_MONTH = "\\s*[-/.\u5e74]\\s*(?P<month>[0-9]{1,2})\\s*\u6708?"
_PERIOD = re.compile(f"{_YEAR}(?:{_MONTH}|(?P<compact>[0-9]{{2}})|\\s*\u5e74?)")
_QUARTER = re.compile(_YEAR + "[-\\s]?Q(?P<number>[1-4])")


@lru_cache(maxsize=1_024)
def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """What a figure covers: January to `month` of `year`, or the full year where `month` is 0.

    Ordered by the day it ends; a full year comes after its December, being the later document.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 2100 and 0 <= self.month <= 12):
            raise PeriodRefused(text=f"{self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2021-09`, `2021/9`, `202109`, `2021年9月` or `2021` (a full year). Raises PeriodRefused."""
        match = _PERIOD.fullmatch(unicodedata.normalize("NFKC", text).strip())
        if match is None:
            raise PeriodRefused(text=text)
        month = match["month"] or match["compact"]
        if month is not None and not 1 <= int(month) <= 12:
            raise PeriodRefused(text=text)
        return cls(int(match["year"]), int(month or 0))

    @classmethod
    def of(cls, day: date) -> Period:
        """The month `day` lies in, cumulative from January."""
        return cls(day.year, day.month)

    @classmethod
    def over_before(cls, day: date) -> Period:
        """The last month that is over on `day`."""
        return cls(day.year, day.month - 1) if day.month > 1 else cls(day.year - 1, 12)

    @property
    def is_annual(self) -> bool:
        return self.month == 0

    @property
    def is_full_year(self) -> bool:
        """Whether the whole year is covered: an annual figure, or one cumulative to December."""
        return self.month in (0, 12)

    @property
    def end(self) -> date:
        """The last day covered."""
        return _month_end(self.year, self.month or 12)

    @property
    def label(self) -> str:
        """`2021-09`, or `2021` for a full year; `parse` reads it back."""
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)

    @property
    def year_before(self) -> Period:
        """The same months of the year before."""
        return Period(self.year - 1, self.month)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return (self.year, self.month or 13) < (other.year, other.month or 13)

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter, `number` 1 to 4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 2100 and 1 <= self.number <= 4):
            raise PeriodRefused(QUARTER_REFUSED, text=f"{self.year}Q{self.number}")

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read `2021Q3`, `2021q3` or `2021-Q3`. Raises PeriodRefused."""
        match = _QUARTER.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
        if match is None:
            raise PeriodRefused(QUARTER_REFUSED, text=text)
        return cls(int(match["year"]), int(match["number"]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        return self.period.end

    @property
    def period(self) -> Period:
        """January to the quarter's last month."""
        return Period(self.year, self.number * 3)

    @property
    def previous(self) -> Quarter:
        return Quarter.of(self.first - timedelta(days=1))

    @property
    def next(self) -> Quarter:
        return Quarter.of(self.last + timedelta(days=1))

    @property
    def label(self) -> str:
        return f"{self.year}Q{self.number}"

    def __str__(self) -> str:
        return self.label


YEARS_BACK = 3
