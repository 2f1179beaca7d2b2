"""The kinds of qualification, read once for a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from registry.base.extensions import db, once
from registry.qualifications.models import QualificationKind
from registry.qualifications.rules.states import FIRST_WARNING, LAST_WARNING, WarningDays
from registry.reference.queries import parameters


def kinds() -> Mapping[str, QualificationKind]:
    """By code, in the order of the file that brought them."""
    return once("qualification_kinds", _read)


def _read() -> dict[str, QualificationKind]:
    rows = select(QualificationKind).order_by(QualificationKind.rank, QualificationKind.code)
    return {row.code: row for row in db.session.scalars(rows)}


def warning_days(on: date) -> WarningDays:
    """How many days ahead offices are warned."""
    return once(
        f"qualification_days_{on}",
        lambda: WarningDays(parameters.integer(FIRST_WARNING, on), parameters.integer(LAST_WARNING, on)),
    )
