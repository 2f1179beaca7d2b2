"""Firms by the place that counts them."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from registry.firms.models.firms import Firm
from registry.reference.queries import reference
from registry.reference.rules.divisions import DivisionLevel


def counted_in(code: str) -> ColumnElement[bool]:
    """A county's code stands for every firm it counts, those of its zones too; a zone's for its own."""
    division = reference.territory().get(code)
    if division is not None and division.level == DivisionLevel.COUNTY:
        return Firm.statistical_county == code
    return Firm.division == code
