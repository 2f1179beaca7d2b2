"""What the rows before the present one hold, kept in a temporary file so that memory does not grow with the table."""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import NamedTuple, Self

CODE, NAME, PARTS, ORGANISATION = "c", "n", "p", "o"
_BOUND = 20


class Before(NamedTuple):
    """A row above: its number as a person is told it, its name and code."""

    row: int | str
    name: str
    credit_code: str | None


class Earlier:
    """Rows by code, by the keys of their name, by organisation code. Private to one reading of one file."""

    def __init__(self) -> None:
        # An empty name is a database in a temporary file that SQLite removes by itself.
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute("pragma journal_mode=off")
        self._file.execute("pragma synchronous=off")
        self._file.execute("create table seen (key text, place, name text, code text)")
        self._file.execute("create index seen_key on seen (key)")
        self._file.execute("begin")

    def add(self, kind: str, key: str | None, row: Before) -> None:
        """Remember `row` under `key`; an empty key equals nothing."""
        if key:
            self._file.execute("insert into seen values (?, ?, ?, ?)", (f"{kind}:{key}", *row))

    def of(self, kind: str, key: str | None) -> list[Before]:
        """The first rows with this key, in the order of the file."""
        if not key:
            return []
        found = self._file.execute(
            "select place, name, code from seen where key = ? order by rowid limit ?", (f"{kind}:{key}", _BOUND)
        )
        return [Before(*row) for row in found]

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
