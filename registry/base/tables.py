"""The declarative base, exact money and ratios on every database, and moments in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Dialect, MetaData, Numeric, String, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

from registry.base.clocks import SHANGHAI
from registry.base.errors import Unstorable

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """`unsealed`: why the rows of a table need no seal (`trail.services.seals`); those of every other one have it."""

    metadata = MetaData(naming_convention=CONVENTION)
    unsealed: ClassVar[str] = ""


PASSING: dict[str, Any] = {"unsealed": True}
"""`info` of a column that says how far something has come, or when it was last used: it is no part of a row's seal."""


class Fixed(TypeDecorator[Decimal]):
    """A decimal of fixed scale, exact everywhere.

    PostgreSQL keeps it as NUMERIC; SQLite has no decimal and would keep a binary fraction, so there it is an
    integer of the smallest unit, which also sums and sorts exactly.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale
        self.unit = Decimal(1).scaleb(-scale)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        if not Decimal(value).is_finite():  # PostgreSQL would keep NaN as an amount
            raise Unstorable
        exact = Decimal(value).quantize(self.unit)
        return int(exact.scaleb(self.scale)) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return Decimal(int(value)).scaleb(-self.scale)
        return Decimal(value).quantize(self.unit)


class Moment(TypeDecorator[datetime]):
    """A point in time: in Shanghai's zone in Python, UTC without a zone in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC).astimezone(SHANGHAI)


def money() -> Fixed:
    """Yuan with two places (docs/domain.md 3)."""
    return Fixed(16, 2)


def ratio() -> Fixed:
    """A share of a line, four places: 0.9347 is 93.47 %."""
    return Fixed(12, 4)


def sorted_text() -> Text:
    """A text that sorts as Python sorts it, by code points."""
    return Text().with_variant(Text(collation="C"), "postgresql")


def word() -> String:
    """A short stable code of our own vocabulary."""
    return String(32)
