"""Faults in the data as somebody at the database's own terminal would make them: no session, nothing in the way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Connection, Table, bindparam, inspect, text
from sqlalchemy.exc import DBAPIError

from registry.base.extensions import db
from registry.base.tables import Fixed, Moment
from registry.trail.services import seals

_LOOSE = (("PRAGMA foreign_keys", "OFF", "ON"), ("PRAGMA ignore_check_constraints", "ON", "OFF"))
Fault = tuple[str, str, str, str]
"""Table, key of the row, field, and what `recounting` calls it."""


def drop_guards() -> None:
    """The triggers go, as for whoever has full power over the database."""
    if db.engine.dialect.name == "sqlite":
        for name in db.session.scalars(text("select name from sqlite_master where type = 'trigger'")).all():
            db.session.execute(text(f"drop trigger {name}"))
    else:
        for name in inspect(db.engine).get_table_names():
            db.session.execute(text(f'alter table "{name}" disable trigger all'))
    db.session.commit()


@contextmanager
def at_the_terminal() -> Iterator[Connection]:
    """A connection of its own, without links and checks where the database lets them be put aside."""
    db.session.rollback()
    with db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        loose = _LOOSE if connection.dialect.name == "sqlite" else ()
        for pragma, off, _on in loose:
            driver.execute(f"{pragma}={off}")  # type: ignore[union-attr]
        try:
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            for pragma, _off, on in loose:
                driver.execute(f"{pragma}={on}")  # type: ignore[union-attr]


def edit(dice: random.Random, table: Table) -> tuple[Fault, Any] | None:
    """Change one field of one row: the fault, and what takes it back; None where the database refuses it by itself."""
    key = dice.choice(seals.all_keys(db.session(), table))
    column = dice.choice([one for one in seals.columns_of(table) if not one.primary_key])
    where, given = _where(table, key)
    change = text(f'update "{table.name}" set "{column.name}" = :v where {where}')
    if isinstance(column.type, JSON) and db.engine.dialect.name == "postgresql":
        change = change.bindparams(bindparam("v", type_=JSON))
    with at_the_terminal() as connection:
        held = connection.execute(text(f'select "{column.name}" from "{table.name}" where {where}'), given).scalar()
        try:
            connection.execute(change, {"v": _other(held, column, dice), **given})
        except DBAPIError:  # a code that another row has, a length
            connection.rollback()
            return None

    def back() -> None:
        with at_the_terminal() as connection:
            connection.execute(change, {"v": held, **given})

    return (table.name, seals.key_of(key), column.name, "changed"), back


def delete(dice: random.Random, table: Table) -> Fault | None:
    key = dice.choice(seals.all_keys(db.session(), table))
    where, given = _where(table, key)
    with at_the_terminal() as connection:
        connection.execute(text(f'delete from "{table.name}" where {where}'), given)
    return table.name, seals.key_of(key), "", "gone"


def insert(dice: random.Random, table: Table) -> Fault | None:
    """A copy of a row under a number of its own; of tables that number their rows."""
    if list(table.primary_key.columns.keys()) != ["id"]:
        return None
    keys = seals.all_keys(db.session(), table)
    number = max(key[0] for key in keys) + 1_000
    others = ", ".join(f'"{column.name}"' for column in table.columns if column.name != "id")
    copy = f'insert into "{table.name}" (id, {others}) select {number}, {others} from "{table.name}" where id = :id'
    with at_the_terminal() as connection:
        try:
            connection.execute(text(copy), {"id": dice.choice(keys)[0]})
        except DBAPIError:
            connection.rollback()
            return None
    return table.name, str(number), "", "added"


def _where(table: Table, key: tuple[Any, ...]) -> tuple[str, dict[str, Any]]:
    where = " and ".join(f"{column.name} = :k{number}" for number, column in enumerate(table.primary_key))
    return where, {
        f"k{number}": value.isoformat() if isinstance(value, date) and db.engine.dialect.name == "sqlite" else value
        for number, value in enumerate(key)
    }


def _other(value: Any, column: Any, dice: random.Random) -> Any:
    """A value of the column's kind that is not the one that stands there."""
    if isinstance(column.type, Moment):
        return datetime(2019, 1, dice.randrange(1, 28), 3, 4, 5)
    if isinstance(column.type, JSON):
        return {"planted": 1} if db.engine.dialect.name == "postgresql" else '{"planted": 1}'
    kind = int if isinstance(column.type, Fixed) else column.type.python_type
    if kind is bool:
        return not value
    if kind is int:
        return int(value or 0) + dice.randrange(1, 9)
    if kind is date:
        return f"2019-01-{dice.randrange(1, 28):02}"
    if kind is bytes:
        return b"planted"
    return f"{value or ''}x"[-min(column.type.length or 40, 40) :]
