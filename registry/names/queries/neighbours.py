"""Names near a name: by the index of names, within a bounded cost however many rows there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from math import log
from typing import NamedTuple

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Table, func, select, true

from registry.base.extensions import db
from registry.base.tables import Base
from registry.matching.frequency import COUNTED, UNLISTED, names_with
from registry.matching.lexicons import rows
from registry.matching.sound import sound_key
from registry.matching.syllables import heard
from registry.names.queries import grams
from registry.names.queries.grams import Rare

BUDGET = {"sqlite": 6_000, "postgresql": 3_500}
"""Rows that are looked at for one name in one table, all its grams together; PostgreSQL fetches each of them."""
PER_GRAM = 1_000
UNEXPECTED = 250
"""Rows that are looked at for one gram, at most and beyond thrice the expected: what is rare among all names may be in
every name of one city, and then tells nothing there."""
REACH = 80
"""Rows that are read and ranked again of those that share the most."""
KEPT = 25


class Near(NamedTuple):
    """A row whose name is near: `likeness` 0..100 is good for ranking, not for deciding."""

    id: int
    likeness: float


def nearest(
    name: str, key: str, *, keep: int = KEPT, only: ColumnElement[bool] | None = None, thrift: int = 1
) -> list[Near]:
    """The rows of table `name` whose names are nearest to the name with name key `key`, the nearest first.

    `only` narrows the rows; `thrift` divides the budget, for whoever has thousands of names. Costs a few thousand steps
    in the index at most; a name of common words alone may therefore miss some that share no more than those.
    """
    table = Base.metadata.tables[name]
    sound, size = heard(key), _size(table)
    rare = list(_rarest(key, sound, size, thrift)) if size else []
    if not rare:
        return []
    found = dict(grams.near(name, rare, keep=REACH))
    rows = db.session.execute(
        select(table.c.id, table.c.name_key, table.c.sound_key).where(
            table.c.id.in_(found), only if only is not None else true()
        )
    )
    whole = sum(one.weight for one in rare)
    ranked = [Near(row.id, _likeness(key, sound, row.name_key, row.sound_key, found[row.id] / whole)) for row in rows]
    return sorted(ranked, key=lambda near: (-near.likeness, near.id))[:keep]


def _likeness(key: str, sound: str, other: str, other_sound: str, shared: float) -> float:
    return max(fuzz.ratio(key, other), fuzz.ratio(sound, other_sound)) + 100 * shared


def _rarest(key: str, sound: str, size: int, thrift: int) -> Iterator[Rare]:
    """The grams to follow, the rarest first, until the budget is spent by what is to be expected of each."""
    names, sounds = _pairs(key), _pairs(sound)
    # A pair of letters or digits is in both texts; it counts once.
    known = [(names_with(pair), "name", pair) for pair in names]
    known += [(_heard_in().get(pair, UNLISTED), "sound", pair) for pair in sounds - names]
    budget, spent = BUDGET[db.engine.dialect.name] // thrift, 0.0
    for number, column, pair in sorted(known):
        expected = size * number / COUNTED
        spent += min(expected, PER_GRAM) + 1
        if spent > budget:
            return
        bound = min(PER_GRAM, UNEXPECTED + 3 * int(expected))
        yield Rare(column, pair, log(1 + size / (expected + 1)), bound)


@cache
def _heard_in() -> Mapping[str, int]:
    """In how many of a million registered names two neighbouring syllables stand: all the pairs that sound so."""
    found: Counter[str] = Counter()
    for row in rows("pairs.csv"):
        found[sound_key(row["pair"])] += int(row["names"])
    return found


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _size(table: Table) -> int:
    """About how many rows there are; counting them would cost more than the search."""
    return db.session.scalar(select(func.max(table.c.id))) or 0
