"""Bulletins of closed quarters, their paragraphs, what offices say of their numbers, what is archived; wordings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    and_,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.people.models import Office
from registry.quarters.models import Snapshot
from registry.trail.models import TrailEntry

_OPEN = sql("state in ('drafting', 'confirming', 'approved')")
_ORIGINAL = sql("corrects_id is null and state <> 'withdrawn'")


class BulletinWording(Base):
    """A version of the wording; the last one is used for new drafts. `lines`: level, each, when, text of each line.

    Nobody saved the one that the files brought.
    """

    __tablename__ = "bulletin_wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, unique=True)
    lines: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Moment())

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return str(self.number)


class Bulletin(Base):
    """A bulletin of a closed quarter, or the erratum of one (`corrects_id`); once issued nothing of it changes.

    `numbers`: every number that it may use, as the quarter has it. `content`: what was issued, block by block, and
    `digest` over it. `long_reason`: why it is longer than it should be; `without_reason`: why it was approved without
    the word of some offices; `edits`: who wrote in it, whatever became of that.
    """

    __tablename__ = "bulletin"
    __table_args__ = (
        CheckConstraint("state in ('drafting', 'confirming', 'approved', 'issued', 'withdrawn')", name="state"),
        Index("uq_bulletin_open", "quarter", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("uq_bulletin_original", "quarter", unique=True, sqlite_where=_ORIGINAL, postgresql_where=_ORIGINAL),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[str] = mapped_column(String(6), index=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    wording_id: Mapped[int] = mapped_column(ForeignKey("bulletin_wording.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("bulletin.id"))
    state: Mapped[str] = mapped_column(word())
    numbers: Mapped[dict[str, Any]] = mapped_column(JSON)
    signature: Mapped[str] = mapped_column(String(80))
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    drafted_by_name: Mapped[str] = mapped_column(String(40))
    drafted_at: Mapped[datetime] = mapped_column(Moment())
    former_hands: Mapped[str] = mapped_column(Text, default="", server_default="")  # ",7,": who handed it over
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())
    long_reason: Mapped[str] = mapped_column(Text, default="")
    without_reason: Mapped[str] = mapped_column(Text, default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_by_name: Mapped[str] = mapped_column(String(40), default="")
    approved_at: Mapped[datetime | None] = mapped_column(Moment())
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    issued_by_name: Mapped[str] = mapped_column(String(40), default="")
    issued_at: Mapped[datetime | None] = mapped_column(Moment())
    issued_on: Mapped[date | None] = mapped_column(Date)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64), default="")
    revision: Mapped[int] = mapped_column(Integer, default=1)

    snapshot: Mapped[Snapshot] = relationship(lazy="joined")
    wording: Mapped[BulletinWording] = relationship()
    corrects: Mapped[Bulletin | None] = relationship(remote_side="Bulletin.id")
    paragraphs: Mapped[list[BulletinParagraph]] = relationship(order_by="BulletinParagraph.rank")
    files: Mapped[list[BulletinFile]] = relationship(order_by="BulletinFile.id")
    edits: Mapped[list[TrailEntry]] = relationship(
        primaryjoin=lambda: and_(
            foreign(TrailEntry.subject_id) == Bulletin.id,
            TrailEntry.subject_kind == "bulletin",
            TrailEntry.verb == "edit_bulletin",
        ),
        order_by=lambda: TrailEntry.seq,
        viewonly=True,
    )

    __mapper_args__ = {"version_id_col": revision}

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.quarter


class BulletinParagraph(Base):
    """A paragraph of the text, its numbers marked (`rules.wording`). `made`: as the wording made it, "" if by hand."""

    __tablename__ = "bulletin_paragraph"

    id: Mapped[int] = mapped_column(primary_key=True)
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletin.id"), index=True)
    rank: Mapped[int] = mapped_column(Integer)
    level: Mapped[str] = mapped_column(word())
    text: Mapped[str] = mapped_column(Text)
    made: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime | None] = mapped_column(Moment())

    @property
    def is_edited(self) -> bool:
        return self.text != self.made


class BulletinOffice(Base):
    """An office that is asked for its word since the bulletin was last sent out, and the digest of its numbers then."""

    __tablename__ = "bulletin_office"

    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletin.id"), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True, index=True)
    digest: Mapped[str] = mapped_column(String(64))


class BulletinConfirmation(Base):
    """An office confirms its numbers, or says what is wrong with them; appended, the last one counts while `digest` is
    that of its numbers.
    """

    __tablename__ = "bulletin_confirmation"

    id: Mapped[int] = mapped_column(primary_key=True)
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletin.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    digest: Mapped[str] = mapped_column(String(64))
    refused: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())

    office: Mapped[Office] = relationship(lazy="joined")


class BulletinFile(Base):
    """What is archived of an issued bulletin: the paper, and its print once a converter was there."""

    __tablename__ = "bulletin_file"
    __table_args__ = (UniqueConstraint("bulletin_id", "kind"), CheckConstraint("kind in ('docx', 'pdf')", name="kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletin.id"))
    kind: Mapped[str] = mapped_column(String(8))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment())
