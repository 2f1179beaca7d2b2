"""A name is given by one person at a time: whoever names a firm like it waits, and then finds what was named."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import func, or_, select

from registry.base import errors
from registry.base.errors import FieldError
from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.matching.keys import keys
from registry.matching.normalise import NameTooLong

_EVERY = 4_410_000  # no number of the application's own is taken twice


def hold(name: str) -> None:
    """Until this transaction ends nobody else gives this name, or one of the same trade name and industry.

    Look for what is alike after this and not before. SQLite has one writer and needs no lock of its own; on PostgreSQL
    an import holds every name at once (`hold_every`). To be taken before the row of a firm is. A name too long for any
    firm is left to whoever refuses it.
    """
    if name and _is_postgresql():
        db.session.execute(select(func.pg_advisory_xact_lock_shared(_EVERY)))
        db.session.execute(select(func.pg_advisory_xact_lock(_number(name))))


def _number(name: str) -> int:
    """Equal for names of one trade name and industry, whatever place and legal form they have."""
    try:
        of_name = keys(name)
    except NameTooLong:
        return _EVERY + 1
    digest = hashlib.sha256((of_name.core_key or of_name.name_key).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def hold_every() -> None:
    """Until this transaction ends nobody else names a firm at all."""
    if _is_postgresql():
        db.session.execute(select(func.pg_advisory_xact_lock(_EVERY)))


def refuse_namesake(firm: Firm, *, apart: bool) -> None:
    """Raise FieldError where a firm of this name is in the county, one of the two has no code, and nobody judged them.

    `apart`: a person looked at what is alike and says that this is another firm.
    """
    if not apart and db.session.scalar(select(Firm.id).where(*_namesakes(firm)).limit(1)) is not None:
        raise FieldError("checked", errors.NOT_A_DUPLICATE)


def _namesakes(firm: Firm) -> list[Any]:
    alike = [Firm.name_key == firm.name_key, Firm.voided_at.is_(None), Firm.merged_into_id.is_(None)]
    if firm.statistical_county is not None:
        alike.append(or_(Firm.statistical_county == firm.statistical_county, Firm.statistical_county.is_(None)))
    if firm.credit_code is not None:
        alike.append(Firm.credit_code.is_(None))
    return alike


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
