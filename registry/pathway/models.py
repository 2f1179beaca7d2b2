"""The append-only events of the pathway."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.people.models import Office


class PathwayEvent(Base):
    """One step of one firm on the pathway; appended by services.pathway and by nothing else."""

    __tablename__ = "pathway_event"
    __table_args__ = (
        Index("ix_pathway_event_firm_id_on", "firm_id", "on"),
        Index("ix_pathway_event_action_on", "action", "on", "firm_id"),
    )

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
