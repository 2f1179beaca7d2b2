"""Attached papers: metadata here, bytes under a random name outside the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment
from registry.people.models import Office


class Document(Base):
    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    material: Mapped[str] = mapped_column(ForeignKey("material.code"))
    year: Mapped[int | None] = mapped_column(SmallInteger)
    month: Mapped[int | None] = mapped_column(SmallInteger)
    # of a paper that states the cumulative amount of each month since: the first of them, in the same year
    first_month: Mapped[int | None] = mapped_column(SmallInteger)
    # of a scan that holds several papers: which pages are this one, "1-3, 5"; empty is the whole file
    pages: Mapped[str] = mapped_column(String(40), default="", server_default="")
    filename: Mapped[str] = mapped_column(String(200))
    stored_name: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Moment())
    voided_at: Mapped[datetime | None] = mapped_column(Moment())
    void_reason: Mapped[str] = mapped_column(Text, default="")
    # the bureau in charge has looked at a note on a large difference (M07) and takes it
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment())
    confirmed_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")

    office: Mapped[Office] = relationship(lazy="joined")
