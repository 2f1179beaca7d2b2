"""Kinds of cases in editions, cases with their papers and steps, notices, opinions, certificates; what is used once."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
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
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, money, word
from registry.cases.rules.kinds import Kind, StateKind, kind_of
from registry.firms.models.firms import Firm
from registry.people.models import Office

_ONE_DRAFT = sql("state = 'draft'")
_IN_USE = sql("released_at is null")


class CaseKind(Base):
    """An edition of a kind: what `definition` says, and nothing else. Once published it never changes.

    `prepared_by` is empty where a folder brought it.
    """

    __tablename__ = "case_kind"
    __table_args__ = (
        UniqueConstraint("code", "edition"),
        CheckConstraint("state in ('draft', 'published', 'dropped')", name="state"),
        Index("uq_case_kind_draft", "code", unique=True, sqlite_where=_ONE_DRAFT, postgresql_where=_ONE_DRAFT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(word())
    edition: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(80))
    group: Mapped[str] = mapped_column("kind_group", word())
    state: Mapped[str] = mapped_column(word(), default="draft")
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    valid_from: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, default="")
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    prepared_by_name: Mapped[str] = mapped_column(String(40), default="")
    prepared_at: Mapped[datetime] = mapped_column(Moment())
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_by_name: Mapped[str] = mapped_column(String(40), default="")
    published_at: Mapped[datetime | None] = mapped_column(Moment())

    @cached_property
    def kind(self) -> Kind:
        return kind_of(self.definition)


class CaseCohort(Base):
    """A year of a group of kinds (2020年度): cases of one year are never counted with those of another."""

    __tablename__ = "case_cohort"
    __table_args__ = (UniqueConstraint("kind_group", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[str] = mapped_column("kind_group", word())
    year: Mapped[int] = mapped_column(SmallInteger)
    document: Mapped[str] = mapped_column(String(200))
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date | None] = mapped_column(Date)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Moment())

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return str(self.year)


class Case(Base):
    """One case of an edition of a kind.

    The applicant is a firm, an institution, a body (`body`: name, credit_code, address, phone, legal_person) or
    another case (`about_id`). `values`: text of each field; `rows`: of each list, its rows. `slip`: how the award was
    worked out, as it was when it was decided; `amount` what came of it, in yuan.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint("amount is null or amount >= 0", name="amount"),
        Index("ix_case_file_code_state", "code", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("case_kind.id"))
    code: Mapped[str] = mapped_column(word())
    group: Mapped[str] = mapped_column("kind_group", word(), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("case_cohort.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    body: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    about_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    applicant: Mapped[str] = mapped_column(String(200))
    values: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    rows: Mapped[dict[str, list[dict[str, str]]]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(word())
    is_open: Mapped[bool] = mapped_column(Boolean, default=True)
    turn: Mapped[str] = mapped_column(String(60), default="", server_default="")  # ",clerk,bureau,": whose step comes
    since: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    round: Mapped[int] = mapped_column(SmallInteger, default=0)
    next_step: Mapped[str] = mapped_column(String(200), default="")
    next_on: Mapped[date | None] = mapped_column(Date)
    amount: Mapped[Decimal | None] = mapped_column(money())
    slip: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("case_notice.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    revision: Mapped[int] = mapped_column(Integer, default=1)

    edition: Mapped[CaseKind] = relationship(lazy="joined")
    cohort: Mapped[CaseCohort | None] = relationship(lazy="joined")
    office: Mapped[Office] = relationship(foreign_keys=[office_id], lazy="joined")
    bureau: Mapped[Office] = relationship(foreign_keys=[bureau_id], lazy="joined")
    firm: Mapped[Firm | None] = relationship()
    about: Mapped[Case | None] = relationship(remote_side="Case.id")
    notice: Mapped[CaseNotice | None] = relationship()
    events: Mapped[list[CaseEvent]] = relationship(order_by="CaseEvent.id")
    papers: Mapped[list[CasePaper]] = relationship(order_by="CasePaper.id")
    cells: Mapped[list[CaseCell]] = relationship(order_by="CaseCell.id")
    opinions: Mapped[list[CaseOpinion]] = relationship(order_by="CaseOpinion.id")
    certificates: Mapped[list[CaseCertificate]] = relationship(order_by="CaseCertificate.id")
    about_this: Mapped[list[Case]] = relationship(remote_side="Case.about_id", order_by="Case.id", viewonly=True)

    __mapper_args__ = {"version_id_col": revision}

    @property
    def kind(self) -> Kind:
        return self.edition.kind

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.number

    @property
    def is_draft(self) -> bool:
        return self.kind.state(self.state).kind is StateKind.DRAFT


class CaseEvent(Base):
    """A step that was taken; appended. `due_on`: by when the next was due then."""

    __tablename__ = "case_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    verb: Mapped[str] = mapped_column(word())
    step: Mapped[str] = mapped_column(String(80))
    start: Mapped[str] = mapped_column(word())
    end: Mapped[str] = mapped_column("to_state", word())
    round: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str] = mapped_column(Text, default="")
    decides: Mapped[bool] = mapped_column(Boolean, default=False)
    due_on: Mapped[date | None] = mapped_column(Date)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    on: Mapped[date] = mapped_column("on_day", Date)
    at: Mapped[datetime] = mapped_column(Moment())

    office: Mapped[Office | None] = relationship(lazy="joined")


class CaseCell(Base):
    """A cell that came back: a field, list or paper of the case, in which round and why."""

    __tablename__ = "case_cell"
    __table_args__ = (UniqueConstraint("case_id", "round", "cell"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    round: Mapped[int] = mapped_column(SmallInteger)
    cell: Mapped[str] = mapped_column(word())
    reason: Mapped[str] = mapped_column(Text)


class CasePaper(Base):
    """A paper of a case: metadata here, bytes in the folder of files."""

    __tablename__ = "case_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    paper: Mapped[str] = mapped_column(word())
    year: Mapped[int | None] = mapped_column(SmallInteger)
    filename: Mapped[str] = mapped_column(String(200))
    stored_name: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Moment())
    voided_at: Mapped[datetime | None] = mapped_column(Moment())
    void_reason: Mapped[str] = mapped_column(Text, default="")


class CaseUse(Base):
    """What a case uses up: an invoice, a piece of equipment, a platform; free again only once the case released it.

    `strict`: two that are equal are the same thing, which the database refuses; `loose`: those equal are compared.
    """

    __tablename__ = "case_use"
    __table_args__ = (
        Index("uq_case_use_strict", "space", "strict", unique=True, sqlite_where=_IN_USE, postgresql_where=_IN_USE),
        Index("ix_case_use_loose", "space", "loose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    space: Mapped[str] = mapped_column(word())
    strict: Mapped[str] = mapped_column(String(300))
    loose: Mapped[str] = mapped_column(String(200))
    parts: Mapped[dict[str, str]] = mapped_column(JSON)
    shown: Mapped[str] = mapped_column(String(300))
    released_at: Mapped[datetime | None] = mapped_column(Moment())

    case: Mapped[Case] = relationship()


class CaseNotice(Base):
    """A public notice (公示) of cases; its text never changes; from `first_day` to `last_day`, both included."""

    __tablename__ = "case_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("case_kind.id"))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[list[str]]] = mapped_column(JSON)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    unannounced: Mapped[str] = mapped_column(String(40), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")

    edition: Mapped[CaseKind] = relationship(lazy="joined")
    cases: Mapped[list[Case]] = relationship(order_by="Case.number", viewonly=True)

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.number


class CaseOpinion(Base):
    """The signed, sealed opinion of an expert, entered by the bureau; read by nobody until `opened_at`.

    `recusal`: why the expert takes no part; then there are no scores. `scores`: criterion -> [points, reason].
    """

    __tablename__ = "case_opinion"
    __table_args__ = (UniqueConstraint("case_id", "expert"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    expert: Mapped[str] = mapped_column(String(40))
    employer: Mapped[str] = mapped_column(String(200))
    former_employers: Mapped[str] = mapped_column(Text, default="")
    interests: Mapped[str] = mapped_column(Text, default="")
    recusal: Mapped[str] = mapped_column(Text, default="")
    scores: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    opinion: Mapped[str] = mapped_column(Text, default="")
    favours: Mapped[bool | None] = mapped_column(Boolean)
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("case_paper.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    opened_at: Mapped[datetime | None] = mapped_column(Moment())


class CaseCertificate(Base):
    """What a case of recognition ends in; anybody who holds it checks it by `check_code`."""

    __tablename__ = "case_certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    check_code: Mapped[str] = mapped_column(String(32), unique=True)
    holder: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment())

    case: Mapped[Case] = relationship(viewonly=True)

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.number
