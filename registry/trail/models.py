"""The trail: one appended row an act, each carrying the hash of the one before; the database refuses the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.base.tables import Base, Moment, word


class TrailEntry(Base):
    __tablename__ = "trail_entry"
    unsealed = "a chain of its own"
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
    # the end of the chain of seals when this was written: who notes the trail's end has noted what rows stood there
    seals_hash: Mapped[str | None] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class TrailHead(Base):
    """The ends of both chains; its one row is locked while a writer appends."""

    __tablename__ = "trail_head"
    unsealed = "the end of the chains"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, default=0)
    hash: Mapped[str] = mapped_column(String(64))
    seals: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    seals_hash: Mapped[str] = mapped_column(String(64), default="0" * 64, server_default="0" * 64)
    # the schema whose rows were sealed as it left them
    settled: Mapped[str] = mapped_column(String(32), default="", server_default="")


class SealShape(Base):
    """The columns of a table, in the order in which seals digest them."""

    __tablename__ = "seal_shape"
    unsealed = "part of every seal's hash"

    id: Mapped[int] = mapped_column(primary_key=True)
    of_table: Mapped[str] = mapped_column(String(64), index=True)
    columns: Mapped[str] = mapped_column(Text)


class RowSeal(Base):
    """How a row was left by a transaction: a digest of each of its fields; without `state` the row was deleted.

    `supersedes` is the seal before it of the same row, 0 for none. A seal that another one supersedes has lost its
    `salt`: that the row once held some text can then not be found out by trying.
    """

    __tablename__ = "row_seal"
    __table_args__ = (
        Index("ix_row_seal_row", "of_table", "row_key", sqlite_where=text("salt is not null"),
              postgresql_where=text("salt is not null")),
        Index("ix_row_seal_supersedes", "supersedes"),
    )  # fmt: skip
    unsealed = "a chain of its own"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    trail_seq: Mapped[int] = mapped_column(Integer)
    of_table: Mapped[str] = mapped_column(String(64))
    row_key: Mapped[str] = mapped_column(Text)
    shape_id: Mapped[int] = mapped_column(ForeignKey("seal_shape.id"))
    supersedes: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[bytes | None] = mapped_column(LargeBinary)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[str] = mapped_column(String(64))
