"""Another connection that holds what a save needs: the write lock of SQLite, every table of PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, make_url

from registry.base import sqlite
from registry.base.tables import Base


@contextmanager
def writing_elsewhere(database: str) -> Iterator[None]:
    """Until the block ends nobody else can write anything; reading is open to all."""
    if make_url(database).get_backend_name() == "sqlite":
        other = sqlite.DRIVER.connect(make_url(database).database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE trail_head SET seq = seq")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
        return
    engine = create_engine(database)
    try:
        with engine.connect() as connection:
            tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
            connection.exec_driver_sql(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
            yield
    finally:
        engine.dispose()
