"""Reference data with valid dates: every version of every row, and what stood on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import class_mapper

from registry.base.extensions import db, forget, once
from registry.base.tables import Base
from registry.people.models import Office, OfficeAlias
from registry.reference.models import (
    Division,
    ExitReason,
    Holiday,
    Material,
    ReferenceVersion,
    ReturnReason,
    Routing,
    ZoneTown,
)
from registry.reference.rules.dated import Edition, holding, in_order, telling

Row = TypeVar("Row", bound=Base)


class _Table(NamedTuple):
    model: type[Base]
    key: tuple[str, ...]


DATED: Mapping[str, _Table] = MappingProxyType(
    {
        "divisions.csv": _Table(Division, ("code",)),
        "zone_towns.csv": _Table(ZoneTown, ("zone", "town")),
        "offices.csv": _Table(Office, ("code",)),
        "office_aliases.csv": _Table(OfficeAlias, ("alias",)),
        "return_reasons.csv": _Table(ReturnReason, ("code",)),
        "exit_reasons.csv": _Table(ExitReason, ("code",)),
        "materials.csv": _Table(Material, ("code",)),
        "routing.csv": _Table(Routing, ("industry_prefix",)),
        "holidays.csv": _Table(Holiday, ("day",)),
    }
)
"""The files whose rows have versions: their table, and the columns that name a row."""
_DATES = ("id", "valid_from", "valid_to", "source")
_NAMES: Mapping[type[Base], str] = {table.model: file for file, table in DATED.items()}


BEGINNING = date(1990, 1, 1)
"""In the place of no first day, where a version needs one for a key; no rule of ours is older."""


def key_of(values: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The key of a row as versions and checks of its source name it."""
    return " ".join(str(values[name]) for name in names)


def editions(file: str) -> Mapping[str, tuple[Edition, ...]]:
    """By key every version of each row of `file`, the oldest first and each ended by the next."""
    return once(f"reference_editions_{file}", lambda: _editions(file))


def forget_editions() -> None:
    """Read every version anew: something has just been published."""
    forget("reference_later")
    for file in DATED:
        forget(f"reference_editions_{file}")


def rows_on(model: type[Row], on: date) -> dict[str, Row]:
    """By key the rows in force on `on` as they read then; they are not of the session and cannot be changed."""
    file = _NAMES[model]
    found = ((key, holding(versions, on)) for key, versions in editions(file).items())
    return {key: _row(model, key, one) for key, one in found if one is not None}


def rows_told(model: type[Row], on: date) -> dict[str, Row]:
    """By key every row there ever was, in its words of `on`; also what has ended, or is still to come."""
    return {key: _row(model, key, telling(versions, on)) for key, versions in editions(_NAMES[model]).items()}


def contents_of(row: Base, file: str) -> dict[str, Any]:
    """The columns of a row that its versions repeat."""
    names = [column.key for column in class_mapper(DATED[file].model).columns]
    return {name: getattr(row, name) for name in names if name not in (*_DATES, *DATED[file].key)}


def _row(model: type[Row], key: str, one: Edition) -> Row:
    names = DATED[_NAMES[model]].key
    parts: tuple[Any, ...] = tuple(key.split(" ")) if len(names) > 1 else (key,)
    if model is Holiday:
        parts = (date.fromisoformat(key),)
    return model(
        **dict(zip(names, parts, strict=True)), **one.contents,
        valid_from=one.valid_from, valid_to=one.valid_to, source=one.source,
    )  # fmt: skip


def _editions(file: str) -> dict[str, tuple[Edition, ...]]:
    table, later = DATED[file], once("reference_later", _later)
    first = db.session.scalars(select(table.model).order_by(*(getattr(table.model, name) for name in table.key)))
    found: dict[str, tuple[Edition, ...]] = {}
    for base in first.unique():
        key = " ".join(str(getattr(base, name)) for name in table.key)
        found[key] = in_order(later.get((file, key)) or [opening(base, file)])
    return found


def _later() -> dict[tuple[str, str], list[Edition]]:
    """The versions of all rows that have more than one, by file and key; few of many have."""
    found: dict[tuple[str, str], list[Edition]] = {}
    for row in db.session.scalars(select(ReferenceVersion)):
        first = None if row.valid_from == BEGINNING else row.valid_from
        one = Edition(first, row.valid_to, row.contents, row.source, row.draft_id)
        found.setdefault((row.file, row.key), []).append(one)
    return found


def opening(row: Any, file: str) -> Edition:
    """The first version of a row is the row itself, as long as nothing followed it."""
    return Edition(row.valid_from, row.valid_to, contents_of(row, file), row.source)
