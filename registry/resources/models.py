"""Kinds of shared resource, the resources themselves, the cases that paid for their use, and workbooks brought."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, SmallInteger, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.cases.models import Case
from registry.firms.models.firms import Firm
from registry.institutions.models import Institution
from registry.people.models import Office
from registry.qualifications.models import BroughtBook
from registry.reference.models import Division

_STANDING = sql("voided_at is null")
_LINKED = sql("removed_at is null")


class ResourceKind(Base):
    """A kind of resource, as `seeds/resource_kinds.csv` says; one that is `numbered` has a maker, model and serial."""

    __tablename__ = "resource_kind"

    code: Mapped[str] = mapped_column(word(), primary_key=True)
    rank: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    category: Mapped[str] = mapped_column(word())
    numbered: Mapped[bool] = mapped_column(Boolean)
    source: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(String(200))
    checked_on: Mapped[date] = mapped_column(Date)
    verified: Mapped[bool] = mapped_column(Boolean)


class Resource(Base):
    """One resource of a firm or of an institution; what it was before stands on the trail.

    `search_key`: what is searched beside the owner, folded. `wishes_release`: the owner agrees to its being public;
    `released_at`: since when it is, None where it is not. `contact_public`: whom to call is released with it.
    """

    __tablename__ = "resource"
    __table_args__ = (
        CheckConstraint("(firm_id is null) <> (institution_id is null)", name="one_owner"),
        CheckConstraint("valid_to is null or valid_from <= valid_to", name="days"),
        CheckConstraint("released_at is null or voided_at is null", name="released"),
        Index("ix_resource_serial_key", "serial_key", sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(ForeignKey("resource_kind.code"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    search_key: Mapped[str] = mapped_column(Text)
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    division: Mapped[str] = mapped_column(ForeignKey("division.code"), index=True)
    place: Mapped[str] = mapped_column(String(200), default="", server_default="")
    maker: Mapped[str] = mapped_column(String(120), default="", server_default="")
    model: Mapped[str] = mapped_column(String(120), default="", server_default="")
    serial: Mapped[str] = mapped_column(String(60), default="", server_default="")
    serial_key: Mapped[str] = mapped_column(String(60), default="", server_default="")
    capability: Mapped[str] = mapped_column(Text)
    price: Mapped[str] = mapped_column(String(300), default="", server_default="")
    contact_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="", server_default="")
    contact_public: Mapped[bool] = mapped_column(Boolean)
    valid_from: Mapped[date] = mapped_column(Date)
    # None: until something else is said (长期)
    valid_to: Mapped[date | None] = mapped_column(Date)
    doubt_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    wishes_release: Mapped[bool] = mapped_column(Boolean)
    released_at: Mapped[datetime | None] = mapped_column(Moment())
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    released_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    released_office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())
    withdrawn_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    withdraw_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    voided_at: Mapped[datetime | None] = mapped_column(Moment())
    voided_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    void_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    revision: Mapped[int] = mapped_column(Integer, default=1)

    firm: Mapped[Firm | None] = relationship(lazy="joined")
    institution: Mapped[Institution | None] = relationship(lazy="joined")
    where: Mapped[Division] = relationship(lazy="joined")
    office: Mapped[Office] = relationship(foreign_keys=[office_id], lazy="joined")
    released_office: Mapped[Office | None] = relationship(foreign_keys=[released_office_id])

    __mapper_args__ = {"version_id_col": revision}

    @property
    def owner_name(self) -> str:
        owner = self.firm or self.institution
        return owner.name if owner else ""


class ResourceUse(Base):
    """A case that paid for a use of the resource; what was linked by mistake is removed with a reason, and stays."""

    __tablename__ = "resource_use"
    __table_args__ = (
        CheckConstraint("(removed_at is null) = (remove_reason = '')", name="removed"),
        Index(
            "uq_resource_use_linked",
            "resource_id",
            "case_id",
            unique=True,
            sqlite_where=_LINKED,
            postgresql_where=_LINKED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    removed_at: Mapped[datetime | None] = mapped_column(Moment())
    removed_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    remove_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    resource: Mapped[Resource] = relationship(lazy="joined")
    case: Mapped[Case] = relationship(lazy="joined")
    office: Mapped[Office] = relationship(lazy="joined")


class ResourceLoad(BroughtBook, Base):
    """A workbook of resources that was brought; once it is settled its rows, and the contacts in them, are gone."""

    __tablename__ = "resource_load"
    __table_args__ = (CheckConstraint("outcome is null or outcome in ('applied', 'given_up')", name="outcome"),)


MOVED = (Resource,)
"""Tables whose rows a merge of firms takes along, by their `firm_id`."""
