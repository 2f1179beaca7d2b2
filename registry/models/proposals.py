"""Nominations, their submitted rounds, returned cells, claims, and the append-only events of the pathway."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.models.base import Base, Moment, word
from registry.models.firms import Firm
from registry.models.people import Office, User


class Proposal(Base):
    """One office's nomination of a firm; `outcome` is empty while it is open, and one at most is open a firm."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index(
            "uq_proposal_open_firm",
            "firm_id",
            unique=True,
            sqlite_where=text("outcome is null"),
            postgresql_where=text("outcome is null"),
        ),
        Index("ix_proposal_reviewing_office_id_outcome", "reviewing_office_id", "outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    reviewing_office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    proposer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    rounds: Mapped[int] = mapped_column(Integer, default=0)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())
    waiting_since: Mapped[datetime | None] = mapped_column(Moment())
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    outcome: Mapped[str | None] = mapped_column(word())
    opinion: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(Integer, default=1)

    firm: Mapped[Firm] = relationship(lazy="joined")
    office: Mapped[Office] = relationship(foreign_keys=[office_id], lazy="joined")
    reviewing_office: Mapped[Office | None] = relationship(foreign_keys=[reviewing_office_id], lazy="joined")
    proposer: Mapped[User] = relationship(foreign_keys=[proposer_id])
    reviewer: Mapped[User | None] = relationship(foreign_keys=[reviewer_id])
    submissions: Mapped[list[Submission]] = relationship(back_populates="proposal", order_by="Submission.round")
    returned_cells: Mapped[list[ReturnedCell]] = relationship(back_populates="proposal", order_by="ReturnedCell.id")

    __mapper_args__ = {"version_id_col": version}


class Submission(Base):
    """What the office put forward in one round, as it was then."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("proposal_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    round: Mapped[int] = mapped_column(Integer)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment())
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    proposal: Mapped[Proposal] = relationship(back_populates="submissions")


class ReturnedCell(Base):
    """A field the reviewer wants mended; only these are open to the county in that round."""

    __tablename__ = "returned_cell"
    __table_args__ = (UniqueConstraint("proposal_id", "round", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    round: Mapped[int] = mapped_column(Integer)
    field: Mapped[str] = mapped_column(word())
    note: Mapped[str] = mapped_column(Text, default="")

    proposal: Mapped[Proposal] = relationship(back_populates="returned_cells")


class PathwayEvent(Base):
    """One step of one firm on the pathway; appended by services.pathway and by nothing else."""

    __tablename__ = "pathway_event"
    __table_args__ = (Index("ix_pathway_event_firm_id_on", "firm_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    action: Mapped[str] = mapped_column(word())
    source: Mapped[str | None] = mapped_column(word())
    target: Mapped[str] = mapped_column(word())
    on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Moment())
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[str] = mapped_column(String(40))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    reason_code: Mapped[str | None] = mapped_column(ForeignKey("return_reason.code"))
    exit_reason: Mapped[str | None] = mapped_column(ForeignKey("exit_reason.code"))
    note: Mapped[str] = mapped_column(Text, default="")

    office: Mapped[Office | None] = relationship(lazy="joined")


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
