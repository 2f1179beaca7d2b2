"""The portal's switch, releases of entries, typical cases, published progress, and the copy that is shown."""

from __future__ import annotations

from datetime import date, datetime
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

from registry.base.tables import Base, Moment, word
from registry.firms.models.firms import Firm
from registry.people.models import Office

_STANDING = sql("ended_at is null")


class PortalSetting(Base):
    """How the portal is set, from then on; the newest row counts, and none means that it is closed.

    `fields`: collection -> keys of the published list; a collection that is missing is not shown.
    """

    __tablename__ = "portal_setting"

    id: Mapped[int] = mapped_column(primary_key=True)
    is_on: Mapped[bool] = mapped_column(Boolean)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    licence_name: Mapped[str] = mapped_column(String(200))
    licence_url: Mapped[str] = mapped_column(String(300), default="", server_default="")
    notice_days: Mapped[int] = mapped_column(SmallInteger)
    document: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.document


class PortalRelease(Base):
    """A firm's entry as an office released it: which fields, until it is withdrawn; another choice is another row."""

    __tablename__ = "portal_release"
    __table_args__ = (
        CheckConstraint("(ended_at is null) = (end_reason = '')", name="ended"),
        Index("uq_portal_release_standing", "firm_id", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    fields: Mapped[list[str]] = mapped_column(JSON)
    early_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    ended_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    end_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    firm: Mapped[Firm] = relationship(lazy="joined")
    office: Mapped[Office] = relationship(lazy="joined")


class PortalStory(Base):
    """A typical case (典型案例) of a firm; public once another person approved it, by the firm's recorded consent."""

    __tablename__ = "portal_story"
    __table_args__ = (CheckConstraint("state in ('entered', 'public', 'withdrawn')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    year: Mapped[int] = mapped_column(SmallInteger)
    summary: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)
    consent_by: Mapped[str] = mapped_column(String(40))
    consent_on: Mapped[date] = mapped_column(Date)
    filename: Mapped[str] = mapped_column(String(200))
    stored_name: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(word(), default="entered")
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    approved_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    approved_at: Mapped[datetime | None] = mapped_column(Moment())
    withdrawn_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())
    withdraw_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    revision: Mapped[int] = mapped_column(Integer, default=1)

    firm: Mapped[Firm] = relationship(lazy="joined")
    office: Mapped[Office] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": revision}

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.title


class PortalProgress(Base):
    """Progress of a plan as it was published; `lines`: code -> name, goal, value, unit; they never change."""

    __tablename__ = "portal_progress"
    __table_args__ = (
        CheckConstraint("(ended_at is null) = (end_reason = '')", name="ended"),
        Index("uq_portal_progress_standing", "plan", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str] = mapped_column(String(200))
    as_of: Mapped[date] = mapped_column(Date)
    lines: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    ended_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    end_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return f"{self.plan} {self.as_of.isoformat()}"


class PublicRow(Base):
    """What anybody may read of one thing, and nothing besides: open pages and the open API know this table alone.

    `subject`: what it is a copy of, which nobody outside is told; `key`: its public name. `values`: field -> text, in
    the order of the published list. `name_key`: what is searched, folded, of public fields only; `place` and `facet`
    likewise.
    """

    __tablename__ = "public_row"
    unsealed = "drawn from the rows it tells of"
    __table_args__ = (
        UniqueConstraint("collection", "subject"),
        UniqueConstraint("collection", "key"),
        Index("ix_public_row_collection_id", "collection", "id"),
        Index("ix_public_row_collection_place_id", "collection", "place", "id"),
        Index("ix_public_row_collection_facet_id", "collection", "facet", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    collection: Mapped[str] = mapped_column(word())
    subject: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(16))
    values: Mapped[dict[str, str]] = mapped_column(JSON)
    name_key: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(60), default="", server_default="")
    facet: Mapped[str] = mapped_column(String(120), default="", server_default="")
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment())


class PortalMark(Base):
    """Up to which act on the trail the copy was renewed."""

    __tablename__ = "portal_mark"
    unsealed = "how far the portal is drawn"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)
    redrawn_at: Mapped[datetime | None] = mapped_column(Moment())
