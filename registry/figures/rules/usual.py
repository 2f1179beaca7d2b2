"""The usual range of an industry: rounded quartiles, told only where nobody can read a single firm out of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import quantiles

LEAST_FIRMS, LEAST_OFFICES = 10, 3


@dataclass(frozen=True, slots=True)
class Usual:
    """The lower and the upper quartile of a full year, in yuan, rounded to two figures."""

    low: Decimal
    high: Decimal


def usual(given: Iterable[tuple[int, Decimal]]) -> Usual | None:
    """From (office, yuan of a full year) of each firm; None from fewer than 10 firms or fewer than 3 offices."""
    rows = [(office, amount) for office, amount in given if amount > 0]
    if len(rows) < LEAST_FIRMS or len(offices(rows)) < LEAST_OFFICES:
        return None
    low, _middle, high = quantiles((amount for _office, amount in rows), n=4, method="inclusive")
    return Usual(_rounded(low), _rounded(high))


def offices(rows: Collection[tuple[int, Decimal]]) -> set[int]:
    return {office for office, _amount in rows}


def _rounded(amount: Decimal) -> Decimal:
    step = Decimal(1).scaleb(amount.adjusted() - 1)
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step
