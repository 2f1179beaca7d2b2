"""Institutions of research and development: rows of their own that belong to a firm or a body, never firms."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.firms.models.firms import Firm
from registry.people.models import Office
from registry.reference.models import Division

_CODED = sql("credit_code is not null and voided_at is null")


class Institution(Base):
    """`firm` or `body_name`: to whom it belongs. `credit_code`: its own, where it is a legal person itself."""

    __tablename__ = "institution"
    __table_args__ = (
        CheckConstraint("credit_code is null or length(credit_code) = 18", name="credit_code_length"),
        CheckConstraint("firm_id is null or body_name = ''", name="one_owner"),
        Index("uq_institution_credit_code", "credit_code", unique=True, sqlite_where=_CODED, postgresql_where=_CODED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(word())
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    credit_code: Mapped[str | None] = mapped_column(String(18))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)
    body_name: Mapped[str] = mapped_column(String(200), default="")
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    division: Mapped[str | None] = mapped_column(ForeignKey("division.code"))
    address: Mapped[str] = mapped_column(Text, default="")
    field: Mapped[str] = mapped_column(String(200), default="")
    founded_on: Mapped[date | None] = mapped_column(Date)
    head: Mapped[str] = mapped_column(String(40), default="")
    contact_name: Mapped[str] = mapped_column(String(40), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Moment())
    voided_at: Mapped[datetime | None] = mapped_column(Moment())
    void_reason: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(Integer, default=1)

    firm: Mapped[Firm | None] = relationship(lazy="joined")
    office: Mapped[Office] = relationship(lazy="joined")
    place: Mapped[Division | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": revision}

    @property
    def owner_name(self) -> str:
        return self.firm.name if self.firm else self.body_name
