"""Intake windows are announced by statistics from a notice, corrected with a reason, voided, never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from registry.base.errors import FieldError, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.filings.models import IntakeWindow
from registry.filings.queries import announced
from registry.filings.rules import chain
from registry.trail.services import trail

FIELDS = (
    "year", "door", "batch", "opens_on", "closes_on", "statement_year", "statement_month", "source", "verified",
)  # fmt: skip
# What a filing was made on cannot be another thing afterwards.
_FIXED_BY_USE = ("year", "door", "statement_year", "statement_month")


def announce(actor: Actor, values: Mapping[str, Any], *, at: datetime) -> IntakeWindow:
    """A new window; `values` by the keys of `FIELDS`. Raises FieldError."""
    _check(values)
    row = IntakeWindow(**{key: values[key] for key in FIELDS}, by_id=actor.user_id, by_name=actor.name, at=at)
    db.session.add(row)
    db.session.flush()
    trail.record(actor, "announce_window", row, at=at, after=_plain(row), source=row.source)
    return row


def change(actor: Actor, row: IntakeWindow, values: Mapping[str, Any], *, at: datetime, reason: str) -> None:
    """Put a window right; before and after stay on the trail. Raises FieldError, ReasonNeeded."""
    _standing(row)
    changed = {key: values[key] for key in FIELDS if values[key] != getattr(row, key)}
    if not changed:
        raise RegistryError(chain.WINDOW_SAME)
    _check(values)
    if not reason.strip():
        raise ReasonNeeded
    if (used := announced.uses(row)) and changed.keys() & set(_FIXED_BY_USE):
        raise RegistryError(chain.WINDOW_USED, count=used)
    before = {key: getattr(row, key) for key in changed}
    for key, value in changed.items():
        setattr(row, key, value)
    db.session.flush()
    trail.record(actor, "change_window", row, at=at, before=before, after=changed, reason=reason)


def void(actor: Actor, row: IntakeWindow, *, at: datetime, reason: str) -> None:
    """作废: nothing can be filed in it any more; filings already made in it stand."""
    _standing(row)
    if not reason.strip():
        raise ReasonNeeded
    row.voided_at, row.void_reason = at, reason.strip()
    db.session.flush()
    trail.record(actor, "void_window", row, at=at, before=_plain(row), reason=reason)


def copy_year(actor: Actor, year: int, *, at: datetime) -> list[IntakeWindow]:
    """Last year's windows as unverified drafts of `year`, to be put right by the notice of that year."""
    if announced.all_of(year):
        raise RegistryError(chain.WINDOWS_THERE, year=year)
    former = announced.all_of(year - 1)
    if not former:
        raise RegistryError(chain.WINDOWS_NONE, year=year - 1)
    return [
        announce(
            actor,
            {
                "year": year,
                "door": one.door,
                "batch": one.batch,
                "opens_on": _a_year_later(one.opens_on),
                "closes_on": _a_year_later(one.closes_on),
                "statement_year": _statement(one.statement).year + 1,
                "statement_month": _statement(one.statement).month,
                "source": chain.DRAFT_SOURCE % {"year": year - 1, "source": one.source},
                "verified": False,
            },
            at=at,
        )
        for one in former
    ]


def _check(values: Mapping[str, Any]) -> None:
    opens, closes, year = values["opens_on"], values["closes_on"], values["year"]
    if not str(values["batch"]).strip():
        raise FieldError("batch", chain.WINDOW_BATCH)
    if not str(values["source"]).strip():
        raise FieldError("source", chain.WINDOW_SOURCE)
    if closes < opens:
        raise FieldError("closes_on", chain.WINDOW_ORDER)
    if not (date(year - 1, 12, 1) <= opens and closes <= date(year + 1, 1, 31)):
        raise FieldError("closes_on", chain.WINDOW_YEAR, year=year)
    if Period(values["statement_year"], values["statement_month"]) > Period.of(closes):
        raise FieldError("statement_month", chain.WINDOW_STATEMENT)


def _standing(row: IntakeWindow) -> None:
    db.session.refresh(row, with_for_update=True)
    if row.voided_at is not None:
        raise RegistryError(chain.WINDOW_VOIDED)


def _a_year_later(day: date) -> date:
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def _statement(period: Period | None) -> Period:
    if period is None:
        raise RegistryError(N_("该窗口没有报表期别。"))
    return period


def _plain(row: IntakeWindow) -> dict[str, Any]:
    return {key: getattr(row, key) for key in FIELDS}
