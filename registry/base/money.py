"""Amounts in 万元, as sentences say them."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

WAN = Decimal(10_000)
CENT = Decimal("0.01")


def in_wan(amount: Decimal, rounding: str = ROUND_FLOOR) -> str:
    """Yuan as 万元 with two decimals, rounded down, so that a figure below a line never reads like the line."""
    return f"{(amount / WAN).quantize(CENT, rounding):,}"
