"""The frozen quarter: every listed firm as it was reported, with figures, verdicts, digests; nothing in it changes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, event, text, true
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria

from registry.base.tables import Base, Moment, money, sorted_text, word


class Snapshot(Base):
    """A closed quarter. `digest` is of its canonical rows and changes; `chain_*` is the trail's head at that moment.

    `header`: what the directory says above and beside its rows (city, scope, rules); `checklist`: what was open.
    `beside`: canonical text of what features above keep with a quarter; its digest stands in the header.
    """

    __tablename__ = "snapshot"

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[str] = mapped_column(String(6), unique=True)
    as_of: Mapped[date] = mapped_column(Date)
    closed_at: Mapped[datetime] = mapped_column(Moment())
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_by_name: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text, default="")
    rows: Mapped[int] = mapped_column(Integer)
    changes: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("snapshot.id"))
    chain_seq: Mapped[int] = mapped_column(Integer)
    chain_hash: Mapped[str] = mapped_column(String(64))
    header: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    checklist: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    beside: Mapped[str] = mapped_column(Text, default="", server_default="", deferred=True)
    sealed: Mapped[bool] = mapped_column(server_default=true())  # until then it is being written, and hidden


class AsOfThen:
    """Where a firm belonged when the quarter was closed: the row scope of whoever reads it later."""

    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    county: Mapped[str | None] = mapped_column(String(12))
    lead_bureau_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    co_bureaus: Mapped[str] = mapped_column(Text, default="")  # ",commerce," so that LIKE finds one code


class SnapshotRow(AsOfThen, Base):
    """One firm in the canonical order; `payload` is canonical text, so that the same bytes come out for ever."""

    __tablename__ = "snapshot_row"
    unsealed = "in the digest of its snapshot"
    __table_args__ = (
        UniqueConstraint("snapshot_id", "firm_id"),
        Index("ix_snapshot_row_snapshot_id_number", "snapshot_id", "number", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    stage: Mapped[str] = mapped_column(word())
    tier: Mapped[str | None] = mapped_column(String(1))
    payload: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))


class SnapshotChange(AsOfThen, Base):
    """One line of what the quarter changed, or of what it puts right in an earlier one (更正)."""

    __tablename__ = "snapshot_change"
    unsealed = "in the digest of its snapshot"
    __table_args__ = (Index("ix_snapshot_change_snapshot_id_number", "snapshot_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(word())
    payload: Mapped[str] = mapped_column(Text)


class QuarterCertificate(Base):
    """An office certifies its part of a quarter, or says why it does not (`refused`); of an office one is in force.

    `digest`: of its rows (`rules.certificates.digest_of`). `points`: what of it was open. `ended_at`, once it no longer
    counts; the row stays.
    """

    __tablename__ = "quarter_certificate"
    __table_args__ = (
        Index(
            "uq_quarter_certificate_in_force",
            "quarter",
            "office_id",
            unique=True,
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[str] = mapped_column(String(6), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    rows: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    refused: Mapped[str] = mapped_column(Text, default="")
    points: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    ended: Mapped[str] = mapped_column(word(), default="")


class CertifyExtension(Base):
    """One office has longer to certify a quarter; appended, the last one counts."""

    __tablename__ = "certify_extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[str] = mapped_column(String(6), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    until: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())


class QuarterLine(Base):
    """Kept of a firm for a quarter that is not closed: what `queries.lines.worked_out` made of it.

    Derived, and thrown away at will: so it holds no other table's rows in place.
    """

    __tablename__ = "quarter_line"
    unsealed = "drawn from the rows it tells of"
    __table_args__ = (
        Index("ix_quarter_line_quarter_lead_bureau_id", "quarter", "lead_bureau_id"),
        # What a page of firms looks through, in the order of the book, and what an office certifies.
        Index("ix_quarter_line_found", "quarter", "held", "place", "firm_id", "sought", "traits"),
        Index("ix_quarter_line_parts", "quarter", "office_id", "lead_bureau_id", "digest"),
    )

    quarter: Mapped[str] = mapped_column(String(6), primary_key=True)
    firm_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    office_id: Mapped[int | None] = mapped_column(Integer)
    lead_bureau_id: Mapped[int | None] = mapped_column(Integer)
    listed: Mapped[bool] = mapped_column()
    held: Mapped[bool] = mapped_column()
    county: Mapped[str | None] = mapped_column(String(12))
    division: Mapped[str | None] = mapped_column(String(40))
    industry: Mapped[str] = mapped_column(String(2))
    stage: Mapped[str | None] = mapped_column(word())
    tier: Mapped[str | None] = mapped_column(String(1))
    division_code: Mapped[str | None] = mapped_column(String(12))
    revenue: Mapped[Decimal | None] = mapped_column(money())
    proposer: Mapped[str | None] = mapped_column(String(120))
    lead_bureau: Mapped[str | None] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(sorted_text())
    sought: Mapped[str] = mapped_column(Text)
    traits: Mapped[str] = mapped_column(Text)
    rules: Mapped[str] = mapped_column(Text)
    row: Mapped[str] = mapped_column(Text)
    changes: Mapped[str] = mapped_column(Text)


class QuarterLineChange(Base):
    """One change of a line, taken out of it so that changes can be counted, looked for and turned over."""

    __tablename__ = "quarter_line_change"
    unsealed = "drawn from the rows it tells of"
    __table_args__ = (
        Index("ix_quarter_line_change_found", "quarter", "place", "firm_id", "number", "sought", "traits"),
    )

    quarter: Mapped[str] = mapped_column(String(6), primary_key=True)
    firm_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(word())
    way: Mapped[str] = mapped_column(String(40))
    listed: Mapped[int] = mapped_column(Integer)
    division: Mapped[str | None] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(sorted_text())
    sought: Mapped[str] = mapped_column(Text)
    traits: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class QuarterDrawing(Base):
    """That the lines of a quarter are kept, on which basis, and whether they are all there yet.

    `sums`: what all of them add up to (`queries.sums`); empty from the first line written until they are added up.
    """

    __tablename__ = "quarter_drawing"
    unsealed = "how far lines are drawn"

    quarter: Mapped[str] = mapped_column(String(6), primary_key=True)
    basis: Mapped[str] = mapped_column(String(100))
    complete: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)  # of two who write, the second begins again
    sums: Mapped[str] = mapped_column(Text, default="")


class QuarterTouch(Base):
    """A firm of which something was written; noted by the database itself, in the transaction that wrote it."""

    __tablename__ = "quarter_touch"
    unsealed = "which lines are to be drawn"

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(Integer)


class QuarterBasis(Base):
    """How often what is the same for every firm was changed; one row, counted by the database itself."""

    __tablename__ = "quarter_basis"
    unsealed = "drawn from the rows it tells of"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer)


_SEALED = with_loader_criteria(Snapshot, Snapshot.sealed, include_aliases=True)


@event.listens_for(Session, "do_orm_execute")
def _hide(asked: ORMExecuteState) -> None:
    """A quarter that is being closed is nobody's yet."""
    if asked.is_select and not asked.is_column_load:
        asked.statement = asked.statement.options(_SEALED)
