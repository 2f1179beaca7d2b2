"""Versions of a row of reference data in time: which one holds on a day, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from registry.reference.rules.versions import VersionState, state

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Edition:
    """What a row says from `valid_from` (None: from the beginning) to `valid_to` (None: until something follows).

    `contents`: its columns but key, dates and source. One that ends before it begins says that the row ends.
    """

    valid_from: date | None
    valid_to: date | None
    contents: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    draft_id: int | None = None

    @property
    def ends_it(self) -> bool:
        return self.valid_from is not None and self.valid_to is not None and self.valid_to < self.valid_from

    def state(self, on: date) -> VersionState:
        return state(self.valid_from, self.valid_to, on)


def in_order(editions: Iterable[Edition]) -> tuple[Edition, ...]:
    """The oldest first, each ended by the next: no version is rewritten when another is published."""
    given = sorted(editions, key=lambda one: one.valid_from or date.min)
    following = [one.valid_from for one in given[1:]]
    return tuple(_until(one, start) for one, start in zip(given, [*following, None], strict=True))


def _until(one: Edition, following: date | None) -> Edition:
    day = following - _DAY if following else None
    return replace(one, valid_to=min(filter(None, (one.valid_to, day)), default=None))


def holding(editions: Iterable[Edition], on: date) -> Edition | None:
    """The version in force on `on`, of versions `in_order`."""
    return next((one for one in editions if one.state(on) is VersionState.IN_FORCE), None)


def telling(editions: tuple[Edition, ...], on: date) -> Edition:
    """How to call it on `on`, also where it has ended, or has not begun: the words last in force, else the first."""
    begun = [one for one in editions if not one.ends_it and (one.valid_from or date.min) <= on]
    return begun[-1] if begun else editions[0]


def ending(editions: tuple[Edition, ...]) -> date | None:
    """The last day of the row itself; None where no end is known."""
    return editions[-1].valid_to


def begins(editions: tuple[Edition, ...]) -> date | None:
    """The first day of the row itself; None from the beginning."""
    return editions[0].valid_from


def succession(successors: Mapping[str, tuple[date, str]], code: str, on: date) -> str:
    """Who stands on `on` in the place of `code`. `successors`: of what has ended, its last day and its successor."""
    seen = {code}
    while code in successors and successors[code][0] < on and successors[code][1] not in seen:
        code = successors[code][1]
        seen.add(code)
    return code
