"""Whether the directory is still as a batch was checked against it: rows that would now be sorted otherwise."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from registry.domain.errors import BatchConflict
from registry.domain.vocabulary import BatchState, RowKind
from registry.extensions import db
from registry.matching.decide import compare
from registry.matching.judgement import Band
from registry.matching.records import FormerName as FormerRecord
from registry.matching.records import Record
from registry.models import Firm, FormerName, ImportBatch, ImportRow

_NAMED = 20


def lock(batch: ImportBatch) -> None:
    """One batch is applied at a time, and the firms it changes hold still until the end."""
    applying = select(ImportBatch.id).where(ImportBatch.state == BatchState.APPLYING).order_by(ImportBatch.id)
    db.session.execute(applying.with_for_update(of=ImportBatch))
    db.session.refresh(batch)
    changed = select(ImportRow.firm_id).where(ImportRow.batch_id == batch.id, ImportRow.kind == RowKind.CHANGED)
    db.session.execute(select(Firm.id).where(Firm.id.in_(changed)).order_by(Firm.id).with_for_update(of=Firm))


def found(batch_id: int) -> list[int]:
    """Rows of the file whose firm changed, came to be, or found a namesake since they were checked."""
    rows = {*db.session.scalars(_moved(batch_id)), *db.session.scalars(_taken(batch_id)), *_namesakes(batch_id)}
    return sorted(rows)


def _moved(batch_id: int) -> Select[Any]:
    return (
        select(ImportRow.number)
        .join(Firm, Firm.id == ImportRow.firm_id)
        .where(ImportRow.batch_id == batch_id, ImportRow.kind == RowKind.CHANGED)
        .where(or_(Firm.version != ImportRow.firm_version, Firm.voided_at.is_not(None)))
    )


def _taken(batch_id: int) -> Select[Any]:
    return (
        select(ImportRow.number)
        .join(Firm, Firm.credit_code == ImportRow.credit_code)
        .where(ImportRow.batch_id == batch_id, ImportRow.kind == RowKind.NEW, Firm.voided_at.is_(None))
    )


def _namesakes(batch_id: int) -> set[int]:
    """New rows that a name alone would now make a duplicate."""
    rows: set[int] = set()
    for name in (Firm, FormerName):
        for key in ("name_key", "parts_key"):
            for row, firm in db.session.execute(_alike(batch_id, name, key)).unique():
                former = tuple(FormerRecord(f.name, f.valid_from, f.valid_to) for f in firm.former_names)
                judged = compare(Record(row.name, row.credit_code), Record(firm.name, firm.credit_code, former))
                if judged.band is not Band.DIFFERENT:
                    rows.add(row.number)
    return rows


def _alike(batch_id: int, name: Any, key: str) -> Select[ImportRow, Firm]:
    """Pairs of a new row and a firm of which one has no code and the names have this key in common."""
    of_row, of_firm = getattr(ImportRow, key), getattr(name, key)
    pairs = select(ImportRow, Firm).join(name, of_firm == of_row)
    if name is FormerName:
        pairs = pairs.join(Firm, Firm.id == FormerName.firm_id)
    return (
        pairs.where(ImportRow.batch_id == batch_id, ImportRow.kind == RowKind.NEW, of_row != "")
        .where(Firm.voided_at.is_(None), or_(ImportRow.credit_code.is_(None), Firm.credit_code.is_(None)))
        .options(selectinload(Firm.former_names))
    )


def refusal(rows: list[int]) -> BatchConflict:
    shown = "、".join(str(row) for row in rows[:_NAMED])
    return BatchConflict(rows=shown + ("…" if len(rows) > _NAMED else ""))
