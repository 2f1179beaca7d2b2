"""Where a merge took a firm, and where a row belonged on a past day."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import aliased

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge, MergeMove


def standing_of(firm: Firm) -> Merge | None:
    """The merge that folded this firm into another, if it stands."""
    return db.session.scalars(select(Merge).where(Merge.folded_id == firm.id, Merge.undone_at.is_(None))).first()


def came(firm: Firm) -> dict[int, int]:
    """Figure -> the merge by which it came to this firm, of the merges that stand."""
    rows = (
        select(MergeMove.row_id, Merge.id)
        .join(Merge, Merge.id == MergeMove.merge_id)
        .where(Merge.winner_id == firm.id, Merge.undone_at.is_(None))
        .where(MergeMove.table_name == "figure", MergeMove.column == "firm_id", MergeMove.undoing.is_(False))
    )
    return {row.row_id: row.id for row in db.session.execute(rows)}


def led_to(matching: ColumnElement[bool]) -> Select[int]:
    """Ids of the firms into which firms that fit `matching` have at last been merged."""
    chain = (
        select(Firm.merged_into_id.label("id"))
        .where(matching, Firm.merged_into_id.is_not(None), Firm.voided_at.is_(None))
        .cte("chain", recursive=True)
    )
    further = aliased(Firm)
    chain = chain.union(
        select(further.merged_into_id)
        .join(chain, and_(chain.c.id == further.id))
        .where(further.merged_into_id.is_not(None))
    )
    return select(chain.c.id)


def belonged(table: str, *, on: date) -> dict[int, int]:
    """Row id -> the firm it belonged to at the end of `on`, for rows that a merge moved (or moved back) later."""
    statement = moved(table, on=on).add_columns(MergeMove.before).order_by(MergeMove.id.desc())
    return {row_id: int(before) for row_id, before in db.session.execute(statement)}  # the earliest move comes last


def moved(table: str, *, on: date) -> Select[Any]:
    """Ids of the rows that a merge moved to another firm, or back, after `on`."""
    later = (MergeMove.table_name == table, MergeMove.column == "firm_id", MergeMove.on > on)
    return select(MergeMove.row_id).where(*later)


def taken_back(firm_id: int, other_id: int) -> Merge | None:
    """The last merge of these two that was taken back, whichever was to stay."""
    both = (firm_id, other_id)
    rows = select(Merge).where(Merge.winner_id.in_(both), Merge.folded_id.in_(both), Merge.undone_at.is_not(None))
    return db.session.scalars(rows.order_by(Merge.id.desc()).limit(1)).unique().one_or_none()
