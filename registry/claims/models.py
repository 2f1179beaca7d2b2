"""Claims: a second office says that a firm is its own; what both put on the table, and what was decided."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.firms.models.firms import Firm
from registry.people.models import Office


class Claim(Base):
    """A second office's nomination of a firm that another office already holds; the city office decides.

    `holder` is the office it was raised against: once the firm has moved it still reads what was decided.
    """

    __tablename__ = "claim"
    __table_args__ = (
        Index(
            "uq_claim_open_firm_office",
            "firm_id",
            "office_id",
            unique=True,
            sqlite_where=text("decided_at is null"),
            postgresql_where=text("decided_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    holder_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment())
    ground: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    granted: Mapped[bool | None] = mapped_column()
    decision: Mapped[str] = mapped_column(Text, default="")

    firm: Mapped[Firm] = relationship(lazy="joined")
    office: Mapped[Office] = relationship(foreign_keys=[office_id], lazy="joined")
    holder: Mapped[Office] = relationship(foreign_keys=[holder_id], lazy="joined")
    evidence: Mapped[list[ClaimEvidence]] = relationship(back_populates="claim", order_by="ClaimEvidence.id")


class ClaimEvidence(Base):
    """What one of the two offices puts on the table: where the firm is registered, works, pays tax; appended.

    Its file belongs to the case and not to the firm's papers: only who reads the case may have it.
    """

    __tablename__ = "claim_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    kind: Mapped[str] = mapped_column(word())
    division: Mapped[str | None] = mapped_column(ForeignKey("division.code"))
    text: Mapped[str] = mapped_column(Text)
    filename: Mapped[str] = mapped_column(String(200), default="")
    stored_name: Mapped[str] = mapped_column(String(80), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int] = mapped_column(Integer, default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())

    claim: Mapped[Claim] = relationship(back_populates="evidence")
    office: Mapped[Office] = relationship(lazy="joined")
