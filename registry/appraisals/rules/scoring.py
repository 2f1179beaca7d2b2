"""The arithmetic of a score: for each item its weight times the part that was done in time, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from registry.appraisals.rules.items import WHOLE, Item

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """Something an office had to do by a day that is over. `subject`: its number, or the label of a quarter.

    `firm_id`: the firm it is about, whose name is for those who may see it; `counted`: how many of how many.
    """

    item: Item
    office_id: int
    subject: int | str
    label: str
    due_on: date
    done_on: date | None
    in_time: bool
    firm_id: int | None = None
    counted: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ItemScore:
    """An item of an office with the rows behind it."""

    item: Item
    weight: int
    rows: tuple[ScoredRow, ...]

    @property
    def in_time(self) -> int:
        return sum(row.in_time for row in self.rows)

    @property
    def points(self) -> Decimal | None:
        """Weight x done in time / due, to a hundredth; None where nothing was due: then the item does not count."""
        if not self.rows:
            return None
        return (Decimal(self.weight) * self.in_time / len(self.rows)).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class OfficeScore:
    """The line of an office; `counted`: the weights of the items in which something was due."""

    office_id: int
    code: str
    name: str
    items: tuple[ItemScore, ...]

    @property
    def points(self) -> Decimal:
        return sum((one.points for one in self.items if one.points is not None), Decimal(0))

    @property
    def counted(self) -> int:
        return sum(one.weight for one in self.items if one.points is not None)

    @property
    def total(self) -> Decimal | None:
        """Points x 100 / the weights that count."""
        return (self.points * WHOLE / self.counted).quantize(_CENT, ROUND_HALF_UP) if self.counted else None


def items_of(weights: Iterable[tuple[str, int]], rows: Iterable[ScoredRow]) -> tuple[ItemScore, ...]:
    """The rows of one office under the items of a scheme, in the order of the closed list."""
    found = sorted(rows, key=lambda row: (row.due_on, row.label, str(row.subject)))
    given = dict(weights)
    return tuple(
        ItemScore(item, given[item], tuple(row for row in found if row.item is item)) for item in Item if item in given
    )
