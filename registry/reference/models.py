"""Reference data from `seeds/`: divisions, industries, lines, reasons, materials, routing, parameters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, Integer, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from registry.base.tables import Base, money, word


class Division(Base):
    __tablename__ = "division"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    short_name: Mapped[str] = mapped_column(String(30))
    level: Mapped[str] = mapped_column(word())
    parent: Mapped[str | None] = mapped_column(ForeignKey("division.code"))
    statistical_county: Mapped[str | None] = mapped_column(String(12))
    excluded_reason: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    successor: Mapped[str | None] = mapped_column(word())
    source: Mapped[str] = mapped_column(Text)


class ZoneTown(Base):
    """A zone's territory as a list of towns; a zone without rows is not checked (docs/domain.md 2)."""

    __tablename__ = "zone_town"

    zone: Mapped[str] = mapped_column(ForeignKey("division.code"), primary_key=True)
    town: Mapped[str] = mapped_column(ForeignKey("division.code"), primary_key=True)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)


class Industry(Base):
    __tablename__ = "industry"

    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(4), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    level: Mapped[str] = mapped_column(word())
    parent: Mapped[str | None] = mapped_column(String(4))
    section: Mapped[str] = mapped_column(String(1))
    in_scope: Mapped[bool] = mapped_column(Boolean, default=False)
    source: Mapped[str] = mapped_column(Text)


class IndustryMapping(Base):
    """2011 to 2017 class codes; several rows of one 2011 code make it ambiguous."""

    __tablename__ = "industry_mapping"

    code_2011: Mapped[str] = mapped_column(String(4), primary_key=True)
    code_2017: Mapped[str] = mapped_column(String(4), primary_key=True)
    relation: Mapped[str] = mapped_column(word())
    verified: Mapped[bool] = mapped_column(Boolean, default=False)
    source: Mapped[str] = mapped_column(Text)


class Threshold(Base):
    """A line by industry with the statistical years (annual) and dates (periodic) it holds for."""

    __tablename__ = "threshold"
    __table_args__ = (CheckConstraint("kind in ('statutory', 'admission')", name="kind"),)

    rule_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(word())
    label: Mapped[str] = mapped_column(Text)
    industry_prefixes: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(word())
    amount_yuan: Mapped[Decimal | None] = mapped_column(money())
    or_employees: Mapped[int | None] = mapped_column(Integer)
    annual_from: Mapped[int | None] = mapped_column(Integer)
    annual_to: Mapped[int | None] = mapped_column(Integer)
    periodic_from: Mapped[date | None] = mapped_column(Date)
    periodic_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)
    verified: Mapped[bool] = mapped_column(Boolean, default=False)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("rule_draft.id"))


class ReturnReason(Base):
    __tablename__ = "return_reason"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)
    verified: Mapped[bool] = mapped_column(Boolean, default=False)


class ExitReason(Base):
    """Why a firm leaves the directory (`remove`) or four-above (`delist`); without blame, dated by the step itself."""

    __tablename__ = "exit_reason"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    actions: Mapped[str] = mapped_column(Text)  # "remove delist"
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)
    verified: Mapped[bool] = mapped_column(Boolean, default=False)


class Material(Base):
    """A paper of a filing: when it is asked for (`vocabulary.Requirement`), sealed or not, of one period or not."""

    __tablename__ = "material"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(Text)
    requirement: Mapped[str] = mapped_column(word())
    sealed: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    periodic: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)


class Routing(Base):
    """An industry's lead bureau and co-bureaus; the longest prefix wins, the empty one is everything else."""

    __tablename__ = "routing"

    industry_prefix: Mapped[str] = mapped_column(String(4), primary_key=True)
    lead: Mapped[str] = mapped_column(ForeignKey("office.code"))
    co_bureaus: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)


class Parameter(Base):
    """A dated setting of a rule, e.g. the edges of the tiers."""

    __tablename__ = "parameter"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_to: Mapped[date | None] = mapped_column(Date)
    value: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text)
    verified: Mapped[bool] = mapped_column(Boolean, default=False)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("rule_draft.id"))


class Holiday(Base):
    """A day that is no working day though it is none of a weekend, or a working one though it is (`working`)."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    working: Mapped[bool] = mapped_column(Boolean, default=False)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)


class ReferenceVersion(Base):
    """A later version of a row of reference data: what it says from a day on; added and never changed.

    `file` and `key` as in `SourceCheck`; `contents`: the other columns. A row that ends is a version that never holds
    (`valid_to` the day before `valid_from`). The row in its own table is the first version, and what others point at.
    """

    __tablename__ = "reference_version"

    file: Mapped[str] = mapped_column(word(), primary_key=True)
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_to: Mapped[date | None] = mapped_column(Date)
    contents: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    source: Mapped[str] = mapped_column(Text)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("rule_draft.id"))


class SourceCheck(Base):
    """A day on which a row of reference data was held against its source, and the place in it; one row a day, added.

    `file` and `key`: the row as its file names it (`rulesets.rules.files`), the parts of the key with spaces between.
    """

    __tablename__ = "source_check"

    file: Mapped[str] = mapped_column(word(), primary_key=True)
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    checked_on: Mapped[date] = mapped_column(Date, primary_key=True)
    clause: Mapped[str] = mapped_column(String(200))
