"""Tokens of offices, how often each was used in an hour, and the counts that limit how often anybody asks."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import PASSING, Base, Moment, word
from registry.people.models import Office


class ApiToken(Base):
    """What a program of another system shows instead of a person: it reads for one office, and nothing else.

    One administrator asks for it, another confirms, then the first takes it out, once: `digest` is the SHA-256 of what
    was shown then. `last_used_at` is coarse, to the hour.
    """

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("(digest is null) = (issued_at is null)", name="issued"),
        CheckConstraint("issued_at is null or confirmed_at is not null", name="confirmed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    expires_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment())
    issued_at: Mapped[datetime | None] = mapped_column(Moment())
    last_used_at: Mapped[datetime | None] = mapped_column(Moment(), info=PASSING)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    revoked_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())
    revoke_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    office: Mapped[Office] = relationship(lazy="joined")


class ApiUse(Base):
    """What a token was given of one resource within an hour; summed up on the trail once the hour is over."""

    __tablename__ = "api_use"
    unsealed = "a count"

    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(Moment(), primary_key=True)
    resource: Mapped[str] = mapped_column(word(), primary_key=True)
    requests: Mapped[int] = mapped_column(Integer)
    rows: Mapped[int] = mapped_column(Integer)


class ApiCounter(Base):
    """Requests of a token, or of an address without one, within a window that begins with the first."""

    __tablename__ = "api_counter"
    unsealed = "a count"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(Moment(), index=True)
    requests: Mapped[int] = mapped_column(Integer)
