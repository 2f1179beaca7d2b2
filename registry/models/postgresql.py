"""How a PostgreSQL connection behaves here: a dead one is noticed, no page waits long for a lock."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event

from registry.models import waiting

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
    if connection.dialect.name == "postgresql" and (most := waiting.most()) is not None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {most}")
