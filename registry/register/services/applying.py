"""Makes a staged load real in slices, each by a few statements and a transaction of its own; a kill loses nothing.

A slice is applied whole or not at all, so the register never holds half a firm; nobody waits for a lock longer than
one slice takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, String, and_, case, exists, func, insert, literal, select, update
from sqlalchemy.orm import aliased

from registry.base.errors import REGISTER_EMPTY, RegisterManyGone, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.turns import Pace
from registry.register.models import RegisterChange, RegisteredFirm, RegisterLoad, RegisterRow
from registry.register.rules import MOST_GONE, OPEN_STATES, ChangeKind, LoadState, RowKind, Status
from registry.register.services import loads
from registry.register.services.facts import FIELDS
from registry.register.services.loads import SLICE

_KNOWN = (RowKind.RENAMED, RowKind.CHANGED)
_DONE = (RowKind.NEW, *_KNOWN, RowKind.UNCHANGED)


def apply(
    actor: Actor, load: RegisterLoad, *, at: datetime, confirmed: bool = False, pace: Pace | None = None
) -> Iterator[int]:
    """Apply a staged load, or go on with it; yields the rows done, and the caller commits each time.

    A slice has `SLICE` rows, or as many as `pace` says where others want the lock in between.

    Raises RegistryError where there is nothing to load, and RegisterManyGone where a whole load would strike out more
    than `MOST_GONE` of the firms in force and nobody has confirmed it; then nothing was changed.
    """
    db.session.refresh(load)
    if load.state == LoadState.STAGED:
        _check(load, confirmed=confirmed)
        load.state = LoadState.APPLYING
        db.session.flush()
        yield 0
    load_id, last = load.id, load.read_to
    done = load.applied_to
    while done < last:
        upto = min(done + (pace.size if pace else SLICE), last)
        _slice(load_id, _within(load_id, done, upto))
        loads.note(load_id, applied_to=upto)
        done = upto
        yield done
    if load.whole:
        loads.note(load_id, gone=_strike_out(load))
    db.session.refresh(load)
    loads.close(actor, load, at=at)
    yield last
    yield from tidy()
    loads.analyse("registered_firm")
    yield last


def tidy() -> Iterator[int]:
    """Drop staged rows of loads that are through, faulty ones aside; yields after each slice, to be committed."""
    through = select(RegisterLoad.id, RegisterLoad.read_to).where(RegisterLoad.state.not_in(OPEN_STATES))
    for load_id, last in db.session.execute(through).all():
        left = select(RegisterRow.number).where(RegisterRow.load_id == load_id, RegisterRow.kind.in_(_DONE)).limit(1)
        if db.session.scalar(left) is None:
            continue
        for upto in range(SLICE, last + SLICE, SLICE):
            loads.clear(load_id, _DONE, upto)
            yield last


def _check(load: RegisterLoad, *, confirmed: bool) -> None:
    if load.total == load.faulty:
        raise RegistryError(REGISTER_EMPTY)
    if not load.whole or confirmed:
        return
    gone = db.session.scalar(select(func.count(RegisteredFirm.id)).where(_missing(load.id))) or 0
    current = loads.current_firms()
    if gone > current * MOST_GONE:
        raise RegisterManyGone(gone=gone, current=current)


def _within(load_id: int, after: int, upto: int) -> ColumnElement[bool]:
    return and_(RegisterRow.load_id == load_id, RegisterRow.number > after, RegisterRow.number <= upto)


def _slice(load_id: int, within: ColumnElement[bool]) -> None:
    load = db.session.get_one(RegisterLoad, load_id)
    _add(load, within)
    _note_changes(load, within)
    _overwrite(load, within)


def _add(load: RegisterLoad, within: ColumnElement[bool]) -> None:
    names = ["credit_code", *FIELDS]
    gone_on = _gone_on(load, RegisterRow.status)
    rows = select(
        *(getattr(RegisterRow, name) for name in names), literal(load.id), literal(load.id), gone_on
    ).where(within, RegisterRow.kind == RowKind.NEW).order_by(RegisterRow.number)  # fmt: skip
    _run(insert(RegisteredFirm).from_select([*names, "first_load_id", "load_id", "gone_on"], rows))


def _note_changes(load: RegisterLoad, within: ColumnElement[bool]) -> None:
    """Before the firms are overwritten: what stood there, and of renamed ones the name that is a former one now."""
    for kind in _KNOWN:
        named = kind is RowKind.RENAMED
        rows = (
            select(
                literal(load.id), RegisteredFirm.id, literal(kind.value, String), literal(load.as_of, Date),
                RegisteredFirm.name if named else literal("", String),
                RegisteredFirm.name_key if named else literal("", String),
                RegisterRow.before, RegisterRow.after,
            )
            .join(RegisteredFirm, RegisteredFirm.id == RegisterRow.registered_id)
            .where(within, RegisterRow.kind == kind)
            .order_by(RegisterRow.number)
        )  # fmt: skip
        _run(insert(RegisterChange).from_select(_CHANGE, rows))


_CHANGE = ["load_id", "registered_id", "kind", "on", "name", "name_key", "before", "after"]


def _overwrite(load: RegisterLoad, within: ColumnElement[bool]) -> None:
    values: dict[str, Any] = {name: getattr(RegisterRow, name) for name in FIELDS}
    _run(
        update(RegisteredFirm)
        .where(RegisteredFirm.id == RegisterRow.registered_id, within, RegisterRow.kind.in_(_KNOWN))
        .values(**values, load_id=load.id, gone_on=_gone_on(load, RegisterRow.status))
    )


def _gone_on(load: RegisterLoad, status: Any) -> Any:
    return case((status == Status.GONE, literal(load.as_of, Date)), else_=None)


def _missing(load_id: int) -> ColumnElement[bool]:
    """In force, and no row of a whole load means it: neither by its code nor, in a faulty row, by its name."""
    row, broken = aliased(RegisterRow), aliased(RegisterRow)
    by_code = exists().where(row.load_id == load_id, row.credit_code == RegisteredFirm.credit_code)
    by_name = exists().where(
        broken.load_id == load_id, broken.kind == RowKind.FAULTY, broken.name_key == RegisteredFirm.name_key
    )
    return and_(RegisteredFirm.status == Status.CURRENT, ~by_code, ~by_name)


def _strike_out(load: RegisterLoad) -> int:
    """Whoever a whole list does not hold is no longer registered; the row stays, with the day."""
    missing = _missing(load.id)
    rows = select(
        literal(load.id), RegisteredFirm.id, literal(ChangeKind.GONE.value, String), literal(load.as_of, Date)
    ).where(missing).order_by(RegisteredFirm.id)  # fmt: skip
    noted = insert(RegisterChange).from_select(
        [*_CHANGE[:4], "name", "name_key"], rows.add_columns(literal(""), literal(""))
    )
    _run(noted)
    struck = select(RegisterChange.registered_id).where(
        RegisterChange.load_id == load.id, RegisterChange.kind == ChangeKind.GONE
    )
    _run(
        update(RegisteredFirm)
        .where(RegisteredFirm.id.in_(struck))
        .values(status=Status.GONE, gone_on=load.as_of, load_id=load.id)
    )
    return db.session.scalar(select(func.count()).select_from(struck.subquery())) or 0


def _run(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
