"""How a certificate stands on a day, and which warning it is time for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol

FIRST_WARNING, LAST_WARNING = "qualification.first_warning", "qualification.last_warning"
"""Settings: how many days ahead an office is told, the first time and the last."""


class QualificationState(StrEnum):
    VALID = "valid"
    FIRST = "first"
    LAST = "last"
    EXPIRED = "expired"
    FUTURE = "future"
    VOIDED = "voided"
    RENEWED = "renewed"
    CORRECTED = "corrected"


ENDED = frozenset({QualificationState.VOIDED, QualificationState.RENEWED, QualificationState.CORRECTED})
TONES: Mapping[str, str] = MappingProxyType(
    {"valid": "ok", "first": "warn", "last": "bad", "expired": "bad", "future": "info"}
)
"""Of what still stands; what has ended is plain."""


class WarningDays(NamedTuple):
    """Days ahead of the first and the last warning."""

    first: int
    last: int


class Dated(Protocol):
    @property
    def ended(self) -> str | None: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


def state_of(row: Dated, on: date, days: WarningDays) -> QualificationState:
    if row.ended is not None:
        return QualificationState(row.ended)
    if row.valid_from > on:
        return QualificationState.FUTURE
    left = days_left(row.valid_to, on)
    if left is None or left > days.first:
        return QualificationState.VALID
    if left < 0:
        return QualificationState.EXPIRED
    return QualificationState.LAST if left <= days.last else QualificationState.FIRST


def days_left(valid_to: date | None, on: date) -> int | None:
    """Days until the last day of validity; 0 on that day, negative after it, None where there is none."""
    return None if valid_to is None else (valid_to - on).days


def warning_due(valid_to: date, on: date, days: WarningDays) -> str | None:
    """`first` or `last`: the warning of this day, whether or not it was given; None where it is too early or late."""
    left = (valid_to - on).days
    if left < 0 or left > max(days):
        return None
    return "last" if left <= days.last else "first"


def renew_by(valid_to: date | None, months: int | None) -> date | None:
    """By when a renewal has to be applied for: so many months before the last day."""
    if valid_to is None or not months:
        return None
    month = valid_to.month - 1 - months
    year, month = valid_to.year + month // 12, month % 12 + 1
    for day in range(valid_to.day, 27, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return date(year, month, min(valid_to.day, 28))
