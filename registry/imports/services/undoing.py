"""A batch is taken back, in short turns: what it created is voided, what it changed is as before.

An applied one is undone: later work stays, and each firm is taken back whole. One that was never switched on is taken
back whole, before anybody saw any of it; then its file is checked anew, where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, exists, func, or_, select, update

from registry.base import errors
from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.runs import held
from registry.base.turns import Pace
from registry.base.vocabulary import BatchState, RowKind
from registry.documents.models import Document
from registry.figures.models import Figure
from registry.firms.models.firms import Firm, FormerName
from registry.imports.models import ImportBatch, ImportRow
from registry.imports.services import changing
from registry.imports.services.applying import CHANGING
from registry.imports.services.chunks import Reached, let_go, waiting
from registry.imports.services.creating import Written
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from registry.trail.services.trail import Act

_NO_WORK = ("reveal", "export", "download", "hand_over")
"""Acts that are no work on a firm: it was looked at, or another office answers for it since."""
_NAMED = (ImportRow.id, ImportRow.number, ImportRow.firm_id, ImportRow.name, ImportRow.credit_code)


class UndoForecast(NamedTuple):
    """What undoing would do now: firms voided, firms given back their values, firms that stay, and some of those."""

    voided: int
    restored: int
    kept: int
    named: list[ImportRow]


def forecast(batch: ImportBatch, *, named: int) -> UndoForecast:
    """By the very condition that undoing asks; exact as long as nobody works on one of the firms meanwhile."""
    stays = _worked_on(batch.id)
    applied = (ImportRow.batch_id == batch.id, ImportRow.outcome == "applied")
    rows = select(ImportRow).join(Firm, Firm.id == ImportRow.firm_id).where(*applied)
    counted = select(ImportRow.kind, case((stays, 1), else_=0).label("stays"))
    counted = counted.join(Firm, Firm.id == ImportRow.firm_id).where(*applied)
    each = counted.subquery()
    sums = select(each.c.kind, each.c.stays, func.count()).group_by(each.c.kind, each.c.stays)
    found = {(str(kind), int(kept)): int(number) for kind, kept, number in db.session.execute(sums)}
    staying = db.session.scalars(rows.where(stays).order_by(ImportRow.number).limit(named)).all()
    new, changed = RowKind.NEW.value, RowKind.CHANGED.value
    kept = found.get((new, 1), 0) + found.get((changed, 1), 0)
    return UndoForecast(found.get((new, 0), 0), found.get((changed, 0), 0), kept, list(staying))


def turns(batch: ImportBatch, actor: Actor, pace: Pace, *, now: Callable[[], datetime], on: date) -> Iterator[int]:
    """Take back every row whose firm is still as applying left it; the others are marked `kept`.

    The caller commits after each turn. Yields the rows looked at.
    """
    batch_id, run, goes_on, reached = batch.id, batch.run, True, Reached()
    while goes_on:
        pace.begin()
        found = held(ImportBatch, batch_id, run, BatchState.UNDOING)
        if found is None:
            return
        goes_on = _undo(Written(actor, found, now(), on, reached), pace.size)
        yield found.done


def withdrawing(
    batch: ImportBatch, actor: Actor, pace: Pace, *, now: Callable[[], datetime], on: date
) -> Iterator[int]:
    """Take back all that was written of a batch that was not switched on; it stays out of sight until the end.

    The caller commits after each turn. Then the batch waits for its file to be checked anew; one without a stored file
    stands as it was checked.
    """
    batch_id, run, goes_on, reached = batch.id, batch.run, True, Reached()
    while goes_on:
        pace.begin()
        found = held(ImportBatch, batch_id, run, BatchState.TAKING_BACK)
        if found is None:
            return
        goes_on = _withdraw(Written(actor, found, now(), on, reached), pace.size)
        yield found.done


def _undo(written: Written, size: int) -> bool:
    batch, at = written.batch, written.at
    left = size - _void_created(written, size)
    left -= _restore_changed(written, left)
    batch.done, batch.total, batch.touched_at = batch.done + size - left, batch.new + batch.changed, at
    if left:
        batch.state, batch.undone_at = BatchState.UNDONE, at
        batch.message, batch.message_values = "", {}
        trail.record(written.actor, "undo_import", batch, at=at, source=batch.filename)
    db.session.flush()
    return not left


def _withdraw(written: Written, size: int) -> bool:
    batch, at = written.batch, written.at
    chunk = waiting(batch.id, RowKind.NEW, _NAMED, size, written.reached, outcome="applied")
    _void(chunk, written)
    if not batch.stored_name:
        _stand_again(chunk)
    batch.done, batch.total, batch.touched_at = batch.done + len(chunk), batch.new, at
    if len(chunk) < size:
        batch.state, batch.arriving = BatchState.WAITING if batch.stored_name else BatchState.CHECKED, False
        if not batch.message:
            said = errors.BATCH_TAKEN_BACK if batch.stored_name else errors.BATCH_WITHDRAWN
            batch.message, batch.message_values = said, {}
        reason = RegistryError(batch.message, **batch.message_values)
        trail.record(written.actor, "undo_import", batch, at=at, reason=str(reason), source=batch.filename)
    db.session.flush()
    return len(chunk) == size


def _stand_again(chunk: Sequence[Any]) -> None:
    """Rows of new firms as they stood before they were written: there is no file to read them from again."""
    rows = update(ImportRow).where(ImportRow.id.in_([row.id for row in chunk]))
    rows = rows.values(outcome="", firm_id=None, firm_version=None, applied_seq=None)
    db.session.execute(rows.execution_options(synchronize_session=False))


def _keep(batch_id: int, chunk: Sequence[Any]) -> list[Any]:
    """Mark the rows whose firms have been worked on since; the others, whose firms hold still from now on."""
    rows = {row.id: row for row in chunk}
    firms = select(Firm.id).where(Firm.id.in_([row.firm_id for row in chunk])).order_by(Firm.id)
    db.session.execute(firms.with_for_update(of=Firm))
    worked_on = select(ImportRow.id).join(Firm, Firm.id == ImportRow.firm_id)
    worked_on = worked_on.where(ImportRow.id.in_(rows), _worked_on(batch_id))
    kept = set(db.session.scalars(worked_on))
    _note(kept, "kept")
    return [row for row in chunk if row.id not in kept]


def _worked_on(batch_id: int) -> ColumnElement[bool]:
    """By the trail: whatever a person or the pathway did to the firm after its row was applied, but for looking
    and for going to another office.

    The version of the record would not do: bringing its standing up to a new year is nobody's work.
    """
    acts = select(TrailEntry.seq).where(TrailEntry.subject_kind == "import_batch", TrailEntry.subject_id == batch_id)
    applied = acts.where(TrailEntry.verb == "apply_import").order_by(TrailEntry.seq.desc()).limit(1).scalar_subquery()
    acted_on = exists().where(
        TrailEntry.subject_kind == "firm",
        TrailEntry.subject_id == Firm.id,
        TrailEntry.seq > func.coalesce(ImportRow.applied_seq, applied),
        TrailEntry.verb.not_in(_NO_WORK),
    )
    branch = Firm.__table__.alias("branch")
    return or_(acted_on, exists().where(branch.c.parent_id == Firm.id, ImportRow.kind == RowKind.NEW))


def _void_created(written: Written, size: int) -> int:
    chunk = waiting(written.batch.id, RowKind.NEW, _NAMED, size, written.reached, outcome="applied")
    if chunk:
        _void(_keep(written.batch.id, chunk), written)
    return len(chunk)


def _void(chunk: Sequence[Any], written: Written) -> None:
    batch, at, ids = written.batch, written.at, [row.firm_id for row in chunk]
    firms = update(Firm).where(Firm.id.in_(ids)).values(voided_at=at, version=Firm.version + 1)
    figures = update(Figure).where(Figure.batch_id == batch.id, Figure.firm_id.in_(ids), Figure.voided_at.is_(None))
    for statement in (firms, figures.values(voided_at=at)):
        db.session.execute(statement.execution_options(synchronize_session=False))
    trail.record_all(written.actor, [_voided(row, batch) for row in chunk], at=at)
    _note([row.id for row in chunk], "undone")


def _voided(row: Any, batch: ImportBatch) -> Act:
    after = {"credit_code": row.credit_code, "name": row.name}
    return Act("undo_import", "firm", row.firm_id, row.name, before=after, reason=f"#{batch.id}", source=batch.filename)


def _restore_changed(written: Written, size: int) -> int:
    batch = written.batch
    chunk = waiting(batch.id, RowKind.CHANGED, CHANGING, size, written.reached, outcome="applied")
    rows = _keep(batch.id, chunk) if chunk else []
    if rows:
        ids = [row.firm_id for row in rows]
        figures = update(Figure).where(Figure.batch_id == batch.id, Figure.firm_id.in_(ids), Figure.voided_at.is_(None))
        db.session.execute(figures.values(voided_at=written.at).execution_options(synchronize_session=False))
        trail.record_all(written.actor, changing.restore(rows, written), at=written.at)
        _note([row.id for row in rows], "undone")
        let_go(Firm, Figure, Document, FormerName)
    return len(chunk)


def _note(rows: Iterable[int], outcome: str) -> None:
    statement = update(ImportRow).where(ImportRow.id.in_(rows)).values(outcome=outcome)
    db.session.execute(statement.execution_options(synchronize_session=False))
