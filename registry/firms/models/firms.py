"""The firm: one row from the first time anybody names it, and its former names with their dates."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, money, ratio, word
from registry.people.models import Office

if TYPE_CHECKING:
    from registry.proposals.models import Proposal

STAGES = (
    "'lead', 'proposed', 'under_review', 'returned', 'withdrawn', 'rejected', 'admitted', 'qualified', 'filed', "
    "'in_chain', 'enrolled', 'removed', 'delisted', 'merged'"
)

LISTED_TEXT = "stage in ('admitted', 'qualified', 'filed', 'in_chain')"
CROSSED_TEXT = "(case when rate is null then 2 when revenue_to_date < statutory_line then 0 else 1 end)"
DISTANCE_TEXT = "(case when rate is null then 0 when revenue_to_date < statutory_line then -rate else rate end)"
"""The order of firms by how near they are to their line (`firms.queries.nearest`), in the words of the index."""


class Firm(Base):
    """`office` is the proposing office (it edits); `statistical_county` is where the firm counts, once."""

    __tablename__ = "firm"
    __table_args__ = (
        CheckConstraint(f"stage in ({STAGES})", name="stage"),
        CheckConstraint("credit_code is null or length(credit_code) = 18", name="credit_code_length"),
        # A firm voided by undoing its import frees its code.
        Index(
            "uq_firm_credit_code",
            "credit_code",
            unique=True,
            sqlite_where=text("voided_at is null"),
            postgresql_where=text("voided_at is null"),
        ),
        Index("ix_firm_office_id_id", "office_id", "id"),
        Index("ix_firm_statistical_county_id", "statistical_county", "id"),
        Index("ix_firm_lead_bureau_id_id", "lead_bureau_id", "id"),
        Index("ix_firm_stage_id", "stage", "id"),
        # All that a ledger filters by and adds up, so that a filter over a million firms reads this and no firm.
        Index(
            "ix_firm_ledger",
            "stage",
            "statistical_county",
            "office_id",
            "division",
            "lead_bureau_id",
            "co_bureaus",
            "industry",
            "tier",
            "revenue_to_date",
            "revenue_last_year",
            "missing",
            "credit_code",
            "name_key",
            "name",
            "voided_at",
            "batch_id",
        ),
        # The order in which the ledger opens, of the firms it opens on, with what a reader's reach looks at.
        Index(
            "ix_firm_nearest",
            text(CROSSED_TEXT),
            text(DISTANCE_TEXT),
            "id",
            "stage",
            "statistical_county",
            "office_id",
            "lead_bureau_id",
            "division",
            "co_bureaus",
            "voided_at",
            "batch_id",
            sqlite_where=text(LISTED_TEXT),
            postgresql_where=text(LISTED_TEXT),
        ),
        Index(
            "ix_firm_watched",
            "stage",
            sqlite_where=text("watch_reason <> ''"),
            postgresql_where=text("watch_reason <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_code: Mapped[str | None] = mapped_column(String(18))
    no_code_reason: Mapped[str] = mapped_column(Text, default="")
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    parts_key: Mapped[str] = mapped_column(String(240), index=True)
    core_key: Mapped[str] = mapped_column(String(200), index=True)
    sound_key: Mapped[str] = mapped_column(String(200), default="", server_default="")
    initials_key: Mapped[str] = mapped_column(Text, default="", server_default="")
    organisation_code: Mapped[str | None] = mapped_column(String(9), index=True)

    stage: Mapped[str] = mapped_column(word(), default="lead")
    stage_on: Mapped[date] = mapped_column(Date)
    watch_reason: Mapped[str] = mapped_column(Text, default="")
    first_time: Mapped[bool] = mapped_column(Boolean, default=True)

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    division: Mapped[str | None] = mapped_column(ForeignKey("division.code"))
    statistical_county: Mapped[str | None] = mapped_column(String(12))
    town: Mapped[str | None] = mapped_column(ForeignKey("division.code"))
    registered_address: Mapped[str] = mapped_column(Text, default="")
    operating_address: Mapped[str] = mapped_column(Text, default="")

    industry: Mapped[str | None] = mapped_column(String(4), index=True)
    industry_year: Mapped[int] = mapped_column(Integer, default=2017)
    industry_confirmed: Mapped[bool] = mapped_column(Boolean, default=False)
    activity: Mapped[str] = mapped_column(Text, default="")
    lead_bureau_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    co_bureaus: Mapped[str] = mapped_column(Text, default="")  # ",commerce," so that LIKE finds one code

    legal_form: Mapped[str | None] = mapped_column(word())
    unit_kind: Mapped[str | None] = mapped_column(word())
    deemed_approval: Mapped[str] = mapped_column(Text, default="")  # the document that approves a deemed legal person
    founded_on: Mapped[date | None] = mapped_column(Date)
    opened_on: Mapped[date | None] = mapped_column(Date)
    capital: Mapped[Decimal | None] = mapped_column(money())
    capital_currency: Mapped[str] = mapped_column(String(3), default="CNY")
    accounting: Mapped[str | None] = mapped_column(word())
    taxpayer_kind: Mapped[str | None] = mapped_column(word())
    # whether it is in business, since when or as of which day that is known, and who says so
    operating_state: Mapped[str | None] = mapped_column(word())
    operating_state_on: Mapped[date | None] = mapped_column(Date)
    operating_state_source: Mapped[str] = mapped_column(String(200), default="", server_default="")
    employees: Mapped[int | None] = mapped_column(Integer)
    door: Mapped[str | None] = mapped_column(word())
    qualifications: Mapped[str] = mapped_column(Text, default="")
    issue: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(String(40), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")

    # The standing: derived from figures and dated lines by pathway.services.standing, stored so that a ledger of a
    # million rows can filter, sort and sum it; never typed by anybody.
    standing_year: Mapped[int | None] = mapped_column(Integer)
    revenue_last_year: Mapped[Decimal | None] = mapped_column(money())
    revenue_to_date: Mapped[Decimal | None] = mapped_column(money())
    to_month: Mapped[int | None] = mapped_column(Integer)
    revenue_same_period: Mapped[Decimal | None] = mapped_column(money())
    vat_sales: Mapped[Decimal | None] = mapped_column(money())
    statutory_line: Mapped[Decimal | None] = mapped_column(money())
    admission_line: Mapped[Decimal | None] = mapped_column(money())
    rate: Mapped[Decimal | None] = mapped_column(ratio())
    tier: Mapped[str | None] = mapped_column(String(1), index=True)
    missing: Mapped[str] = mapped_column(Text, default="")  # ",industry,revenue,"; empty when nothing is
    # Which of these amounts no paper of their period proves: ",revenue_to_date,"; NULL where nobody has looked yet.
    unproven: Mapped[str | None] = mapped_column(String(80), default="")
    # Which of them are in doubt until somebody settles it, in the same form.
    doubted: Mapped[str] = mapped_column(String(80), default="", server_default="")

    parent_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)  # a branch's legal person
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment())
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    voided_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(Integer, default=1)

    office: Mapped[Office] = relationship(foreign_keys=[office_id], lazy="joined")
    lead_bureau: Mapped[Office | None] = relationship(foreign_keys=[lead_bureau_id], lazy="joined")
    former_names: Mapped[list[FormerName]] = relationship(back_populates="firm", order_by="FormerName.valid_to")
    open_proposal: Mapped[Proposal | None] = relationship(
        "Proposal", primaryjoin="and_(Proposal.firm_id == Firm.id, Proposal.outcome.is_(None))", viewonly=True
    )

    __mapper_args__ = {"version_id_col": version}


class FormerName(Base):
    """A name the firm no longer bears; `valid_to` is the last day it did.

    With `merge_id` it is a name of the entry that this merge folded into the firm: the firm is found by it, and was
    never called so.
    """

    __tablename__ = "former_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    parts_key: Mapped[str] = mapped_column(String(240), index=True)
    sound_key: Mapped[str] = mapped_column(String(200), default="", server_default="")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(Moment())
    merge_id: Mapped[int | None] = mapped_column(ForeignKey("merge.id"), index=True)

    firm: Mapped[Firm] = relationship(back_populates="former_names")
