"""Schemes of appraisal with their weights; what is scored is held to the closed list by the database itself."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word


class AppraisalScheme(Base):
    """What a document says is appraised, from a day to a day; nothing of it is changed, a later one follows.

    `outcome` is empty while it waits for a second person, then issued or returned; `stopped_at`: it was ended early.
    """

    __tablename__ = "appraisal_scheme"
    __table_args__ = (
        CheckConstraint("outcome is null or outcome in ('issued', 'returned')", name="outcome"),
        CheckConstraint("document_no <> ''", name="document_no"),
        CheckConstraint("valid_from <= valid_to", name="days"),
        CheckConstraint("outcome is null or decided_by_id <> prepared_by_id", name="two_people"),
        Index(
            "uq_appraisal_scheme_open_year",
            "year",
            unique=True,
            sqlite_where=sql("outcome is null"),
            postgresql_where=sql("outcome is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger)
    document_no: Mapped[str] = mapped_column(String(80))
    document_name: Mapped[str] = mapped_column(String(200))
    document_on: Mapped[date] = mapped_column(Date)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    prepared_by_name: Mapped[str] = mapped_column(String(40))
    prepared_at: Mapped[datetime] = mapped_column(Moment())
    outcome: Mapped[str | None] = mapped_column(word())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_name: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    opinion: Mapped[str] = mapped_column(Text, default="")
    stopped_at: Mapped[datetime | None] = mapped_column(Moment())
    stopped_by_name: Mapped[str] = mapped_column(String(40), default="")
    stop_reason: Mapped[str] = mapped_column(Text, default="")

    weights: Mapped[list[AppraisalWeight]] = relationship(order_by="AppraisalWeight.id", lazy="selectin")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.document_no


class AppraisalWeight(Base):
    """How much of a hundred an item is."""

    __tablename__ = "appraisal_weight"
    __table_args__ = (
        UniqueConstraint("scheme_id", "item"),
        CheckConstraint("item in ('tasks', 'quarters', 'mended', 'nudges')", name="item"),
        CheckConstraint("weight between 1 and 100", name="weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("appraisal_scheme.id"))
    item: Mapped[str] = mapped_column(word())
    weight: Mapped[int] = mapped_column(SmallInteger)
