"""What one administrator asks for and another confirms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.people.models import User


class Approval(Base):
    """An act on an account that waits for a second person; of one kind at most one is open for an account."""

    __tablename__ = "approval"
    __table_args__ = (
        Index(
            "uq_approval_open",
            "user_id",
            "kind",
            unique=True,
            sqlite_where=text("outcome is null"),
            postgresql_where=text("outcome is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    kind: Mapped[str] = mapped_column(word())  # accounts/rules.py
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)  # wanted; of a change of roles only
    former: Mapped[list[str]] = mapped_column(JSON, default=list)  # held when it was asked for
    reason: Mapped[str] = mapped_column(Text)
    half: Mapped[str] = mapped_column(String(16), default="")  # of a password; worthless alone, gone when decided
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # None: the terminal
    asked_by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    expires_at: Mapped[datetime] = mapped_column(Moment())
    outcome: Mapped[str | None] = mapped_column(word())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_name: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    answer: Mapped[str] = mapped_column(Text, default="")

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined")
