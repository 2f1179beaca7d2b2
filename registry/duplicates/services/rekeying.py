"""The keys of all names made again where the engine makes others than when they were stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Table, bindparam, select, update

from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.tables import Base
from registry.base.turns import Pace
from registry.firms.models.firms import Firm, FormerName
from registry.matching import KEYS_VERSION
from registry.matching.keys import Keys, keys
from registry.matching.normalise import NameTooLong
from registry.register.models import RegisterChange, RegisteredFirm
from registry.trail.models import TrailEntry
from registry.trail.services import seals, trail
from registry.trail.services.trail import Act

VERB = "rekey_names"
_KEPT: tuple[type[Base], ...] = (Firm, FormerName, RegisteredFirm, RegisterChange)


def is_due() -> bool:
    """Whether the engine's present keys have not been made yet; the trail says which were."""
    last = select(TrailEntry.after).where(TrailEntry.verb == VERB).order_by(TrailEntry.seq.desc()).limit(1)
    after = db.session.scalar(last)
    return after is None or after.get("version") != KEYS_VERSION


def rekey(pace: Pace, *, at: datetime) -> Iterator[int]:
    """Every current, former and registered name, a turn at a time; commit after each. Doing it again changes nothing.

    A firm is not changed by it: neither its version nor what the trail says of it. The last step records how many
    names got other keys.
    """
    if not is_due():
        return
    changed = 0
    for model in _KEPT:
        table, last = Base.metadata.tables[model.__tablename__], 0
        while rows := _rows(table, last, pace.size):
            changed += _write(table, rows)
            last = rows[-1]["id"]
            yield len(rows)
    act = Act(VERB, "name_index", after={"version": KEYS_VERSION, "names": changed})
    trail.record_all(SYSTEM_ACTOR, [act], at=at)
    yield 0


def _rows(table: Table, last: int, size: int) -> list[RowMapping]:
    columns = [table.c.id, table.c.name, *_columns(table)]
    found = select(*columns).where(table.c.id > last).order_by(table.c.id).limit(size)
    return list(db.session.execute(found).mappings())


def _columns(table: Table) -> list[Any]:
    return [table.c[name] for name in Keys._fields if name in table.c]


def _write(table: Table, rows: list[RowMapping]) -> int:
    """Store the keys that differ; how many names they were of."""
    names = [column.name for column in _columns(table)]
    other = []
    for row in rows:
        try:
            made = keys(row["name"])
        except NameTooLong:  # stored before there was a limit; it is found by nothing, and stays so
            continue
        if any(row[name] != getattr(made, name) for name in names):
            other.append({"_id": row["id"], **{name: getattr(made, name) for name in names}})
    if other:
        statement = update(table).where(table.c.id == bindparam("_id"))
        db.session.connection().execute(statement, other)
        if table.name in seals.sealed_tables():
            seals.touch(db.session(), table, [(one["_id"],) for one in other])
    return len(other)
