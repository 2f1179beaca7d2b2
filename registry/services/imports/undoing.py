"""An applied batch is taken back: what it created is voided, what it changed is as before; later work stays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update

from registry.domain.permissions import Actor
from registry.domain.vocabulary import BatchState, RowKind
from registry.extensions import db
from registry.models import Document, Figure, Firm, FormerName, ImportBatch, ImportRow, TrailEntry
from registry.services import trail
from registry.services.imports import changing
from registry.services.imports.applying import CHANGING
from registry.services.imports.chunks import let_go, staged
from registry.services.imports.creating import Written
from registry.services.trail import Act

_LOOKING = ("reveal", "export", "download")
_NAMED = (ImportRow.id, ImportRow.number, ImportRow.firm_id, ImportRow.name, ImportRow.credit_code)


def undo(batch: ImportBatch, actor: Actor, *, at: datetime, on: date) -> None:
    """Take back every row whose firm is still as applying left it; the others are marked `kept`."""
    _lock(batch)
    written = Written(actor, batch, at, on)
    _keep(batch.id)
    _void_created(written)
    _restore_changed(written)
    batch.state, batch.undone_at, batch.touched_at = BatchState.UNDONE, at, at
    batch.message, batch.message_values = "", {}
    trail.record(actor, "undo_import", batch, at=at, source=batch.filename)
    db.session.flush()


def _lock(batch: ImportBatch) -> None:
    db.session.refresh(batch, with_for_update={"of": ImportBatch})
    firms = select(ImportRow.firm_id).where(ImportRow.batch_id == batch.id, ImportRow.outcome == "applied")
    db.session.execute(select(Firm.id).where(Firm.id.in_(firms)).order_by(Firm.id).with_for_update(of=Firm))


def _keep(batch_id: int) -> None:
    """Mark the rows whose firms have been worked on since."""
    worked_on = select(ImportRow.id).join(Firm, Firm.id == ImportRow.firm_id)
    worked_on = worked_on.where(ImportRow.batch_id == batch_id, ImportRow.outcome == "applied", _worked_on(batch_id))
    rows = update(ImportRow).where(ImportRow.id.in_(worked_on)).values(outcome="kept")
    db.session.execute(rows.execution_options(synchronize_session=False))


def _worked_on(batch_id: int) -> ColumnElement[bool]:
    """By the trail: whatever a person or the pathway did to the firm after the batch was applied, but for looking.

    The version of the record would not do: bringing its standing up to a new year is nobody's work.
    """
    acts = select(TrailEntry.seq).where(TrailEntry.subject_kind == "import_batch", TrailEntry.subject_id == batch_id)
    applied = acts.where(TrailEntry.verb == "apply_import").order_by(TrailEntry.seq.desc()).limit(1).scalar_subquery()
    acted_on = exists().where(
        TrailEntry.subject_kind == "firm",
        TrailEntry.subject_id == Firm.id,
        TrailEntry.seq > applied,
        TrailEntry.verb.not_in(_LOOKING),
    )
    branch = Firm.__table__.alias("branch")
    return or_(acted_on, exists().where(branch.c.parent_id == Firm.id, ImportRow.kind == RowKind.NEW))


def _void_created(written: Written) -> None:
    batch, at = written.batch, written.at
    taken_back = select(ImportRow.firm_id).where(
        ImportRow.batch_id == batch.id, ImportRow.kind == RowKind.NEW, ImportRow.outcome == "applied"
    )
    firms = update(Firm).where(Firm.id.in_(taken_back)).values(voided_at=at, version=Firm.version + 1)
    figures = update(Figure).where(
        Figure.batch_id == batch.id, Figure.firm_id.in_(taken_back), Figure.voided_at.is_(None)
    )
    for statement in (firms, figures.values(voided_at=at)):
        db.session.execute(statement.execution_options(synchronize_session=False))
    for chunk in staged(batch.id, RowKind.NEW, _NAMED, outcome="applied"):
        acts = [_voided(row, batch) for row in chunk]
        trail.record_all(written.actor, acts, at=at)
        _undone([row.id for row in chunk])


def _voided(row: Any, batch: ImportBatch) -> Act:
    after = {"credit_code": row.credit_code, "name": row.name}
    return Act("undo_import", "firm", row.firm_id, row.name, before=after, reason=f"#{batch.id}", source=batch.filename)


def _restore_changed(written: Written) -> None:
    batch = written.batch
    for chunk in staged(batch.id, RowKind.CHANGED, CHANGING, outcome="applied"):
        ids = [row.firm_id for row in chunk]
        figures = update(Figure).where(Figure.batch_id == batch.id, Figure.firm_id.in_(ids), Figure.voided_at.is_(None))
        db.session.execute(figures.values(voided_at=written.at).execution_options(synchronize_session=False))
        trail.record_all(written.actor, changing.restore(chunk, written), at=written.at)
        _undone([row.id for row in chunk])
        let_go(Firm, Figure, Document, FormerName)


def _undone(rows: list[int]) -> None:
    statement = update(ImportRow).where(ImportRow.id.in_(rows)).values(outcome="undone")
    db.session.execute(statement.execution_options(synchronize_session=False))
