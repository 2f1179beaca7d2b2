"""The register of registered firms (市场主体库): its firms, its loads, what each load changed, the words of sectors."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import PASSING, Base, Moment, money, word


def key(length: int) -> String:
    """A text that is looked up by how it begins: in the order of its code points on every database."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class RegisterLoad(Base):
    """One file of the register. `read_to` is the last row staged, `applied_to` the last row applied.

    `as_of`: the day the list was drawn. `whole`: whoever the list does not hold is no longer registered.
    """

    __tablename__ = "register_load"

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    as_of: Mapped[date] = mapped_column(Date)
    whole: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(word())
    # [{"letter": "A", "heading": "企业名称", "key": "name"}, ...]: how each column was understood
    headings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # sheets, columns and rows that were not read, and what was taken for what (`sheets.account`)
    reading: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    # field -> how many cells of it could not be read and were left out
    left_out: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    total: Mapped[int] = mapped_column(Integer, default=0)
    read_to: Mapped[int] = mapped_column(Integer, default=0, info=PASSING)
    applied_to: Mapped[int] = mapped_column(Integer, default=0, info=PASSING)
    new: Mapped[int] = mapped_column(Integer, default=0)
    renamed: Mapped[int] = mapped_column(Integer, default=0)
    changed: Mapped[int] = mapped_column(Integer, default=0)
    unchanged: Mapped[int] = mapped_column(Integer, default=0)
    faulty: Mapped[int] = mapped_column(Integer, default=0)
    gone: Mapped[int] = mapped_column(Integer, default=0)
    started_at: Mapped[datetime] = mapped_column(Moment())
    applied_at: Mapped[datetime | None] = mapped_column(Moment())


class RegisteredFacts:
    """What the register says of a firm, and what is derived from it to find it by.

    `scope` is the business scope, `form_text` the legal form as the file has it, `registration` its status there;
    `region` the place as the file names it, `division` the county, zone or city of ours it lies in (None elsewhere).
    `sector` with the `sector_word` that says so is empty where no word of the plan's industries occurs.
    """

    name: Mapped[str] = mapped_column(String(200), default="")
    name_key: Mapped[str] = mapped_column(key(200), default="")
    parts_key: Mapped[str] = mapped_column(key(240), default="")
    core_key: Mapped[str] = mapped_column(key(200), default="")
    sound_key: Mapped[str] = mapped_column(key(200), default="")
    founded_on: Mapped[date | None] = mapped_column(Date)
    legal_form: Mapped[str | None] = mapped_column(word())
    form_text: Mapped[str] = mapped_column(Text, default="")
    capital: Mapped[Decimal | None] = mapped_column(money())
    capital_currency: Mapped[str] = mapped_column(String(3), default="CNY")
    scope: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(Text, default="")
    region: Mapped[str] = mapped_column(Text, default="")
    registration: Mapped[str] = mapped_column(Text, default="")
    division: Mapped[str | None] = mapped_column(String(12))
    sector: Mapped[str] = mapped_column(word(), default="")
    sector_word: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[str] = mapped_column(word(), default="current")


class RegisteredFirm(RegisteredFacts, Base):
    """One code, for ever. `load_id` is the load that wrote it last, `first_load_id` the one that brought it."""

    __tablename__ = "registered_firm"
    unsealed = "a copy of a file, whose digest its load keeps"
    __table_args__ = (
        UniqueConstraint("credit_code"),
        Index("ix_registered_firm_name_key", "name_key"),
        Index("ix_registered_firm_parts_key", "parts_key"),
        Index("ix_registered_firm_core_key", "core_key"),
        Index("ix_registered_firm_sound_key", "sound_key"),
        # Candidates: few of a million are of this city and of a sector the plan names.
        Index(
            "ix_registered_firm_candidate",
            "division",
            "sector",
            "id",
            sqlite_where=text("sector <> '' and division is not null"),
            postgresql_where=text("sector <> '' and division is not null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_code: Mapped[str] = mapped_column(key(18))
    first_load_id: Mapped[int] = mapped_column(ForeignKey("register_load.id"))
    load_id: Mapped[int] = mapped_column(ForeignKey("register_load.id"))
    gone_on: Mapped[date | None] = mapped_column(Date)


class RegisterRow(RegisteredFacts, Base):
    """A staged row; those of an applied load are dropped, except faulty ones, which go back with `raw` and `faults`.

    `before`, `after`: the fields that differ, as plain values, of a firm that was known before.
    """

    __tablename__ = "register_row"
    unsealed = "a copy of a file, whose digest its load keeps"
    __table_args__ = (UniqueConstraint("load_id", "credit_code"),)

    load_id: Mapped[int] = mapped_column(ForeignKey("register_load.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(word())
    credit_code: Mapped[str | None] = mapped_column(String(18))
    registered_id: Mapped[int | None] = mapped_column(Integer)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    raw: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    faults: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))


class RegisterChange(Base):
    """What a load changed of a registered firm; of a renamed one the former name, by whose keys it is still found.

    `on` is the day the list was drawn: the name held until some day before it.
    """

    __tablename__ = "register_change"
    unsealed = "a copy of a file, whose digest its load keeps"
    __table_args__ = (
        Index("ix_register_change_load_id_kind_id", "load_id", "kind", "id"),
        Index("ix_register_change_name_key", "name_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    load_id: Mapped[int] = mapped_column(ForeignKey("register_load.id"))
    registered_id: Mapped[int] = mapped_column(ForeignKey("registered_firm.id"), index=True)
    kind: Mapped[str] = mapped_column(word())
    on: Mapped[date] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(200), default="")
    name_key: Mapped[str] = mapped_column(key(200), default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    registered: Mapped[RegisteredFirm] = relationship(viewonly=True)


class SectorWord(Base):
    """A word by which a firm may belong to a sector: in its `name`, in the first items of its `scope`, or in `both`."""

    __tablename__ = "sector_word"

    sector: Mapped[str] = mapped_column(word(), primary_key=True)
    position: Mapped[str] = mapped_column(word())
    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
