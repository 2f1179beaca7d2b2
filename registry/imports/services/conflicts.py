"""Whether the directory is still as a batch was checked against it: rows that would now be sorted otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from registry.base.errors import BatchConflict
from registry.base.extensions import db
from registry.base.vocabulary import RowKind
from registry.duplicates.queries.duplicates import former_of
from registry.firms.models import arriving
from registry.firms.models.firms import Firm
from registry.imports.models import ImportRow
from registry.imports.rules import SAME, TWO
from registry.imports.services.choosing import judged_apart
from registry.imports.services.chunks import staged
from registry.imports.services.stored import by_keys
from registry.matching.decide import compare
from registry.matching.judgement import Band
from registry.matching.records import Record
from registry.sheets import account

_NAMED = 20
NAMED_BY = (
    ImportRow.id, ImportRow.number, ImportRow.name, ImportRow.credit_code, ImportRow.name_key, ImportRow.parts_key,
    ImportRow.choice, ImportRow.matches,
)  # fmt: skip


def found(batch_id: int) -> list[int]:
    """Rows of the file whose firm changed, came to be, or found a namesake since they were checked."""
    rows = set(db.session.scalars(_moved(batch_id))) | set(db.session.scalars(_twice(batch_id)))
    chosen = select(ImportRow.number, ImportRow.changes).where(
        ImportRow.batch_id == batch_id, ImportRow.kind == RowKind.CHANGED, ImportRow.choice.startswith(SAME)
    )
    rows |= codes_lost(batch_id, db.session.execute(chosen).all())
    for chunk in staged(batch_id, RowKind.NEW, NAMED_BY):
        rows |= among(batch_id, chunk)
    return sorted(rows)


def among(batch_id: int, chunk: Sequence[Row[Any]]) -> set[int]:
    """Of new rows, with the columns `NAMED_BY`, those that are not new any more.

    What another import is writing at this moment counts, though nobody sees it yet; the batch's own firms do not.
    """
    with arriving.shown(but=batch_id):
        rows = _taken(chunk)
        rows |= _namesakes([row for row in chunk if not row.credit_code])
        return rows | _namesakes([row for row in chunk if row.credit_code], Firm.credit_code.is_(None))


def codes_lost(batch_id: int, rows: Iterable[Row[Any]]) -> set[int]:
    """Of changed rows, with `number` and `changes`, those that give a firm a code which another one has by now."""
    given = {change["after"]: row.number for row in rows for change in row.changes if change["field"] == "credit_code"}
    if not given:
        return set()
    with arriving.shown(but=batch_id):
        return {given[code] for code in _held(given)}


def _twice(batch_id: int) -> Select[Any]:
    """Changed rows of one firm: the later would write over the earlier."""
    changed = (ImportRow.batch_id == batch_id, ImportRow.kind == RowKind.CHANGED)
    firms = select(ImportRow.firm_id).where(*changed).group_by(ImportRow.firm_id).having(func.count() > 1)
    return select(ImportRow.number).where(*changed, ImportRow.firm_id.in_(firms))


def _moved(batch_id: int) -> Select[Any]:
    return (
        select(ImportRow.number)
        .join(Firm, Firm.id == ImportRow.firm_id)
        .where(ImportRow.batch_id == batch_id, ImportRow.kind == RowKind.CHANGED)
        .where(or_(Firm.version != ImportRow.firm_version, Firm.voided_at.is_not(None)))
    )


def _taken(rows: Sequence[Row[Any]]) -> set[int]:
    held = _held(row.credit_code for row in rows if row.credit_code)
    return {row.number for row in rows if row.credit_code in held}


def _held(codes: Iterable[str]) -> set[str]:
    firms = select(Firm.credit_code).where(Firm.credit_code.in_(list(codes)), Firm.voided_at.is_(None))
    return {code for code in db.session.scalars(firms) if code}


def _namesakes(rows: list[Row[Any]], *conditions: ColumnElement[bool]) -> set[int]:
    """New rows that a name alone would now make a duplicate: either the row or the firm has no code."""
    names, parts = ({getattr(row, key) for row in rows} - {""} for key in ("name_key", "parts_key"))
    alike = by_keys(names, parts, *conditions) if names or parts else {}
    if not alike:
        return set()
    apart = judged_apart(rows)
    return {
        row.number
        for row in rows
        for firm in (*alike.get(f"n:{row.name_key}", ()), *alike.get(f"p:{row.parts_key}", ()))
        if firm.id not in apart.get(row.id, ()) and not _is_out_of_reach(row) and _is_duplicate(row, firm)
    }


def _is_out_of_reach(row: Row[Any]) -> bool:
    """Somebody said that the row is a firm of its own though one out of their reach bears its name."""
    return row.choice == TWO and any(match["kind"] == "elsewhere" for match in row.matches)


def _is_duplicate(row: Row[Any], firm: Firm) -> bool:
    judged = compare(Record(row.name, row.credit_code), Record(firm.name, firm.credit_code, former_of(firm)))
    return judged.band is not Band.DIFFERENT


def refusal(rows: Iterable[int]) -> BatchConflict:
    named = sorted(rows)
    shown = "、".join(account.row_words(row, []) for row in named[:_NAMED])
    return BatchConflict(rows=shown + ("…" if len(named) > _NAMED else ""))
