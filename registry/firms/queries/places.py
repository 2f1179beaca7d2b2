"""Firms by the place that counts them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from registry.firms.models.firms import Firm
from registry.reference.queries import reference
from registry.reference.rules.divisions import DivisionLevel

ALONE = "-0"
"""Behind a county's code: without its zones."""


def counted_in(code: str) -> ColumnElement[bool]:
    """A county's code stands for every firm it counts, those of its zones too; a zone's for its own.

    With `ALONE` behind it, a county's stands for the firms that it counts and that are of none of its zones.
    """
    county = code.removesuffix(ALONE)
    if county != code:
        return and_(Firm.statistical_county == county, or_(Firm.division.is_(None), Firm.division == county))
    division = reference.territory().get(code)
    if division is not None and division.level == DivisionLevel.COUNTY:
        return Firm.statistical_county == code
    return Firm.division == code
