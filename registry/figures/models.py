"""Figures of a firm: cumulative yuan, or persons, by month or year, appended, never overwritten; and disputes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Integer, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.faults import Notice
from registry.base.tables import Base, Moment, money, word
from registry.documents.models import Document
from registry.people.models import Office


class Figure(Base):
    """`month` 1 to 12 is cumulative from January; 0 is the full year. The highest revision not voided counts."""

    __tablename__ = "figure"
    __table_args__ = (
        UniqueConstraint("firm_id", "kind", "year", "month", "revision"),
        CheckConstraint("month between 0 and 12", name="month"),
        CheckConstraint("kind in ('revenue', 'vat_sales', 'employees')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    kind: Mapped[str] = mapped_column(word())
    year: Mapped[int] = mapped_column(SmallInteger)
    month: Mapped[int] = mapped_column(SmallInteger)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    amount: Mapped[Decimal] = mapped_column(money())
    source: Mapped[str] = mapped_column(word())
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Moment())
    voided_at: Mapped[datetime | None] = mapped_column(Moment())
    # [{"cause", "values"}]: what was odd about it when it was given; and why its author gave it all the same
    doubts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    assurance: Mapped[str] = mapped_column(Text, default="", server_default="")
    # another office has looked at the paper and found the doubts without ground
    settled_at: Mapped[datetime | None] = mapped_column(Moment())
    settled_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    settled_note: Mapped[str] = mapped_column(Text, default="", server_default="")

    @property
    def is_doubted(self) -> bool:
        return bool(self.doubts) and self.settled_at is None

    @property
    def told(self) -> list[Notice]:
        """Its doubts as sentences."""
        return [Notice(f"figure_{doubt['cause']}", doubt["values"]) for doubt in self.doubts]

    document: Mapped[Document | None] = relationship(lazy="joined")
    office: Mapped[Office] = relationship(lazy="joined")


class Dispute(Base):
    """Another office's recorded doubt about a figure; only the proposing office may answer by a correction."""

    __tablename__ = "dispute"

    id: Mapped[int] = mapped_column(primary_key=True)
    figure_id: Mapped[int] = mapped_column(ForeignKey("figure.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    reason: Mapped[str] = mapped_column(Text)

    figure: Mapped[Figure] = relationship(lazy="joined")
    office: Mapped[Office] = relationship(lazy="joined")
