"""Merges of two entries of one firm, what each moved row by row, and how it was taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.firms.models.firms import Firm


class Merge(Base):
    """One entry folded into another; it stands until `undone_at`, and is kept for ever.

    `picks`: field -> whose value was chosen, and `KIND PERIOD` -> whose figure. `before`, `after`: {"winner": {column:
    value}, "folded": {...}} as plain values; `before` has the `figures` of one period too, winner's and folded's.
    `undo_ground` is one of `base.vocabulary.UNDO_GROUNDS`.
    `marks`: table -> the highest id there was, so that what came later is known; `branches`: the winner's then, by id.
    """

    __tablename__ = "merge"
    __table_args__ = (
        CheckConstraint("winner_id <> folded_id", name="two_firms"),
        # An entry is folded into one other at a time: of two people who merge at once, one is refused.
        Index(
            "uq_merge_standing",
            "folded_id",
            unique=True,
            sqlite_where=text("undone_at is null"),
            postgresql_where=text("undone_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    winner_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    folded_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment())
    on: Mapped[date] = mapped_column(Date)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    code_ground: Mapped[str] = mapped_column(word(), default="")
    picks: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    marks: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None] = mapped_column(Moment())
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    undone_by_name: Mapped[str] = mapped_column(String(40), default="")
    undo_ground: Mapped[str] = mapped_column(word(), default="")
    undo_reason: Mapped[str] = mapped_column(Text, default="")

    winner: Mapped[Firm] = relationship(foreign_keys=[winner_id], lazy="joined")
    folded: Mapped[Firm] = relationship(foreign_keys=[folded_id], lazy="joined")


class MergeMove(Base):
    """One cell that a merge, or taking it back, changed: where, from what, to what; appended, never changed.

    An empty `column` is a row that was made (`after` holds it) or taken away again (`before` holds it).
    """

    __tablename__ = "merge_move"
    __table_args__ = (Index("ix_merge_move_table_name_row_id", "table_name", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("merge.id"), index=True)
    table_name: Mapped[str] = mapped_column(word())
    row_id: Mapped[int] = mapped_column(Integer)
    column: Mapped[str] = mapped_column(word(), default="")
    before: Mapped[Any] = mapped_column(JSON)
    after: Mapped[Any] = mapped_column(JSON)
    on: Mapped[date] = mapped_column(Date)
    undoing: Mapped[bool] = mapped_column(Boolean, default=False)

    merge: Mapped[Merge] = relationship()
