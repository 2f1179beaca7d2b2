"""How a SQLite connection behaves here: a current SQLite, real transactions, foreign keys, durable commits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, event

try:  # the wheel carries a SQLite without the distribution's WAL-reset bug (DECISIONS section 5)
    import pysqlite3 as driver
except ImportError:  # pragma: no cover - where no wheel fits
    driver = sqlite3

DRIVER: ModuleType = driver
WAL_SAFE = (3, 51, 3)
BUSY_MILLISECONDS = 30_000

_reading: ContextVar[bool] = ContextVar("reading", default=False)


def journal_mode() -> str:
    """WAL from the version that repaired the WAL-reset bug on, the rollback journal below it."""
    return "WAL" if DRIVER.sqlite_version_info >= WAL_SAFE else "DELETE"


@contextmanager
def reading() -> Iterator[None]:
    """Within this block new transactions begin deferred: readers do not queue for the write lock."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def is_reading() -> bool:
    return _reading.get()


def start_reading() -> None:
    """Like `reading`, for the rest of the current context (a GET request)."""
    _reading.set(True)


def stop_reading() -> None:
    _reading.set(False)


def install() -> None:
    """Hook the behaviour to every engine; other databases are left alone. Installing twice does no harm."""
    if not event.contains(Engine, "connect", _on_connect):
        event.listen(Engine, "connect", _on_connect)
        event.listen(Engine, "begin", _on_begin)


def _on_connect(connection: Any, _record: Any) -> None:
    if not isinstance(connection, DRIVER.Connection):
        return
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    cursor.execute(f"PRAGMA journal_mode={journal_mode()}")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA cache_size=-65536")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")
