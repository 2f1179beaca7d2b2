"""What a frozen quarter is made of: canonical text of its rows and changes, read back, and the digests over them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_MONEY = ("revenue_last_year", "revenue_to_date", "statutory_line", "rate")
_DAYS = ("founded_on", "stage_on", "on")
_TUPLES = ("former_names", "missing", "to_month", "pending")


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces; decimals as they are held, dates in ISO form, missing values null."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def plain(value: Any) -> Any:
    """`value` as it comes back from its canonical text."""
    return json.loads(canonical(value))


def thawed(text: str) -> dict[str, Any]:
    """A row or a change from its canonical text, with decimals, dates and tuples again."""
    return _thawed(json.loads(text))


def thawed_all(text: str) -> list[dict[str, Any]]:
    """The same of a list of them."""
    return [_thawed(row) for row in json.loads(text)]


def _thawed(row: dict[str, Any]) -> dict[str, Any]:
    for key in _MONEY:
        if row.get(key) is not None:
            row[key] = Decimal(row[key])
    for key in _DAYS:
        if row.get(key) is not None:
            row[key] = date.fromisoformat(row[key])
    for key in _TUPLES:
        if row.get(key) is not None:
            row[key] = tuple(row[key])
    return row


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Digest:
    """The digest of a whole snapshot: its head, then the digest of every row, then every change, a line each."""

    def __init__(self, head: Mapping[str, Any]) -> None:
        self._hash = hashlib.sha256(canonical(head).encode("utf-8", "surrogatepass"))

    def add(self, digests: Iterable[str]) -> None:
        for line in digests:
            self._hash.update(b"\n" + line.encode("ascii"))

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")
