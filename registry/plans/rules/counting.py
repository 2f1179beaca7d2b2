"""What counts toward a target: rows with their dates in, each counted or left out with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple


class Counting(StrEnum):
    """What a target counts: firms confirmed as four-above, firms marked, institutions recognised."""

    ENROLMENT = "enrolment"
    CULTIVATED = "cultivated"
    INTRODUCED = "introduced"
    INSTITUTION = "institution"


MARKED = frozenset({Counting.CULTIVATED, Counting.INTRODUCED})
"""A mark bears the same word for the way."""


class LeftOut(StrEnum):
    """Why a row that bears on a target does not count."""

    EARLIER = "earlier"
    LATER = "later"
    NOT_FIRST = "not_first"
    OTHER_INDUSTRY = "other_industry"
    DELISTED = "delisted"
    VOIDED = "voided"
    SAME_FIRM = "same_firm"
    WITHDRAWN = "withdrawn"


class BearingRow(NamedTuple):
    """A confirmation, mark or case of one firm: on which day it was so, of which month or day it is, what proves it.

    `firm_id`, `name`: of the entry that stands for the firm today, whatever was merged into it; `division`: its county
    or zone. Of an institution, or a body that is no firm, `firm_id` is below nought; `case_id`: the case it comes of.
    `first`: it is the firm's first; `ended_on`: it is so no longer, since that day, and `ended` says why.
    """

    row_id: int
    firm_id: int
    name: str
    credit_code: str
    division: str
    industry: str
    day: date
    of_day: date
    proof: str
    first: bool = True
    ended_on: date | None = None
    ended: LeftOut | None = None
    reason: LeftOut | None = None
    also: tuple[str, ...] = ()
    case_id: int | None = None


def sorted_out(
    rows: Iterable[BearingRow], first_year: int, last_year: int, industries: tuple[str, ...], sections: dict[str, str]
) -> tuple[tuple[BearingRow, ...], tuple[BearingRow, ...]]:
    """The rows that count, each firm once, and those that do not; `sections`: the section of an industry code."""
    counted: dict[int, BearingRow] = {}
    left_out: list[BearingRow] = []
    known: set[int] = set()
    for row in sorted(rows, key=attrgetter("day", "row_id")):
        reason = _reason(row, first_year, last_year, industries, sections)
        if reason is None and row.firm_id in counted:
            reason = LeftOut.SAME_FIRM
        elif reason is None and row.firm_id in known:  # before a merge it was another entry's
            reason = LeftOut.NOT_FIRST
        if reason is not LeftOut.VOIDED:
            known.add(row.firm_id)
        if reason is None:
            counted[row.firm_id] = row
        else:
            left_out.append(row._replace(reason=reason))
    return tuple(counted.values()), tuple(left_out)


def _reason(
    row: BearingRow, first_year: int, last_year: int, industries: tuple[str, ...], sections: dict[str, str]
) -> LeftOut | None:
    if row.ended is LeftOut.VOIDED:
        return row.ended
    if row.of_day.year < first_year:
        return LeftOut.EARLIER
    if row.of_day.year > last_year:
        return LeftOut.LATER
    if not row.first:
        return LeftOut.NOT_FIRST
    if industries and not is_within(row.industry, industries, sections):
        return LeftOut.OTHER_INDUSTRY
    return row.ended


def is_within(industry: str, industries: tuple[str, ...], sections: dict[str, str]) -> bool:
    """Whether a class lies in one of the plan's sections, divisions or groups."""
    return bool(industry) and (industry.startswith(industries) or sections.get(industry) in industries)


# -- the light ------------------------------------------------------------------------------------
class PaceLight(StrEnum):
    """How far something is against what was to be expected by now."""

    DONE = "done"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Step:
    """So many of the aim are due once so many days are over."""

    days: int
    number: int


@dataclass(frozen=True, slots=True)
class Pace:
    """The arithmetic of a light: `days` of `of_days` are over, so `expected` (rounded down) of `aim` were due.

    `steps`: what is due on days between, in their order; from one to the next it grows evenly.
    """

    aim: int
    done: int
    days: int
    of_days: int
    steps: tuple[Step, ...] = ()

    @property
    def stretch(self) -> tuple[Step, Step]:
        """The steps before and after today; where none is named, the first day and the last."""
        marks = (Step(0, 0), *self.steps, Step(self.of_days, self.aim))
        return next(((one, two) for one, two in pairwise(marks) if self.days <= two.days), marks[-2:])  # type: ignore[return-value]

    @property
    def expected(self) -> int:
        before, after = self.stretch
        over = min(self.days, after.days) - before.days
        return before.number + (after.number - before.number) * over // (after.days - before.days)

    @property
    def light(self) -> PaceLight:
        """Done: all of it; overdue: the time is over; on track: as many as were due by now; else behind."""
        if self.done >= self.aim:
            return PaceLight.DONE
        if self.days > self.of_days:
            return PaceLight.OVERDUE
        return PaceLight.ON_TRACK if self.done >= self.expected else PaceLight.BEHIND


def pace(aim: int, done: int, first: date, last: date, on: date, steps: tuple[Step, ...] = ()) -> Pace:
    """From `first` to `last`, both included; a day before the first is none of it."""
    return Pace(aim, done, max(0, day_number(first, on)), day_number(first, last), steps)


def day_number(first: date, on: date) -> int:
    """How many days are over at the end of `on`, the first included."""
    return (on - first).days + 1
