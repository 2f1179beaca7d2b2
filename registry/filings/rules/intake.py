"""The doors into four-above: which one a firm may use, which windows are open, and which papers it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.base.periods import Period
from registry.base.vocabulary import Accounting, Door, Requirement, TaxpayerKind
from registry.pathway.rules.facts import FirmFacts

# A firm is new for the monthly door if it opened since the last quarter of the year before (docs/domain.md 6).
NEW_SINCE_MONTH = 10
_UNCLEAR_ACCOUNTING = frozenset({None, Accounting.INSTITUTION, Accounting.NON_PROFIT, Accounting.OTHER})
_MONTHS_OF_A_QUARTER = 3


class PaperStatus(StrEnum):
    """What is known of a paper; `unsealed`: at hand, but without the seal it must bear, or nobody has looked yet."""

    HELD = "held"
    UNSEALED = "unsealed"
    REQUESTED = "requested"
    MISSING = "missing"
    WAIVED = "waived"


# In these a paper is in order.
SETTLED = frozenset({PaperStatus.HELD, PaperStatus.WAIVED})


@dataclass(frozen=True, slots=True)
class Window:
    """One announced window; deadlines change every year, so they are data with their notice as source.

    `statement`: up to which month the income statement and the VAT return have to run.
    """

    year: int
    door: Door
    opens_on: date
    closes_on: date
    source: str
    batch: str = ""
    statement: Period | None = None
    id: int | None = None
    verified: bool = False

    def is_open(self, on: date) -> bool:
        return self.opens_on <= on <= self.closes_on

    def days_left(self, on: date) -> int:
        """Days until it closes, its last day counted as 0; negative once it is closed."""
        return (self.closes_on - on).days


@dataclass(frozen=True, slots=True)
class MaterialRule:
    """One paper of the checklist: when it is needed, whether it must be sealed, whether it speaks of one period.

    `since`, `until`: the statements for which it is asked for; None is open.
    """

    code: str
    name: str
    requirement: Requirement
    sealed: bool = False
    periodic: bool = False
    since: date | None = None
    until: date | None = None

    def is_asked(self, period: Period) -> bool:
        return (self.since is None or self.since <= period.end) and (self.until is None or period.end <= self.until)


@dataclass(frozen=True, slots=True)
class Case:
    """What about a filing decides which papers it needs.

    `grown`: not newly opened, so last year's months are asked for; `mismatch`: the income statement differs from the
    VAT return; `renamed`: renamed or reorganised since the year before; `changed`: its trade is another than before.
    """

    grown: bool = False
    mismatch: bool = False
    renamed: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A paper, whether this firm needs it for this filing, and what is known of it."""

    material: MaterialRule
    needed: bool
    status: PaperStatus

    @property
    def lacking(self) -> bool:
        """In the way of a filing: needed, or asked for on top, and not in order."""
        return (self.needed or self.status is PaperStatus.REQUESTED) and self.status not in SETTLED

    @property
    def held(self) -> bool:
        return self.status is PaperStatus.HELD


@dataclass(frozen=True, slots=True)
class PaperCount:
    """How far the papers of a filing are: each that is asked for is in order, to be brought, or waits for its seal.

    The one count of papers that pages, lists and lights show.
    """

    in_order: int = 0
    to_bring: int = 0
    to_seal: int = 0

    @property
    def asked(self) -> int:
        return self.in_order + self.to_bring + self.to_seal


def counted(items: Iterable[ChecklistItem]) -> PaperCount:
    """The papers that are needed or asked for on top, by what has to happen with them next."""
    found = [item.status for item in items if item.needed or item.status is PaperStatus.REQUESTED]
    settled, sealing = sum(status in SETTLED for status in found), found.count(PaperStatus.UNSEALED)
    return PaperCount(settled, len(found) - settled - sealing, sealing)


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


def fits(window: Window, opened_on: date | None, on: date) -> bool | None:
    """Whether a firm that opened on `opened_on` may use `window`; what counts as new goes by the window's own year."""
    if window.door is not Door.MONTHLY:
        return True
    if opened_on is None:
        return None
    return date(window.year - 1, NEW_SINCE_MONTH, 1) <= opened_on <= on


def open_windows(windows: Iterable[Window], on: date) -> tuple[Window, ...]:
    """The windows open on a day, the one that closes first in front."""
    return tuple(sorted((w for w in windows if w.is_open(on)), key=lambda w: (w.closes_on, w.door, w.id or 0)))


def next_window(windows: Iterable[Window], door: Door, on: date) -> Window | None:
    """The window of `door` that is open or opens next, None where none is announced."""
    coming = (w for w in windows if w.door is door and w.closes_on >= on)
    return min(coming, key=lambda w: w.closes_on, default=None)


def next_for(windows: Iterable[Window], opened_on: date | None, on: date) -> Window | None:
    """The window, open now or to come, that closes first of those a firm may use; None where none is announced."""
    usable = (w for w in windows if w.closes_on >= on and fits(w, opened_on, on))
    return min(usable, key=lambda w: (w.closes_on, w.opens_on, w.id or 0), default=None)


def statement_of(period: Period, taxpayer_kind: TaxpayerKind | None) -> Period:
    """The statement a firm can show for a window's month: small-scale taxpayers file by the quarter (M04)."""
    if taxpayer_kind != TaxpayerKind.SMALL_SCALE or period.month < _MONTHS_OF_A_QUARTER:
        return period
    return Period(period.year, period.month // _MONTHS_OF_A_QUARTER * _MONTHS_OF_A_QUARTER)


def checklist(
    materials: Iterable[MaterialRule],
    facts: FirmFacts,
    period: Period,
    case: Case,
    known: Mapping[str, PaperStatus],
) -> tuple[ChecklistItem, ...]:
    """Every paper for a filing on the statements of `period`; `known`: what is known of each, by code."""
    needed = {
        Requirement.ALWAYS: True,
        Requirement.IF_GENERAL_TAXPAYER: facts.taxpayer_kind == TaxpayerKind.GENERAL,
        Requirement.IF_MISMATCH: case.mismatch,
        Requirement.IF_UNCLEAR: facts.accounting in _UNCLEAR_ACCOUNTING,
        Requirement.IF_ANNUAL: case.grown,
        Requirement.IF_RENAMED: case.renamed,
        Requirement.IF_CHANGED: case.changed,
        Requirement.ON_REQUEST: False,
        Requirement.NEVER: False,
    }
    return tuple(
        ChecklistItem(m, needed[m.requirement], known.get(m.code, PaperStatus.MISSING))
        for m in materials
        if m.is_asked(period) and m.requirement is not Requirement.NEVER
    )
