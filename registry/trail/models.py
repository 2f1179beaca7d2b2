"""The trail: one appended row an act, each carrying the hash of the one before; the database refuses the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.base.tables import Base, Moment, word


class TrailEntry(Base):
    __tablename__ = "trail_entry"
    __table_args__ = (
        Index("ix_trail_entry_subject", "subject_kind", "subject_id", "seq"),
        Index("ix_trail_entry_actor_id_seq", "actor_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment())
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[str] = mapped_column(String(64))
    office_code: Mapped[str] = mapped_column(word())
    verb: Mapped[str] = mapped_column(word())
    subject_kind: Mapped[str] = mapped_column(word())
    subject_id: Mapped[int | None] = mapped_column(Integer)
    subject_label: Mapped[str] = mapped_column(String(200), default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class TrailHead(Base):
    """The end of the chain; its one row is locked while a writer appends."""

    __tablename__ = "trail_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, default=0)
    hash: Mapped[str] = mapped_column(String(64))
