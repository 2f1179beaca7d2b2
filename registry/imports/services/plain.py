"""Values of rows as JSON columns keep them, and back in the types of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date

from registry.base.tables import Fixed
from registry.firms.models.firms import Firm
from registry.sheets.reader import Cell, Lost

_COLUMNS = Firm.__table__.columns
_DATES = frozenset(column.name for column in _COLUMNS if isinstance(column.type, Date))
_AMOUNTS = frozenset(column.name for column in _COLUMNS if isinstance(column.type, Fixed))


def plain(value: Any) -> Any:
    """A JSON value: dates as ISO text, amounts as digits, tuples as lists."""
    if value is None or isinstance(value, bool | int | str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Decimal | float):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    raise TypeError(f"no plain form for {type(value).__name__}")


def plain_all(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: plain(value) for key, value in values.items()}


def typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values of columns of `Firm` in the columns' own types."""
    return {key: _typed(key, value) for key, value in values.items()}


def _typed(key: str, value: Any) -> Any:
    if value is None:
        return None
    if key in _DATES:
        return date.fromisoformat(value)
    return Decimal(value) if key in _AMOUNTS else value


def packed(cell: Cell) -> Any:
    """A cell as typed, for a JSON column; `unpacked` gives it back."""
    if isinstance(cell, datetime):
        return ["time", cell.isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    return ["lost", cell.kind] if isinstance(cell, Lost) else cell


def unpacked(value: Any) -> Cell:
    if not isinstance(value, list):
        return value  # type: ignore[no-any-return]
    kind, text = value
    if kind == "time":
        return datetime.fromisoformat(text)
    return date.fromisoformat(text) if kind == "date" else Lost(text)


def as_typed(value: Any) -> Any:
    """A packed cell as a sheet writes it back in a column of texts: what was typed, and what a program made of it."""
    cell = unpacked(value)
    if cell is None or isinstance(cell, Lost):
        return None
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
