"""What was handed over for good: from whom, to whom, by whom, how much of what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment
from registry.people.models import User


class Handover(Base):
    """`counts`: name of what was handed over (`base.belongings`) -> how many; appended."""

    __tablename__ = "handover"
    __table_args__ = (CheckConstraint("giver_id <> taker_id", name="two_people"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    taker_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())

    giver: Mapped[User] = relationship(foreign_keys=[giver_id], lazy="joined")
    taker: Mapped[User] = relationship(foreign_keys=[taker_id], lazy="joined")

    @property
    def total(self) -> int:
        return sum(self.counts.values())
