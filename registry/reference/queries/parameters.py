"""Dated settings of the rules, as they stand on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from registry.base.extensions import db
from registry.reference.models import Parameter


def value(key: str, on: date) -> str:
    """The value of `key` in force on `on`, or the earliest one where the day lies before all of them.

    Raises LookupError where the seeds do not hold the key at all.
    """
    return _in_force(_versions(key), on)


def integers(key: str) -> Callable[[date], int]:
    """The same for any day, read once for many days."""
    rows = _versions(key)
    return lambda on: int(_in_force(rows, on))


def _versions(key: str) -> Sequence[Parameter]:
    rows = db.session.scalars(select(Parameter).where(Parameter.key == key).order_by(Parameter.valid_from)).all()
    if not rows:
        raise LookupError(f"no parameter {key!r}: run `registry seed`")
    return rows


def _in_force(rows: Sequence[Parameter], on: date) -> str:
    in_force = [row for row in rows if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)]
    return (in_force or list(rows))[-1 if in_force else 0].value


def demo_day() -> date | None:
    """The day the invented city lives in; None in a real one."""
    kept = db.session.scalar(select(Parameter.value).where(Parameter.key == "demo.today"))
    return date.fromisoformat(kept) if kept else None


def integer(key: str, on: date) -> int:
    return int(value(key, on))


def decimal(key: str, on: date) -> Decimal:
    return Decimal(value(key, on))


def whole(keys: Iterable[str], on: date) -> dict[str, int]:
    """Whole numbers by key, read in one statement; a key that the database does not hold is not there."""
    rows = db.session.scalars(select(Parameter).where(Parameter.key.in_(keys)).order_by(Parameter.valid_from))
    found: defaultdict[str, list[Parameter]] = defaultdict(list)
    for row in rows:
        found[row.key].append(row)
    return {key: int(_in_force(versions, on)) for key, versions in found.items()}
