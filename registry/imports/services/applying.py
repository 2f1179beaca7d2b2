"""The staged rows of a batch made real, in short turns: new firms out of sight until one row is switched.

1. New firms are written, turn by turn. Nobody sees them; where one cannot be written, all are taken back (`undoing`).
2. The switch: the batch is not `arriving` any more, and they are all there. Where the changed rows fit into the same
   turn they are written in it: a small file is one transaction.
3. Else changed firms follow, turn by turn, each of them whole. One that somebody changed meanwhile is left as it is and
   named.

A process that dies in between leaves a batch that goes on where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select, update
from sqlalchemy.exc import IntegrityError

from registry.base.errors import BATCH_CHECKED_ALREADY, BatchConflict, BatchIncomplete
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.runs import held
from registry.base.turns import Pace
from registry.base.vocabulary import Action, BatchState, RowKind
from registry.documents.models import Document
from registry.entries.services import naming
from registry.entries.services.entries import recorded
from registry.figures.models import Figure
from registry.firms.models.firms import Firm, FormerName
from registry.imports.models import ImportBatch, ImportRow
from registry.imports.services import changing, conflicts, creating
from registry.imports.services.chunks import Reached, let_go, waiting
from registry.imports.services.creating import Written
from registry.imports.services.staging import looking
from registry.trail.services import trail
from registry.trail.services.trail import Act

CREATING = (*conflicts.NAMED_BY, ImportRow.values)
CHANGING = (
    ImportRow.id, ImportRow.number, ImportRow.firm_id, ImportRow.firm_version, ImportRow.values, ImportRow.changes,
    ImportRow.before,
)  # fmt: skip


def turns(batch: ImportBatch, actor: Actor, pace: Pace, *, now: Callable[[], datetime], on: date) -> Iterator[int]:
    """Write a batch that was ordered to be applied; the caller commits after each turn. Yields the rows written.

    Ends early where the batch is under another order by then. Raises BatchConflict where the directory is no longer as
    it was checked against, BatchIncomplete where not all of what was counted is there: the caller rolls back and, if
    the batch is `arriving`, has it taken back.
    """
    batch_id, run = batch.id, batch.run
    if not batch.arriving and batch.applied_at is None:
        with looking():
            if rows := conflicts.found(batch_id):
                raise conflicts.refusal(rows)
    goes_on, reached = True, Reached()
    while goes_on:
        pace.begin()
        found = held(ImportBatch, batch_id, run, BatchState.APPLYING)
        if found is None:
            return
        goes_on = _turn(Written(actor, found, now(), on, reached), pace.size)
        yield found.done


def _turn(written: Written, size: int) -> bool:
    """One turn of up to `size` rows; whether another is needed."""
    batch, left = written.batch, size
    if batch.applied_at is None:
        left -= _create(written, size)
        if not left:
            return True
        left = _switch(written, left)
    else:
        left -= _change(written, size)
    if left > 0:
        _finish(written)
    db.session.flush()
    return left <= 0


def _create(written: Written, size: int) -> int:
    batch = written.batch
    chunk = waiting(batch.id, RowKind.NEW, CREATING, size, written.reached)
    if not chunk:
        return 0
    naming.hold_every()  # to the end of the turn: what is alike is looked for now
    if rows := conflicts.among(batch.id, chunk):
        raise conflicts.refusal(rows)
    ids = creating.reserve(db.session.connection(), len(chunk))
    created = [(next(ids), _as_of(row.values, written)) for row in chunk]
    with _alone():
        creating.write(created, written)
    seq = trail.record_all(written.actor, [_act(firm_id, values, batch) for firm_id, values in created], at=written.at)
    notes = [{"row": row.id, "firm": firm_id} for row, (firm_id, _) in zip(chunk, created, strict=True)]
    _settle(_CREATED if batch.stored_name else _CREATED_AND_KEPT, notes, seq)
    _advance(written, len(chunk))
    batch.arriving = True
    return len(chunk)


@contextmanager
def _alone() -> Iterator[None]:
    """Someone else's firm of the same code, or figure of the same period, may come in at this very moment."""
    try:
        yield
    except IntegrityError as error:
        if "unique" not in str(error.orig).lower():
            raise
        raise BatchConflict(BATCH_CHECKED_ALREADY) from error


def _as_of(values: dict[str, Any], written: Written) -> dict[str, Any]:
    if written.batch.judged_on == written.on:
        return values
    return creating.rederived(values, written.on)


