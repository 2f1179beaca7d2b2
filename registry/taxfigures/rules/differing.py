"""How far a figure of the tax office is from the firm's own of the same kind and period: said, counted for nothing."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_PLACES = Decimal("0.0001")


def share(own: Decimal, tax: Decimal) -> Decimal | None:
    """The difference as a part of the firm's own figure (0.1234: 12.34 % more); None where that is 0, this not."""
    if own == tax:
        return Decimal(0)
    return ((tax - own) / own).quantize(_PLACES, ROUND_HALF_UP) if own else None


def is_remarkable(own: Decimal, tax: Decimal, limit: Decimal) -> bool:
    found = share(own, tax)
    return found is None or abs(found) > limit
