"""The yearly notice of holidays as it is printed, read into days; what does not add up is said with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from registry.base.errors import RegistryError
from registry.rulesets.texts.notice import (
    CLAUSE,
    DAYS,
    ITEM,
    MADE_UP,
    NOTICE_FAULTS,
    NUMBERS,
    ONE,
    SPAN,
    WEEKDAY,
    WEEKDAYS,
    WORK,
    YEAR,
)


@dataclass(frozen=True, slots=True)
class NoticedDay:
    """One day of a notice; `clause` is its place in it."""

    day: date
    name: str
    working: bool
    clause: str


class NoticeUnread(RegistryError):
    """A text that is no notice of holidays, or one of whose lines does not add up."""


def read_notice(text: str) -> list[NoticedDay]:
    """Every day that the notice names. Raises NoticeUnread: nothing is taken of a notice that does not add up."""
    year = YEAR.search(text)
    if year is None:
        raise NoticeUnread(NOTICE_FAULTS["no_year"])
    items = list(ITEM.finditer(text))
    if not items:
        raise NoticeUnread(NOTICE_FAULTS["no_items"])
    for number, item in zip(NUMBERS, items, strict=False):
        if item[1] != number:
            raise NoticeUnread(NOTICE_FAULTS["no_item"], number=number)
    return [day for item in items for day in _read(int(year[1]), item)]


def _read(year: int, item: re.Match[str]) -> Iterator[NoticedDay]:
    clause, name, told = CLAUSE % item[1], item[2], item[3].strip()
    span = SPAN.match(told)
    if span is None:
        raise NoticeUnread(NOTICE_FAULTS["no_span"], line=item[0].strip())
    first = _day(int(span[1] or year), int(span[2] or 0), span[3], span[4], item)
    last = _day(int(span[5] or year), int(span[6] or first.month), span[7], span[8], item) if span[7] else first
    count = DAYS.search(told)
    if count and (last - first).days + 1 != int(count[1]):
        raise NoticeUnread(NOTICE_FAULTS["count"], line=item[0].strip(), count=(last - first).days + 1)
    for number in range((last - first).days + 1):
        yield NoticedDay(first + timedelta(days=number), name, working=False, clause=clause)
    month = last.month
    for made_up in ONE.finditer(work[1] if (work := WORK.search(told)) else ""):
        month = int(made_up[2] or month)
        day = _day(int(made_up[1] or year), month, made_up[3], made_up[4], item)
        yield NoticedDay(day, name + MADE_UP, working=True, clause=clause)


def _day(year: int, month: int, day: str, note: str | None, item: re.Match[str]) -> date:
    """The date, whose weekday has to be the one that stands beside it."""
    try:
        found = date(year, month, int(day))
    except ValueError:
        raise NoticeUnread(NOTICE_FAULTS["no_day"], line=item[0].strip()) from None
    told = WEEKDAY.search(note or "")
    if told and WEEKDAYS.index(told[1]) != found.weekday():
        values = {"day": found, "told": told[1], "is": WEEKDAYS[found.weekday()]}
        raise NoticeUnread(NOTICE_FAULTS["weekday"], line=item[0].strip(), **values)
    return found
