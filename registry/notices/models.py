"""Nudges between offices, notices in the inbox, and letters that wait for the mail server."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.people.models import Office


class Nudge(Base):
    """One 催办: about what, from whom, to which office; appended. `answered_at` once the matter has moved on."""

    __tablename__ = "nudge"
    __table_args__ = (Index("ix_nudge_subject", "subject_kind", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(word())  # notices/rules.py: review, mend, claim
    subject_id: Mapped[int] = mapped_column(Integer)
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    from_office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40), default="")
    automatic: Mapped[bool] = mapped_column(Boolean, default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment())
    answered_at: Mapped[datetime | None] = mapped_column(Moment())

    office: Mapped[Office] = relationship(foreign_keys=[office_id], lazy="joined")
    from_office: Mapped[Office | None] = relationship(foreign_keys=[from_office_id], lazy="joined")


class Notice(Base):
    """A sentence for an office's people (or one person): a template of our vocabulary and what fills it."""

    __tablename__ = "notice"
    unsealed = "a message about what is sealed itself"
    __table_args__ = (Index("ix_notice_office_id_id", "office_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str | None] = mapped_column(word())
    kind: Mapped[str] = mapped_column(word())
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    subject_kind: Mapped[str] = mapped_column(word(), default="")
    subject_id: Mapped[int | None] = mapped_column(Integer)
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)
    nudge_id: Mapped[int | None] = mapped_column(ForeignKey("nudge.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment())


class NoticeRead(Base):
    """Who has seen a notice, and when."""

    __tablename__ = "notice_read"
    unsealed = "who read a message"
    __table_args__ = (UniqueConstraint("notice_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment())


class Letter(Base):
    """An e-mail to one person about one notice; it names no firm and no figure, only that something waits."""

    __tablename__ = "letter"
    unsealed = "a message on its way"
    __table_args__ = (UniqueConstraint("notice_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())
    tries: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[datetime | None] = mapped_column(Moment(), index=True)  # None: nothing more will be tried
    sent_at: Mapped[datetime | None] = mapped_column(Moment())
    error: Mapped[str] = mapped_column(Text, default="")
