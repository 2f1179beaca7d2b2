"""Offices, their people and who stands in for whom, sessions, counters that slow down guessing; whether there ever were
three administrators."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word


class Office(Base):
    """An office as it is called today; what it was called before are versions (`reference.models.ReferenceVersion`).

    `valid_to`: its last day, once that is over and its work was handed to its `successor`.
    """

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(word(), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    short_name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(word())
    division: Mapped[str | None] = mapped_column(ForeignKey("division.code"))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    successor: Mapped[str | None] = mapped_column(word())
    source: Mapped[str] = mapped_column(Text, default="")

    followed_by: Mapped[Office | None] = relationship(
        primaryjoin="foreign(Office.successor) == remote(Office.code)", viewonly=True
    )


class OfficeAlias(Base):
    __tablename__ = "office_alias"

    alias: Mapped[str] = mapped_column(String(80), primary_key=True)
    office: Mapped[str] = mapped_column(ForeignKey("office.code"))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text, default="")


class User(Base):
    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    password_hash: Mapped[str] = mapped_column(Text)
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=True)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    locale: Mapped[str] = mapped_column(String(16), default="zh_Hans_CN")
    email: Mapped[str] = mapped_column(String(200), default="", server_default="")
    mail_wanted: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(Moment())
    password_changed_at: Mapped[datetime | None] = mapped_column(Moment())

    office: Mapped[Office] = relationship(lazy="joined")


class Deputy(Base):
    """Who stands in for an absent colleague of the same office, from a day to a day; it ends by itself, or earlier.

    `by_name` said so: the absent person, or an administrator of accounts where that person no longer can.
    """

    __tablename__ = "deputy"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="days"),
        CheckConstraint("absent_id <> deputy_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    absent_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    ended_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")

    absent: Mapped[User] = relationship(foreign_keys=[absent_id], lazy="joined")
    deputy: Mapped[User] = relationship(foreign_keys=[deputy_id], lazy="joined")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return f"{self.absent.name} → {self.deputy.name}"


class WebSession(Base):
    """One signed-in browser; the cookie carries the token, the table only its digest."""

    __tablename__ = "web_session"
    unsealed = "ends by itself"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment())
    last_seen_at: Mapped[datetime] = mapped_column(Moment())
    expires_at: Mapped[datetime] = mapped_column(Moment())
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")

    user: Mapped[User] = relationship(lazy="joined")

    @property
    def mark(self) -> str:
        """What a page may call the session by: enough to tell it from others, useless for signing in."""
        return self.token_digest[:16]


class LoginCounter(Base):
    """Tries to sign in per key (people/services/attempts.py) within a window that starts with the first."""

    __tablename__ = "login_counter"
    unsealed = "a count"
    __table_args__ = (Index("ix_login_counter_window", "window_start"),)

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(Moment())
    failures: Mapped[int] = mapped_column(Integer, default=0)


class Founding(Base):
    """The moment from which the terminal is never alone again; its one row is never taken away."""

    __tablename__ = "founding"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment())
