"""The doors into four-above: which one a firm may use, which windows are open, and which papers it needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.domain.facts import FirmFacts
from registry.domain.periods import Period
from registry.domain.vocabulary import Accounting, Door, TaxpayerKind

# A firm is new for the monthly door if it opened since the last quarter of the year before (DOMAIN 0.6).
NEW_SINCE_MONTH = 10
_UNCLEAR_ACCOUNTING = frozenset({None, Accounting.INSTITUTION, Accounting.NON_PROFIT, Accounting.OTHER})


class Requirement(StrEnum):
    ALWAYS = "always"
    IF_GENERAL_TAXPAYER = "if_general_taxpayer"
    IF_MISMATCH = "if_mismatch"
    IF_UNCLEAR = "if_unclear"
    ON_REQUEST = "on_request"


@dataclass(frozen=True, slots=True)
class IntakeWindow:
    """One announced window; deadlines change every year, so they are data with their notice as source."""

    year: int
    door: Door
    opens_on: date
    closes_on: date
    source: str

    def is_open(self, on: date) -> bool:
        return self.opens_on <= on <= self.closes_on


@dataclass(frozen=True, slots=True)
class Material:
    """One paper of the checklist and when it is needed."""

    code: str
    name: str
    requirement: Requirement


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A paper, whether this firm needs it now, and whether it is at hand."""

    material: Material
    needed: bool
    held: bool

    @property
    def lacking(self) -> bool:
        return self.needed and not self.held


def is_new(opened_on: date | None, on: date) -> bool | None:
    """Whether a firm counts as newly opened on a day; None where nobody knows when it opened."""
    if opened_on is None:
        return None
    return date(on.year - 1, NEW_SINCE_MONTH, 1) <= opened_on <= on


def door_fits(door: Door, facts: FirmFacts, on: date) -> bool | None:
    """Whether a firm may come in by `door`: the monthly one is for new firms only, the annual ones are for everybody.

    The day it opened decides; where that is unknown, the day it was founded.
    """
    new = is_new(facts.opened_on or facts.founded_on, on)
    if new is None:
        return None
    return new if door is Door.MONTHLY else True


def open_windows(windows: Iterable[IntakeWindow], on: date) -> tuple[IntakeWindow, ...]:
    """The windows open on a day, the one that closes first in front."""
    return tuple(sorted((w for w in windows if w.is_open(on)), key=lambda w: (w.closes_on, w.door)))


def next_window(windows: Iterable[IntakeWindow], door: Door, on: date) -> IntakeWindow | None:
    """The window of `door` that is open or opens next, None where none is announced."""
    coming = (w for w in windows if w.door is door and w.closes_on >= on)
    return min(coming, key=lambda w: w.closes_on, default=None)


def checklist(
    materials: Iterable[Material], facts: FirmFacts, period: Period, *, mismatch: bool
) -> tuple[ChecklistItem, ...]:
    """Every paper for a filing on the statements of `period`; papers of another period do not count as held.

    `mismatch`: the income statement differs from the VAT return (`position`, condition cross_check).
    """
    needed = {
        Requirement.ALWAYS: True,
        Requirement.IF_GENERAL_TAXPAYER: facts.taxpayer_kind == TaxpayerKind.GENERAL,
        Requirement.IF_MISMATCH: mismatch,
        Requirement.IF_UNCLEAR: facts.accounting in _UNCLEAR_ACCOUNTING,
        Requirement.ON_REQUEST: False,
    }
    return tuple(ChecklistItem(m, needed[m.requirement], facts.holds(m.code, period)) for m in materials)
