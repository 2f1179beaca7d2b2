"""Offices that certify, and reasons for those that do not, for tests that are about something else."""

from __future__ import annotations

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.quarters.queries import quarters
from registry.reference.queries import reference

REASON = "经办人出差，电话核对无误。"


def without_all(quarter: Quarter) -> dict[str, str]:
    """A reason for every office that has rows in the quarter."""
    parts = quarters.parts(quarter)
    return {code: REASON for code, office in reference.offices().items() if office.id in parts}


def options(quarter: str) -> list[str]:
    """The same for the command line, which finds the database free."""
    reasons = without_all(Quarter.parse(quarter))
    db.session.rollback()
    return [f"--without={code}={reason}" for code, reason in reasons.items()]


def fields(quarter: str) -> dict[str, str]:
    """The same for the form."""
    return {f"without_{code}": reason for code, reason in without_all(Quarter.parse(quarter)).items()}
