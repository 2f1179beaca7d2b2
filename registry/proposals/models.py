"""Nominations, their submitted rounds, and the cells that were sent back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.firms.models.firms import Firm
from registry.people.models import Office, User


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
