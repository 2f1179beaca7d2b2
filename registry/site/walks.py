"""Going through a list one by one: where one stands in it, who is before and after, and the lines shown beside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Select

from registry.base.extensions import db
from registry.site.addresses import record_number

BEFORE, SHOWN = 5, 40
"""So many lines of the list stand beside a case, some of them those before it."""
LONGEST = 10_000


@dataclass(frozen=True)
class Walk:
    """The numbers of a list in its order, and the one that is looked at, which need not be among them."""

    numbers: tuple[int, ...]
    current: int | None

    @property
    def total(self) -> int:
        return len(self.numbers)

    @property
    def place(self) -> int | None:
        """From 1; None where the one looked at is not in the list."""
        return self.numbers.index(self.current) + 1 if self.current in self.numbers else None

    @property
    def before(self) -> int | None:
        place = self.place
        return self.numbers[place - 2] if place is not None and place > 1 else None

    @property
    def after(self) -> int | None:
        """Who comes next; of one that is not in the list, the first."""
        place = self.place
        following = self.numbers[0 if place is None else place :]
        return following[0] if following else None

    @property
    def beside(self) -> tuple[int, ...]:
        """What is shown of the list: a few before the one looked at, and those that follow."""
        start = max(0, min((self.place or 1) - 1 - BEFORE, self.total - SHOWN))
        return self.numbers[start : start + SHOWN]

    def onward(self, left: Collection[int]) -> int | None:
        """Of those that are `left`, who comes next once this one is done: the first behind it, else the very first."""
        place = self.place or 0
        return next((one for one in (*self.numbers[place:], *self.numbers[:place]) if one in left), None)


def just_left(one: Callable[[int], Select[Any]]) -> Any:
    """The row that was decided a moment ago (`?last=`), by `one`, the reader's own statement; None for any other."""
    number = record_number(request.args.get("last", ""))
    return db.session.scalars(one(number)).unique().one_or_none() if number else None


def walk_of(statement: Select[Any], number: Any, current: int | None) -> Walk:
    """`statement` is a list in its order, `number` the column of its numbers."""
    rows = db.session.scalars(statement.with_only_columns(number).limit(LONGEST))
    return Walk(tuple(rows), current)


def rows_of(statement: Select[Any], number: Any, walk: Walk) -> Sequence[Any]:
    """The lines beside, in the order of the list."""
    if not walk.beside:
        return ()
    rows = db.session.scalars(statement.order_by(None).where(number.in_(walk.beside))).unique()
    place = {one: at for at, one in enumerate(walk.beside)}
    return sorted(rows, key=lambda row: place[row.id])
