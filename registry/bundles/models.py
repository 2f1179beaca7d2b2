"""Papers brought in bulk: what came at once, and for each file what its name says and what a person made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.documents.models import Document
from registry.firms.models.firms import Firm
from registry.people.models import Office


class DocumentBundle(Base):
    """What came at once; `outcome` is empty while somebody looks at it."""

    __tablename__ = "document_bundle"
    __table_args__ = (CheckConstraint("outcome is null or outcome in ('filed', 'given_up')", name="outcome"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Moment())
    outcome: Mapped[str | None] = mapped_column(word())
    settled_at: Mapped[datetime | None] = mapped_column(Moment())
    settled_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    # goes up with whatever is changed of its files: a page that shows an older one is refused
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")

    office: Mapped[Office] = relationship(lazy="joined")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.filename


class BundleFile(Base):
    """One file. `refused`: [template, values] of why it was not taken in; nothing of it is kept then.

    `firm_id`, `material` and the period are what it is to be filed as, as its name says or as a person put it.
    """

    __tablename__ = "bundle_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    bundle_id: Mapped[int] = mapped_column(ForeignKey("document_bundle.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    place: Mapped[str] = mapped_column(String(300))
    filename: Mapped[str] = mapped_column(String(200), default="")
    stored_name: Mapped[str | None] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int] = mapped_column(Integer, default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    refused: Mapped[list[Any] | None] = mapped_column(JSON)
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)
    firm_doubt: Mapped[list[Any] | None] = mapped_column(JSON)
    material: Mapped[str | None] = mapped_column(ForeignKey("material.code"))
    year: Mapped[int | None] = mapped_column(SmallInteger)
    month: Mapped[int | None] = mapped_column(SmallInteger)
    chosen: Mapped[bool] = mapped_column(Boolean, default=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))

    @property
    def pages(self) -> str:
        """All of it: several papers in one scan are uploaded each with its pages."""
        return ""

    firm: Mapped[Firm | None] = relationship(lazy="joined")
    document: Mapped[Document | None] = relationship(lazy="joined")
