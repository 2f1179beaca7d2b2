"""Every row with weight is sealed: the transaction that writes it appends a digest of each of its fields to a chain.

What is changed past the program (by SQL, by a damaged disk) then differs from its seal, and `recount` names it. The end
of this chain goes into the hash of each entry of the trail, so that one noted head stands for both. Everything that
goes through a session is sealed by itself; a table that needs none says why (`Base.unsealed`).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Delete,
    Insert,
    Integer,
    Table,
    Update,
    event,
    func,
    insert,
    select,
    tuple_,
    type_coerce,
    update,
)  # fmt: skip
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, SessionTransaction, object_mapper, object_session

from registry.base.pieces import pieces
from registry.base.tables import Base
from registry.trail.models import RowSeal, SealShape, TrailHead
from registry.trail.services import anchoring
from registry.trail.services.trail import canonical, locked_head

SALT = 16
DIGEST = 8
CHUNK = 500
_TOUCHED = "registry.touched"
_ALL = "*"
"""Instead of the keys of some rows: every row of the table."""
_PLAIN: Mapping[Any, bytes] = {None: b"\0" * DIGEST, "": b"\0" * (DIGEST - 1) + b"\1"}
"""Fields that hold nothing, of which the most do, need no digest."""

_TRUTHS = {0: False, 1: True}
_SEALS = cast(Table, RowSeal.__table__)

Key = tuple[Any, ...]


def install() -> None:
    """Watch every session; installing twice does no harm."""
    if not event.contains(Session, "before_commit", _seal):
        event.listen(Session, "after_flush", _flushed)
        event.listen(Session, "do_orm_execute", _executed)
        event.listen(Session, "before_commit", _seal)
        event.listen(Session, "after_transaction_end", _ended)
        event.listen(Mapper, "after_delete", _deleted)


# -- what is sealed -------------------------------------------------------------------------------
@cache
def sealed_tables() -> Mapping[str, Table]:
    """Every table whose rows are sealed, by name."""
    tables = (mapper.local_table for mapper in Base.registry.mappers if not mapper.class_.unsealed)
    return {table.name: table for table in sorted(tables, key=str) if isinstance(table, Table)}


@cache
def columns_of(table: Table) -> tuple[Column[Any], ...]:
    """The columns that a seal digests, in the order of their names."""
    columns = (column for column in table.columns if not column.info.get("unsealed"))
    return tuple(sorted(columns, key=lambda column: column.name))


def key_of(values: Iterable[Any]) -> str:
    """How a seal names the row with this primary key."""
    return "|".join(value if isinstance(value, str) else canonical(value).decode().strip('"') for value in values)


def state_of(names: Sequence[str], values: Sequence[Any], salt: bytes) -> bytes:
    """Eight bytes for each field, in the order of `names`."""
    return b"".join(field_of(name, value, salt) for name, value in zip(names, values, strict=True))


def field_of(name: str, value: Any, salt: bytes) -> bytes:
    if value is None or value == "":
        return _PLAIN[value]
    told = value.encode() if isinstance(value, str) else value if isinstance(value, bytes) else canonical(value)
    return hashlib.blake2b(name.encode() + b"\0" + told, digest_size=DIGEST, salt=salt).digest()


def link(previous: str, seal: Mapping[str, Any], columns: str) -> str:
    """The hash of a seal after the one with hash `previous`."""
    told = (seal["seq"], seal["trail_seq"], seal["of_table"], seal["row_key"], columns, seal["supersedes"])
    state = seal["state"]
    return hashlib.sha256(previous.encode() + canonical(told) + (b"gone" if state is None else state)).hexdigest()


# -- watching -------------------------------------------------------------------------------------
def _flushed(session: Session, _context: Any) -> None:
    for row in (*session.new, *session.dirty):
        _touch_row(session, object_mapper(row), row)


def _deleted(mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    """Of each row that goes: `session.deleted` does not hold those that only lost what they belonged to."""
    session = object_session(row)
    if session is not None:
        _touch_row(session, mapper, row)


def _touch_row(session: Session, mapper: Mapper[Any], row: Any) -> None:
    table = mapper.local_table
    if isinstance(table, Table) and table.name in sealed_tables():
        touch(session, table, [tuple(mapper.primary_key_from_instance(row))])


def touch(session: Session, table: Table, keys: Iterable[Key]) -> None:
    """These rows are sealed when the session commits."""
    touched: dict[str, set[Any]] = session.info.setdefault(_TOUCHED, {})
    touched.setdefault(table.name, set()).update(keys)


def _executed(state: ORMExecuteState) -> Any:
    """A statement that writes many rows at once passes no flush: which rows it writes is asked of the database."""
    statement = state.statement
    if not isinstance(statement, Insert | Update | Delete):
        return None
    table = statement.table
    if not isinstance(table, Table) or table.name not in sealed_tables():
        return None
    state.session.flush()  # what the statement reads is what stands there when it runs
    if isinstance(statement, Insert):
        return _inserted(state, table)
    key = tuple(table.primary_key.columns)
    where, given = statement.whereclause, state.parameters
    if given and not isinstance(given, Mapping):  # many rows, each with its own values
        known = where is None and all(column.key in one for one in given for column in key)
        touch(state.session, table, [tuple(one[column.key] for column in key) for one in given] if known else [(_ALL,)])
        return None
    asked = select(*key).where(where) if where is not None else select(*key)
    touch(state.session, table, map(tuple, state.session.connection().execute(asked, given or {})))
    return None


def _inserted(state: ORMExecuteState, table: Table) -> Any:
    connection = state.session.connection()
    if list(table.primary_key.columns.keys()) != ["id"]:
        touch(state.session, table, [(_ALL,)])
        return None
    # numbers that the database gives only ever rise: what is added lies above what is there, and a row too many does
    # no harm; numbers that were set aside before may lie below what others have added meanwhile
    number, given = table.c.id, state.parameters
    if given and not isinstance(given, Mapping):
        touch(state.session, table, [(one["id"],) for one in given if "id" in one])
    last = connection.scalar(select(func.max(number))) or 0
    result = state.invoke_statement()
    touch(state.session, table, map(tuple, connection.execute(select(number).where(number > last))))
    return result


def _ended(session: Session, transaction: SessionTransaction) -> None:
    """Nothing of a transaction that is over is left; one inside another leaves it to that one."""
    if transaction.parent is None:
        session.info.pop(_TOUCHED, None)


# -- sealing --------------------------------------------------------------------------------------
def _seal(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    touched = session.info.pop(_TOUCHED, None)
    if touched:
        seal(session, {sealed_tables()[name]: keys for name, keys in touched.items()})
    if anchoring.is_wanted(session):
        anchoring.ends(session, locked_head(session))


def seal(session: Session, touched: Mapping[Table, Iterable[Key]], *, gone: Sequence[str] = ()) -> int:
    """Seal the rows with these keys as they stand now, where they differ from their last seal; how many did.

    `gone`: rows of the one table, as seals name them, that are no more.
    """
    head = locked_head(session)
    count = 0
    for table in sorted(touched, key=lambda one: one.name):
        shape = _shape(session, table)
        keys = set(touched[table])
        if (_ALL,) in keys:
            keys = (keys - {(_ALL,)}) | set(all_keys(session, table))
        for some in pieces(sorted(keys), CHUNK):
            count += _append(session, head, shape, _new_seals(session, table, shape, some))
        for lost in pieces(gone, CHUNK):
            count += _append(session, head, shape, _new_seals(session, table, shape, (), lost))
    session.flush()
    return count


def all_keys(session: Session, table: Table) -> list[Key]:
    """The primary keys of every row, in their order."""
    key = tuple(table.primary_key.columns)
    return [tuple(row) for row in session.connection().execute(select(*key).order_by(*key))]


def _shape(session: Session, table: Table) -> SealShape:
    """The present columns of the table, put on record the first time they are met."""
    columns = ",".join(column.name for column in columns_of(table))
    asked = select(SealShape).where(SealShape.of_table == table.name, SealShape.columns == columns)
    found = session.scalars(asked.order_by(SealShape.id).limit(1)).first()
    if found is None:
        found = SealShape(of_table=table.name, columns=columns)
        session.add(found)
        session.flush()
    return found


def _new_seals(
    session: Session, table: Table, shape: SealShape, keys: Sequence[Key], gone: Sequence[str] = ()
) -> list[dict[str, Any]]:
    if not keys and not gone:
        return []
    rows = {key_of(key): values for key, values in rows_of(session, table, keys)} if keys else {}
    texts = [*map(key_of, keys), *gone]
    last = live_seals(session, table.name, texts)
    names = shape.columns.split(",")
    found = []
    for text in texts:
        before, values = last.get(text), rows.get(text)
        if values is None and before is None:  # made and taken back in one transaction
            continue
        if _stands(before, shape, values):
            continue
        salt = os.urandom(SALT) if values is not None else None
        found.append({
            "of_table": table.name, "row_key": text, "shape_id": shape.id, "salt": salt,
            "supersedes": before.seq if before is not None else 0,
            "state": state_of(names, values, salt) if values is not None and salt is not None else None,
        })  # fmt: skip
    return found


def _stands(seal: Any, shape: SealShape, values: tuple[Any, ...] | None) -> bool:
    """Whether the row is as it was sealed last, by the same columns."""
    if seal is None or values is None or seal.shape_id != shape.id:
        return False
    return state_of(shape.columns.split(","), values, seal.salt) == bytes(seal.state)


def rows_of(session: Session, table: Table, keys: Sequence[Key]) -> Iterator[tuple[Key, tuple[Any, ...]]]:
    """The rows with these keys, and what each of the columns that are sealed holds."""
    key = tuple(table.primary_key.columns)
    read, truths = _as_stored(table, session.get_bind().dialect.name)
    where = key[0].in_([one[0] for one in keys]) if len(key) == 1 else tuple_(*key).in_(keys)
    for row in session.connection().execute(select(*key, *read).where(where)):
        values = list(row[len(key) :])
        for place in truths:
            values[place] = _TRUTHS.get(values[place], values[place])
        yield tuple(row[: len(key)]), tuple(values)


@cache
def _as_stored(table: Table, dialect: str) -> tuple[tuple[Any, ...], tuple[int, ...]]:
    """What to read of a table, and which places hold a truth as SQLite has it: a number, of which 2 is none."""
    columns = columns_of(table)
    if dialect != "sqlite":
        return columns, ()
    truths = tuple(place for place, column in enumerate(columns) if isinstance(column.type, Boolean))
    read = tuple(type_coerce(one, Integer) if place in truths else one for place, one in enumerate(columns))
    return read, truths


def live_seals(session: Session, table: str, keys: Sequence[str]) -> dict[str, Any]:
    """By the key of the row: the seal that no other supersedes."""
    columns = (RowSeal.seq, RowSeal.row_key, RowSeal.shape_id, RowSeal.state, RowSeal.salt)
    wanted = RowSeal.of_table == table, RowSeal.row_key.in_(keys), RowSeal.salt.is_not(None)
    return {row.row_key: row for row in session.execute(select(*columns).where(*wanted).order_by(RowSeal.seq))}


def _append(session: Session, head: TrailHead, shape: SealShape, seals: list[dict[str, Any]]) -> int:
    if not seals:
        return 0
    number, last = head.seals, head.seals_hash
    for one in seals:
        number += 1
        one |= {"seq": number, "trail_seq": head.seq}
        one["hash"] = last = link(last, one, shape.columns)
    superseded = [one["supersedes"] for one in seals if one["supersedes"]]
    if superseded:
        session.execute(update(_SEALS).where(_SEALS.c.seq.in_(superseded)).values(salt=None))
    session.execute(insert(_SEALS), seals)
    head.seals, head.seals_hash = number, last
    return len(seals)


def let_go(session: Session, rows: Sequence[Any]) -> int:
    """Seal rows of tables that are no more as gone; `rows` are their last seals."""
    head = locked_head(session)
    shapes = {shape.id: shape for shape in session.scalars(select(SealShape))}
    for row in rows:
        gone = {
            "of_table": row.of_table, "row_key": row.row_key, "shape_id": row.shape_id, "salt": None,
            "supersedes": row.seq, "state": None,
        }  # fmt: skip
        _append(session, head, shapes[row.shape_id], [gone])
    session.flush()
    return len(rows)
