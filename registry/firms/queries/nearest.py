"""How near a firm is to crossing its statutory line: an order that an index holds on both engines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, literal_column

from registry.firms.models.firms import CROSSED_TEXT, DISTANCE_TEXT, LISTED_TEXT

LISTED: ColumnElement[bool] = literal_column(f"firm.{LISTED_TEXT}")
"""In the directory and not confirmed yet: in so many words, else the index of the order is not used."""


def nearness() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """What is still to cross, the nearest first; then what has crossed, the closest to its line first; what has no
    rate last. In the very words of the index `ix_firm_nearest`."""
    return literal_column(CROSSED_TEXT), literal_column(DISTANCE_TEXT)


def nearest_of(row: Any) -> tuple[int, Decimal]:
    """The same of one row."""
    if row.rate is None:
        return 2, Decimal(0)
    if row.revenue_to_date is not None and row.revenue_to_date < row.statutory_line:
        return 0, -row.rate
    return 1, row.rate
