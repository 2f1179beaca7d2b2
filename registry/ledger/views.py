"""The time machine: which past day a page is asked for, and what the ledger was at its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flask import request
from flask_babel import gettext as _

from registry.base import errors
from registry.base.clocks import AsOf, Known
from registry.base.errors import PeriodRefused, RegistryError
from registry.base.extensions import clock
from registry.base.periods import Quarter
from registry.ledger.queries import asof
from registry.ledger.queries.asof import PastLedger
from registry.ledger.queries.ledger import LedgerQuery, Order
from registry.quarters.models import Snapshot
from registry.quarters.queries import snapshots
from registry.site.access import actor
from registry.site.locale import sentence


@dataclass(frozen=True)
class PastDay:
    """`?as_of=` and `?known=`: the text as typed, the day it names by one of the clocks, or what is wrong with it."""

    text: str = ""
    as_of: AsOf | None = None
    wrong: str = ""


def asked_day() -> PastDay:
    text = request.args.get("as_of", "").strip()
    if not text:
        return PastDay()
    try:
        day = date.fromisoformat(text)
        Quarter.of(day)  # a year that no quarter has is no day of ours either
    except (ValueError, PeriodRefused):
        return PastDay(text, wrong=_("“%(text)s”不是日期，请按 2021-09-30 的格式填写。", text=text))
    if day > clock.today():
        return PastDay(text, wrong=_(errors.DATE_IN_FUTURE))
    return PastDay(text, AsOf(day, Known.NOW if request.args.get("known") == Known.NOW else Known.THEN))


def ledger_of(as_of: AsOf, wanted: LedgerQuery, order: Order) -> tuple[PastLedger | None, PastDay]:
    """What the filter finds then; nothing, and why, where it would be too many firms to read back."""
    told = PastDay(as_of.day.isoformat(), as_of)
    try:
        return asof.found(actor(), wanted, order, as_of), told
    except RegistryError as error:
        return None, replace(told, wrong=sentence(error))


def then_or_none(wanted: LedgerQuery, order: Order) -> PastLedger | None:
    """For pages without a place for a wrong day: raises what is wrong with it, so that today is never taken for it."""
    told = asked_day()
    if told.wrong:
        raise RegistryError(told.wrong)
    return asof.found(actor(), wanted, order, told.as_of) if told.as_of else None


def frozen_on(day: date) -> Snapshot | None:
    """The closed quarter whose last day this is."""
    quarter = Quarter.of(day)
    return snapshots.of(quarter) if quarter.last == day else None
