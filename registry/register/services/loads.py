"""A load is begun or gone on with, given up, and closed; one at a time, each with one row on the trail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, text, update

from registry.base.errors import NotAllowed, RegisterBusy, RegisterFuture, RegisterHalfApplied, RegisterOlder
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.register.models import RegisteredFirm, RegisterLoad, RegisterRow
from registry.register.rules import COUNT_LABELS, OPEN_STATES, LoadState, RowKind
from registry.sheets.uploaded import shown_name
from registry.trail.services import trail

SLICE = 5_000


def begin(
    actor: Actor, file: Path, sha256: str, *, as_of: date | None, whole: bool, at: datetime, drop: bool = False
) -> RegisterLoad:
    """The open load of this very file, to go on with, or a new one; `drop` gives up another file's open load.

    `as_of` is by default the day of the load that is gone on with, or today.

    Raises NotAllowed, RegisterBusy, RegisterHalfApplied, RegisterFuture, RegisterOlder.
    """
    if actor.user_id is not None and not can(actor, "register.load"):
        raise NotAllowed
    half = open_load()
    if half is not None and (half.sha256, half.whole) == (sha256, whole) and as_of in (None, half.as_of) and not drop:
        return half
    as_of = as_of or at.date()
    if as_of > at.date():
        raise RegisterFuture(given=as_of.isoformat())
    if half is not None and not (drop and half.state != LoadState.APPLYING):
        refusal = RegisterHalfApplied if half.state == LoadState.APPLYING else RegisterBusy
        begun = half.started_at.date().isoformat()
        raise refusal(filename=half.filename, as_of=half.as_of.isoformat(), day=begun)
    if half is not None:
        half.state = LoadState.DROPPED
        db.session.execute(delete(RegisterRow).where(RegisterRow.load_id == half.id))
    last = db.session.scalar(select(func.max(RegisterLoad.as_of)).where(RegisterLoad.state == LoadState.APPLIED))
    if last is not None and as_of < last:
        raise RegisterOlder(last=last.isoformat(), given=as_of.isoformat())
    load = RegisterLoad(
        by_id=actor.user_id,
        by_name=actor.name,
        filename=shown_name(file.name),
        sha256=sha256,
        as_of=as_of,
        whole=whole,
        state=LoadState.STAGING,
        started_at=at,
    )
    db.session.add(load)
    db.session.flush()
    return load


def open_load() -> RegisterLoad | None:
    """The load that is not through yet, if there is one."""
    rows = select(RegisterLoad).where(RegisterLoad.state.in_(OPEN_STATES)).order_by(RegisterLoad.id.desc()).limit(1)
    return db.session.scalars(rows).one_or_none()


def current_firms() -> int:
    """How many firms the register holds as being in force."""
    return db.session.scalar(select(func.count(RegisteredFirm.id)).where(RegisteredFirm.status == "current")) or 0


def note(load_id: int, **values: Any) -> None:
    """Write how far a load is, past the session."""
    written = update(RegisterLoad).where(RegisterLoad.id == load_id).values(**values)
    db.session.execute(written.execution_options(synchronize_session=False))


def close(actor: Actor, load: RegisterLoad, *, at: datetime) -> None:
    """The load is through: its counts go on the trail, its staged rows go, the faulty ones stay to be sent back."""
    load.state, load.applied_at = LoadState.APPLIED, at
    after = {"sha256": load.sha256, "as_of": load.as_of, "whole": load.whole, "rows": load.total, **counts(load)}
    trail.record(actor, "load_register", load, at=at, after=after, source=load.filename)
    db.session.flush()


def counts(load: RegisterLoad) -> dict[str, int]:
    """What the load found, by kind; without `gone` they sum to its data rows."""
    return {kind: getattr(load, kind) for kind in COUNT_LABELS}


def analyse(table: str) -> None:
    """Tell PostgreSQL's planner how large a table has grown; SQLite goes by its indexes."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"analyze {table}"))


def clear(load_id: int, kinds: Iterable[RowKind], upto: int) -> None:
    """Drop staged rows of these kinds up to a row."""
    staged = delete(RegisterRow).where(
        RegisterRow.load_id == load_id, RegisterRow.number <= upto, RegisterRow.kind.in_(list(kinds))
    )
    db.session.execute(staged.execution_options(synchronize_session=False))
