"""How a SQLite connection behaves here: a current SQLite, real transactions, foreign keys, durable commits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, Pool, event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.exc import DisconnectionError

from registry.base import waiting

try:  # the wheel carries a SQLite without the distribution's WAL-reset bug (docs/decisions/0002)
    import pysqlite3 as driver
except ImportError:  # pragma: no cover - where no wheel fits
    driver = sqlite3

DRIVER: ModuleType = driver
WAL_SAFE = (3, 51, 3)
BUSY_MILLISECONDS = 30_000
"""How long a job or a command waits for the write lock; a page has less (`waiting`)."""

_reading: ContextVar[bool] = ContextVar("reading", default=False)
_making: ContextVar[bool] = ContextVar("making", default=False)


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


@contextmanager
def may_make() -> Iterator[None]:
    """Within this block (a migration) a file that is not there is made; elsewhere its absence is an error."""
    token = _making.set(True)
    try:
        yield
    finally:
        _making.reset(token)


def install() -> None:
    """Hook the behaviour to every engine; other databases are left alone. Installing twice does no harm."""
    if not event.contains(Engine, "connect", _on_connect):
        event.listen(Engine, "do_connect", _before_connect)
        event.listen(Engine, "connect", _on_connect)
        event.listen(Engine, "begin", _on_begin)
        event.listen(Pool, "checkout", _on_checkout)


def _before_connect(dialect: Any, _record: Any, arguments: Any, _more: Any) -> None:
    """SQLite would put an empty database where the file was moved away, and every page would miss its tables."""
    if dialect.name == "sqlite":
        dialect.statement_compiler = _Hinting
    if dialect.name == "sqlite" and not _making.get() and _is_missing(arguments[0]):
        refused = DRIVER.OperationalError(f"unable to open database file: {arguments[0]} is not there")
        refused.sqlite_errorcode = 14
        raise refused


class _Hinting(SQLiteCompiler):
    """With `Select.with_hint(Firm, "INDEXED BY ..", "sqlite")`, which SQLAlchemy writes for no engine of ours."""

    def get_from_hint_text(self, _table: Any, text: str | None) -> str | None:
        return text


def _is_missing(path: str) -> bool:
    return bool(path) and not path.startswith((":memory:", "file:")) and not Path(path).exists()


def _on_checkout(connection: Any, record: Any, _proxy: Any) -> None:
    """A kept connection whose file was moved away or replaced would go on writing into the old one, unseen."""
    if (opened := record.info.get("file")) and _identity(opened[0]) != opened:
        raise DisconnectionError(f"{opened[0]} is no longer the file that was opened")


def _identity(path: str) -> tuple[str, int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return path, found.st_dev, found.st_ino


def _on_connect(connection: Any, record: Any) -> None:
    if not isinstance(connection, DRIVER.Connection):
        return
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    cursor.execute(f"PRAGMA journal_mode={journal_mode()}")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA cache_size=-65536")
    path = cursor.execute("PRAGMA database_list").fetchone()[2]
    cursor.close()
    record.info.update(busy=BUSY_MILLISECONDS, file=_identity(path) if path else None)


def _on_begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        _wait_at_most(connection, BUSY_MILLISECONDS if (most := waiting.most()) is None else most)
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")


def _wait_at_most(connection: Connection, milliseconds: int) -> None:
    if connection.info.get("busy") != milliseconds:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={milliseconds}")
        connection.info["busy"] = milliseconds
