"""Kinds of qualification, certificates of firms and institutions, what they may test, warnings, workbooks brought."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, SmallInteger, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.documents.models import Document
from registry.firms.models.firms import Firm
from registry.institutions.models import Institution
from registry.people.models import Office

Holder = Firm | Institution
"""Whoever certificates are issued to."""


class QualificationKind(Base):
    """A kind of certificate, as `seeds/qualification_kinds.csv` says; a number that does not fit is doubted only."""

    __tablename__ = "qualification_kind"

    code: Mapped[str] = mapped_column(word(), primary_key=True)
    rank: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    short_name: Mapped[str] = mapped_column(String(20), unique=True)
    issuer: Mapped[str] = mapped_column(String(120), default="")
    # of the folded number, the whole of it; empty where nobody knows how such a number is built
    number_pattern: Mapped[str] = mapped_column(String(200), default="")
    number_form: Mapped[str] = mapped_column(String(300), default="")
    years_valid: Mapped[int | None] = mapped_column(SmallInteger)
    renew_months: Mapped[int | None] = mapped_column(SmallInteger)
    # whether its holder tests: then object, parameter and standard may be listed
    with_items: Mapped[bool] = mapped_column(Boolean)
    source: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(String(200))
    checked_on: Mapped[date] = mapped_column(Date)
    verified: Mapped[bool] = mapped_column(Boolean)


class Qualification(Base):
    """One certificate as it was entered; renewed or corrected by another row, voided with a reason, never overwritten.

    Its holder is a firm, with one of the firm's papers, or an institution, which has papers of its own.
    `ended`: what became of the row; a renewed one stays true for its own days.
    """

    __tablename__ = "qualification"
    __table_args__ = (
        CheckConstraint("(firm_id is null) <> (institution_id is null)", name="one_holder"),
        CheckConstraint("document_id is null or firm_id is not null", name="document"),
        CheckConstraint("paper_id is null or institution_id is not null", name="paper"),
        CheckConstraint("ended is null or ended in ('voided', 'corrected', 'renewed')", name="ended"),
        CheckConstraint("(ended is null) = (ended_at is null)", name="ended_at"),
        CheckConstraint("valid_to is null or valid_from <= valid_to", name="days"),
        CheckConstraint("renews_id is null or renews_id <> id", name="renews"),
        # of one number and kind one row stands, whoever enters it: of two who do so at once, one is refused
        Index(
            "uq_qualification_standing",
            "kind",
            "number_key",
            unique=True,
            sqlite_where=sql("ended is null"),
            postgresql_where=sql("ended is null"),
        ),
        Index("ix_qualification_firm_id_kind", "firm_id", "kind"),
        Index("ix_qualification_institution_id", "institution_id"),
        Index("ix_qualification_kind_valid_to", "kind", "valid_to"),
        Index("ix_qualification_valid_to", "valid_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    kind: Mapped[str] = mapped_column(ForeignKey("qualification_kind.code"))
    number: Mapped[str] = mapped_column(String(60))
    number_key: Mapped[str] = mapped_column(String(60))
    issuer: Mapped[str] = mapped_column(String(120))
    scope: Mapped[str] = mapped_column(Text, default="", server_default="")
    valid_from: Mapped[date] = mapped_column(Date)
    # None: valid until something else is said (长期)
    valid_to: Mapped[date | None] = mapped_column(Date)
    # why a number or days that look unlike the kind's are right all the same
    doubt_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("qualification_paper.id"))
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("qualification.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("qualification.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    ended: Mapped[str | None] = mapped_column(word())
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    ended_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    end_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    firm: Mapped[Firm | None] = relationship(lazy="joined")
    institution: Mapped[Institution | None] = relationship(lazy="joined")
    office: Mapped[Office] = relationship(lazy="joined")
    document: Mapped[Document | None] = relationship(lazy="joined")
    paper: Mapped[QualificationPaper | None] = relationship(lazy="joined")

    @property
    def holder(self) -> Holder:
        """Whoever it was issued to. Raises ValueError where the row names nobody, which the database refuses."""
        found = self.firm or self.institution
        if found is None:
            raise ValueError(f"qualification {self.id} has no holder")
        return found

    @property
    def proof(self) -> Document | QualificationPaper | None:
        """The paper that shows it."""
        return self.document or self.paper

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return f"{self.holder.name} {self.number}"


class QualificationPaper(Base):
    """A scan of an institution's certificate: metadata here, bytes in the folder of files; a firm has `Document`s."""

    __tablename__ = "qualification_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    stored_name: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())


class QualificationItem(Base):
    """One line of what a testing body may test."""

    __tablename__ = "qualification_item"
    __table_args__ = (Index("ix_qualification_item_qualification_id", "qualification_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    qualification_id: Mapped[int] = mapped_column(ForeignKey("qualification.id"))
    rank: Mapped[int] = mapped_column(SmallInteger)
    item: Mapped[str] = mapped_column(String(200))
    parameter: Mapped[str] = mapped_column(String(300), default="", server_default="")
    standard: Mapped[str] = mapped_column(String(300), default="", server_default="")


class QualificationWarning(Base):
    """An office was told that a certificate expires: once for each threshold."""

    __tablename__ = "qualification_warning"
    unsealed = "which warning was sent"
    __table_args__ = (
        CheckConstraint("threshold in ('first', 'last')", name="threshold"),
        Index("uq_qualification_warning_once", "qualification_id", "threshold", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    qualification_id: Mapped[int] = mapped_column(ForeignKey("qualification.id"))
    threshold: Mapped[str] = mapped_column(word())
    at: Mapped[datetime] = mapped_column(Moment())


class BroughtBook:
    """What every workbook is that somebody brings and settles later, here and above: who, when, which file, its rows
    as they were read. What they would do is asked anew until it is settled.

    `rows`: as `sheets.brought.BroughtRow` says itself; `reading`: what of the file was not read; `counts`: what was
    done.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[list[Any]] = mapped_column(JSON)
    reading: Mapped[dict[str, Any]] = mapped_column(JSON)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    outcome: Mapped[str | None] = mapped_column(word())
    settled_at: Mapped[datetime | None] = mapped_column(Moment())
    settled_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    @declared_attr
    def office(self) -> Mapped[Office]:
        return relationship(Office, lazy="joined")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.filename


class QualificationLoad(BroughtBook, Base):
    """A workbook of qualifications that was brought."""

    __tablename__ = "qualification_load"
    __table_args__ = (CheckConstraint("outcome is null or outcome in ('applied', 'given_up')", name="outcome"),)