def _act(firm_id: int, values: dict[str, Any], batch: ImportBatch) -> Act:
    fields = values["fields"]
    figures = {key: amount for key, _, _, _, amount in values["figures"]}
    after = recorded(fields) | figures | ({"former_names": values["former"]} if values["former"] else {})
    return Act(
        Action.IMPORT, "firm", firm_id, fields["name"], after=after, reason=f"#{batch.id}", source=batch.filename
    )


def _switch(written: Written, left: int) -> int:
    """All new firms are there from this commit on; how much of the turn is left, 0 where changed firms follow."""
    batch = written.batch
    counts = _outcomes(batch.id)
    _require(batch.new, counts[RowKind.NEW, "applied"])
    _require(batch.changed, sum(number for (kind, _), number in counts.items() if kind == RowKind.CHANGED))
    if counts[RowKind.CHANGED, ""] < left:
        left -= _change(written, left, together=True)
    else:
        left = 0
    batch.arriving, batch.applied_at = False, written.at
    return left


def _change(written: Written, size: int, *, together: bool = False) -> int:
    """Write changed rows; `together` with the new ones or not at all, else those that can be."""
    chunk = waiting(written.batch.id, RowKind.CHANGED, CHANGING, size, written.reached)
    if not chunk:
        return 0
    with _alone():
        changed = changing.write(chunk, written)
    if changed.left and together:
        raise conflicts.refusal(row.number for row in changed.left)
    seq = trail.record_all(written.actor, changed.acts, at=written.at)
    _settle(_CHANGED, changed.notes, seq)
    _leave(changed.left)
    _advance(written, len(chunk))
    let_go(Firm, Figure, Document, FormerName)
    return len(chunk)


def _advance(written: Written, number: int) -> None:
    batch = written.batch
    batch.done, batch.total, batch.touched_at = batch.done + number, batch.new + batch.changed, written.at
    db.session.flush()


def _finish(written: Written) -> None:
    batch, at = written.batch, written.at
    batch.state, batch.touched_at = BatchState.APPLIED, at
    batch.message, batch.message_values = "", {}
    after, counts = {kind.value: getattr(batch, kind.value) for kind in RowKind}, _outcomes(batch.id)
    left = counts[RowKind.CHANGED, "left"]
    _require(batch.changed, counts[RowKind.CHANGED, "applied"] + left)
    if left:
        after["left"] = left
    trail.record(written.actor, "apply_import", batch, at=at, after=after, source=batch.filename)


def _outcomes(batch_id: int) -> Counter[tuple[str, str]]:
    """How many rows there are of each kind and outcome."""
    of = (ImportRow.kind, ImportRow.outcome)
    rows = select(*of, func.count(ImportRow.id)).where(ImportRow.batch_id == batch_id).group_by(*of)
    return Counter({(kind, outcome): number for kind, outcome, number in db.session.execute(rows)})


def _require(counted: int, found: int) -> None:
    """Nothing is said to be there that is not, whatever became of the staged rows since they were counted."""
    if counted != found:
        raise BatchIncomplete(counted=counted, found=found)


# Which firm each staged row became and how it was left; what was to be written is no longer kept.
_ROW: Any = ImportRow.__table__
_WRITTEN = update(_ROW).where(_ROW.c.id == bindparam("row"))
_NOTED: dict[str, Any] = {"applied_seq": bindparam("seq"), "outcome": literal_column("'applied'")}
_BECAME: dict[str, Any] = {**_NOTED, "firm_id": bindparam("firm"), "firm_version": literal_column("1")}
_EMPTY: dict[str, Any] = {"values": literal_column("'{}'")}
_CREATED = _WRITTEN.values(**_BECAME, **_EMPTY)
# What has no file to be read again from keeps what is to be written until all of it is (`choosing.record`).
_CREATED_AND_KEPT = _WRITTEN.values(**_BECAME)
_CHANGED = _WRITTEN.values(firm_version=bindparam("version"), before=bindparam("before"), **_NOTED, **_EMPTY)


def _settle(statement: Any, notes: list[dict[str, Any]], seq: int) -> None:
    if notes:
        db.session.connection().execute(statement, [{**note, "seq": seq} for note in notes])


def _leave(rows: Sequence[Any]) -> None:
    if rows:
        db.session.execute(
            update(ImportRow)
            .where(ImportRow.id.in_([row.id for row in rows]))
            .values(outcome="left", values={})
            .execution_options(synchronize_session=False)
        )
