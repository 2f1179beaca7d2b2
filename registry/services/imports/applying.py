"""The staged rows of a batch made real in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, literal_column, update
from sqlalchemy.exc import IntegrityError

from registry.domain.errors import BATCH_CHECKED_ALREADY, BatchConflict
from registry.domain.permissions import Actor
from registry.domain.vocabulary import Action, BatchState, RowKind
from registry.extensions import db
from registry.models import Document, Figure, Firm, FormerName, ImportBatch, ImportRow
from registry.queries import reference
from registry.services import trail
from registry.services.firms import recorded
from registry.services.imports import changing, conflicts, creating
from registry.services.imports.chunks import let_go, staged
from registry.services.imports.creating import Written
from registry.services.trail import Act

CREATING = (ImportRow.id, ImportRow.number, ImportRow.values)
CHANGING = (ImportRow.id, ImportRow.number, ImportRow.firm_id, ImportRow.values, ImportRow.changes, ImportRow.before)
Progress = Callable[[int], None]


def apply(batch: ImportBatch, actor: Actor, *, at: datetime, on: date, progress: Progress = lambda done: None) -> None:
    """Write every new and changed row of a batch that was ordered to be applied.

    Raises BatchConflict where the directory is no longer as it was checked against; the caller rolls back.
    """
    conflicts.lock(batch)
    if rows := conflicts.found(batch.id):
        raise conflicts.refusal(rows)
    written = Written(actor, batch, at, on)
    try:
        done = _create(written, progress)
        _change(written, done, progress)
    except IntegrityError as error:
        if "unique" not in str(error.orig).lower():
            raise
        # someone else's firm of the same code, or figure of the same period, came in between
        raise BatchConflict(BATCH_CHECKED_ALREADY) from error
    batch.state, batch.applied_at, batch.touched_at = BatchState.APPLIED, at, at
    batch.message, batch.message_values = "", {}
    after = {kind.value: getattr(batch, kind.value) for kind in RowKind}
    trail.record(actor, "apply_import", batch, at=at, after=after, source=batch.filename)
    db.session.flush()


def _create(written: Written, progress: Progress) -> int:
    batch = written.batch
    ids = creating.reserve(db.session.connection(), batch.new)
    edges = reference.tier_edges(written.on)
    done = 0
    for chunk in staged(batch.id, RowKind.NEW, CREATING):
        created = []
        for row in chunk:
            values = row.values
            if batch.judged_on != written.on:
                values = creating.rederived(values, edges, written.on)
            created.append((next(ids), values))
        creating.write(created, written)
        _settle_created([{"row": row.id, "firm": firm_id} for row, (firm_id, _) in zip(chunk, created, strict=True)])
        trail.record_all(written.actor, [_act(firm_id, values, batch) for firm_id, values in created], at=written.at)
        done += len(chunk)
        progress(done)
    return done


def _act(firm_id: int, values: dict[str, Any], batch: ImportBatch) -> Act:
    fields = values["fields"]
    figures = {key: amount for key, _, _, _, amount in values["figures"]}
    after = recorded(fields) | figures | ({"former_names": values["former"]} if values["former"] else {})
    return Act(
        Action.IMPORT, "firm", firm_id, fields["name"], after=after, reason=f"#{batch.id}", source=batch.filename
    )


def _change(written: Written, done: int, progress: Progress) -> None:
    differing: list[int] = []
    for chunk in staged(written.batch.id, RowKind.CHANGED, CHANGING):
        changed = changing.write(chunk, written)
        differing += changed.conflicts
        if differing:
            continue
        _settle_changed(changed.notes)
        trail.record_all(written.actor, changed.acts, at=written.at)
        done += len(chunk)
        progress(done)
        let_go(Firm, Figure, Document, FormerName)
    if differing:
        raise conflicts.refusal(differing)


# Which firm each staged row became and how it was left; what was to be written is no longer kept.
_ROW: Any = ImportRow.__table__
_SETTLED = update(_ROW).where(_ROW.c.id == bindparam("row"))
_EMPTY: dict[str, Any] = {"values": literal_column("'{}'"), "outcome": literal_column("'applied'")}
_CREATED = _SETTLED.values(firm_id=bindparam("firm"), firm_version=literal_column("1"), **_EMPTY)
_CHANGED = _SETTLED.values(firm_version=bindparam("version"), before=bindparam("before"), **_EMPTY)


def _settle_created(notes: list[dict[str, Any]]) -> None:
    db.session.connection().execute(_CREATED, notes)


def _settle_changed(notes: list[dict[str, Any]]) -> None:
    db.session.connection().execute(_CHANGED, notes)
