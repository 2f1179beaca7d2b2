"""Intake windows, the state of each paper, filings with the result of every level, and the yearly re-check."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, money, word
from registry.documents.models import Document
from registry.firms.models.firms import Firm
from registry.people.models import Office


class IntakeWindow(Base):
    """One announced window of a year: which door, when it closes, on which month's statement. Void, never deleted."""

    __tablename__ = "intake_window"
    __table_args__ = (
        CheckConstraint("opens_on <= closes_on", name="order"),
        CheckConstraint("statement_month between 1 and 12", name="statement_month"),
        Index("ix_intake_window_year_closes_on", "year", "closes_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger)
    door: Mapped[str] = mapped_column(word())
    batch: Mapped[str] = mapped_column(String(60))
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    statement_year: Mapped[int] = mapped_column(SmallInteger)
    statement_month: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[str] = mapped_column(Text)
    verified: Mapped[bool] = mapped_column(Boolean, default=False)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Moment())
    voided_at: Mapped[datetime | None] = mapped_column(Moment())
    void_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return f"{self.year} {self.batch}"


class PaperState(Base):
    """What is known of one paper of a firm for one statement month; appended, the last one counts."""

    __tablename__ = "paper_state"
    __table_args__ = (
        CheckConstraint("state in ('held', 'missing', 'requested', 'waived')", name="state"),
        Index("ix_paper_state_firm_id_year_month", "firm_id", "year", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    material: Mapped[str] = mapped_column(ForeignKey("material.code"))
    year: Mapped[int] = mapped_column(SmallInteger)
    month: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(word())
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    sealed: Mapped[bool] = mapped_column(Boolean, default=False)
    remark: Mapped[str] = mapped_column(Text, default="")
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Moment())

    document: Mapped[Document | None] = relationship(lazy="joined")
    office: Mapped[Office] = relationship(lazy="joined")


class Filing(Base):
    """One filing of a firm in one window; `outcome` is empty while it is under way, and one at most is a firm's.

    `verdict`: the position it was filed on: {"amount", "period", "line", "rule_id", "version", "conditions"}.
    """

    __tablename__ = "filing"
    __table_args__ = (
        CheckConstraint("outcome is null or outcome in ('returned', 'enrolled')", name="outcome"),
        Index(
            "uq_filing_open_firm",
            "firm_id",
            unique=True,
            sqlite_where=text("outcome is null"),
            postgresql_where=text("outcome is null"),
        ),
        Index("ix_filing_firm_id_id", "firm_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    window_id: Mapped[int] = mapped_column(ForeignKey("intake_window.id"), index=True)
    door: Mapped[str] = mapped_column(word())
    year: Mapped[int] = mapped_column(SmallInteger)
    month: Mapped[int] = mapped_column(SmallInteger)
    filed_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    outcome: Mapped[str | None] = mapped_column(word())
    closed_on: Mapped[date | None] = mapped_column(Date)
    effective_year: Mapped[int | None] = mapped_column(SmallInteger)
    effective_month: Mapped[int | None] = mapped_column(SmallInteger)
    reference: Mapped[str] = mapped_column(Text, default="")
    first_time: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)

    firm: Mapped[Firm] = relationship(lazy="joined")
    window: Mapped[IntakeWindow] = relationship(lazy="joined")
    results: Mapped[list[LevelResult]] = relationship(back_populates="filing", order_by="LevelResult.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.firm.name


class LevelResult(Base):
    """What one level of the statistics chain said of a filing; appended, never changed."""

    __tablename__ = "level_result"
    __table_args__ = (CheckConstraint("level in ('county', 'city', 'province', 'national')", name="level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    level: Mapped[str] = mapped_column(word())
    passed: Mapped[bool] = mapped_column(Boolean)
    on: Mapped[date] = mapped_column(Date)
    reference: Mapped[str] = mapped_column(Text, default="")
    reason_code: Mapped[str | None] = mapped_column(ForeignKey("return_reason.code"))
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())

    filing: Mapped[Filing] = relationship(back_populates="results")


class Recheck(Base):
    """The yearly look at an enrolled firm with its December figure; the last one of a year counts.

    `outcome`: stays, leaves (to be delisted by `leave_by`), or left open for a named reason (`note`).
    """

    __tablename__ = "recheck"
    __table_args__ = (
        UniqueConstraint("firm_id", "year", "round"),
        CheckConstraint("outcome in ('stays', 'leaves', 'open')", name="outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    round: Mapped[int] = mapped_column(Integer, default=1)
    outcome: Mapped[str] = mapped_column(word())
    amount: Mapped[Decimal | None] = mapped_column(money())
    line: Mapped[Decimal | None] = mapped_column(money())
    rule_id: Mapped[str] = mapped_column(String(40), default="")
    rule_version: Mapped[int | None] = mapped_column(Integer)
    leave_by: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    on: Mapped[date] = mapped_column(Date)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Moment())
