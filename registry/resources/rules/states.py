"""How a resource stands on a day: offered to everybody, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol

from registry.base.vocabulary import LISTED_STAGES


class ResourceCategory(StrEnum):
    INSTRUMENT = "instrument"
    LABORATORY = "laboratory"
    SERVICE = "service"


class ResourceState(StrEnum):
    RELEASED = "released"
    FUTURE = "future"  # released, and valid from a later day
    SUSPENDED = "suspended"  # released, and its owner is in the directory no more
    WAITING = "waiting"  # its owner agrees, and nobody has released it
    PRIVATE = "private"
    EXPIRED = "expired"
    VOIDED = "voided"


TONES: Mapping[str, str] = MappingProxyType(
    {
        "released": "ok",
        "future": "info",
        "suspended": "warn",
        "waiting": "info",
        "private": "plain",
        "expired": "bad",
        "voided": "plain",
    }
)


class Offered(Protocol):
    """What is looked at of a resource; of its two owners exactly one is there."""

    @property
    def firm(self) -> Any: ...
    @property
    def institution(self) -> Any: ...
    @property
    def wishes_release(self) -> bool: ...
    @property
    def released_at(self) -> datetime | None: ...
    @property
    def voided_at(self) -> datetime | None: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


def has_listed_owner(row: Any) -> bool:
    """Whether whoever offers it is in the directory: a firm that is admitted and not gone, an institution in use."""
    if row.firm is not None:
        return row.firm.stage in LISTED_STAGES and row.firm.voided_at is None
    return bool(row.institution.voided_at is None)


def is_offered(row: Offered) -> bool:
    """Released and not taken back, whatever its days: every office may read it."""
    return row.released_at is not None and row.voided_at is None and has_listed_owner(row)


def state_of(row: Offered, on: date) -> ResourceState:
    """`queries.resources` says the same in SQL."""
    if row.voided_at is not None:
        return ResourceState.VOIDED
    if row.valid_to is not None and row.valid_to < on:
        return ResourceState.EXPIRED
    if row.released_at is None:
        return ResourceState.WAITING if row.wishes_release else ResourceState.PRIVATE
    if not has_listed_owner(row):
        return ResourceState.SUSPENDED
    return ResourceState.FUTURE if row.valid_from > on else ResourceState.RELEASED
