"""How a PostgreSQL connection behaves here: a dead one is noticed, no page waits long for a lock."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event

from registry.base import waiting

OPTIONS: dict[str, Any] = {
    "pool_pre_ping": True,
    "pool_timeout": 5,
    # A server that vanished without a word: seconds, and not the two hours of the system.
    "connect_args": {
        "connect_timeout": 5, "keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
    },
}  # fmt: skip


def install() -> None:
    """Hook the behaviour to every engine; other databases are left alone. Installing twice does no harm."""
    if not event.contains(Engine, "begin", _on_begin):
        event.listen(Engine, "begin", _on_begin)


def _on_begin(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        _wait_at_most(connection, waiting.most())


def _wait_at_most(connection: Connection, milliseconds: int | None) -> None:
    """Said once to a connection, and not in every transaction: outside of any, for a rollback would take it back."""
    if connection.info.get("lock_timeout") == milliseconds:
        return
    raw: Any = connection.connection.dbapi_connection
    transactions, raw.autocommit = not raw.autocommit, True
    try:
        raw.execute("RESET lock_timeout" if milliseconds is None else f"SET lock_timeout = {milliseconds:d}")
    finally:
        raw.autocommit = not transactions
    connection.info["lock_timeout"] = milliseconds
