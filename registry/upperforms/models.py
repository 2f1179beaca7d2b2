"""Forms of an upper level that an office brought to be filled, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.people.models import Office


class UpperForm(Base):
    """A form (上级表) as it was brought. `quarter`: the closed quarter it is filled from, '' for the ledger as it is.

    `fingerprint`: of its headings, by which the same form is known again. `unit`: what one of an amount is where the
    form does not say, in the words of `sheets.units`. `stored_name`: its file, '' once that is gone. `counts`: of the
    last time it was filled (`sheets.planning.FillPlan.counts`).
    """

    __tablename__ = "upper_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    stored_name: Mapped[str] = mapped_column(String(64), default="", server_default="")
    title: Mapped[str] = mapped_column(String(200), default="", server_default="")
    fingerprint: Mapped[str] = mapped_column(String(64))
    quarter: Mapped[str] = mapped_column(String(6), default="", server_default="")
    unit: Mapped[str] = mapped_column(word(), default="", server_default="")
    # with the persons to be called, on request and with a reason
    contacts: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    filled_at: Mapped[datetime | None] = mapped_column(Moment())

    office: Mapped[Office] = relationship(lazy="joined")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.filename
