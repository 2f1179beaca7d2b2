"""What a firm's fields were at a moment, read back from the trail, and the history of every field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, Select, or_, select

from registry.base.contacts import RESTRICTED
from registry.base.extensions import db
from registry.base.tables import Fixed
from registry.firms.models.firms import Firm
from registry.trail.models import TrailEntry

LOOKS = ("reveal", "export", "download")
BESIDE = (
    "record_figure", "dispute_figure", "settle_figure", "void_figure", "attach", "void_document", "confirm_document",
    "record_paper", "recheck",
)  # fmt: skip
_COLUMNS = Firm.__table__.columns


def entries_of(firm: Firm) -> Select[TrailEntry]:
    """All acts on a firm, the newest first."""
    return (
        select(TrailEntry)
        .where(TrailEntry.subject_kind == "firm", TrailEntry.subject_id == firm.id)
        .order_by(TrailEntry.seq.desc())
    )


def writings_of(firm: Firm, *, field: str = "") -> Select[TrailEntry]:
    """The acts that changed the firm itself, or its `field`; figures and papers have histories of their own.

    Who merely looked is for the auditor's page.
    """
    statement = entries_of(firm).where(TrailEntry.verb.not_in(LOOKS + BESIDE))
    if not field:
        return statement
    before, after = (column[field].as_string() for column in (TrailEntry.before, TrailEntry.after))
    return statement.where(or_(before.is_not(None), after.is_not(None)))


def values_at(firm: Firm, moment: datetime) -> dict[str, Any]:
    """Every column of the firm as it was just before `moment`: the present, with later changes taken back."""
    return taken_back(present(firm), later_than(firm, moment))


def present(firm: Firm) -> dict[str, Any]:
    """Every column of the firm as it is."""
    return {column.name: getattr(firm, column.name) for column in _COLUMNS}


def later_than(firm: Firm, moment: datetime) -> list[TrailEntry]:
    """What was done to the firm at `moment` or after, the newest first."""
    return list(db.session.scalars(entries_of(firm).where(TrailEntry.at >= moment)))


def taken_back(values: dict[str, Any], later: Iterable[TrailEntry]) -> dict[str, Any]:
    """`values` with the acts `later` (the newest first) undone; masked contacts cannot be and stay as they are."""
    result = dict(values)
    for entry in later:
        for name, before in (entry.before or {}).items():
            if name in _COLUMNS and name not in RESTRICTED:
                result[name] = typed(name, before)
        for name in (entry.after or {}).keys() - (entry.before or {}).keys():
            if name in _COLUMNS and name not in RESTRICTED and entry.verb == "edit":
                result[name] = None
    return _with_county(result, values)


def had_contact(values: Mapping[str, Any], later: Collection[TrailEntry]) -> bool:
    """Whether a contact was on record before the acts `later` (the newest first), given the present `values`.

    The trail masks who it was, and still tells that there was one.
    """
    return all(_held(values, later, key) for key in sorted(RESTRICTED))


def _held(values: Mapping[str, Any], later: Iterable[TrailEntry], key: str) -> bool:
    held = bool(values[key])
    for act in later:
        if key in (act.before or {}):
            held = bool((act.before or {})[key])
        elif key in (act.after or {}):
            held = False
    return held


def _with_county(result: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Derived columns follow the field they derive from."""
    from registry.reference.queries import reference

    if result["division"] != values["division"]:
        result["statistical_county"] = reference.territory().county_of(result["division"])
    return result


def typed(name: str, value: Any) -> Any:
    """A plain JSON value of a column of the firm back in the column's own type."""
    column = _COLUMNS[name]
    if value is None:
        return None
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, Fixed):
        return Decimal(value)
    return value
