"""How Alembic reaches the application's database; run through `registry db`."""

from __future__ import annotations

from alembic import context
from flask import current_app

from registry.base import sqlite
from registry.base.tables import Base

target = Base.metadata


def run() -> None:
    """Migrate in the application's own connection, one transaction for each step."""
    engine = current_app.extensions["migrate"].db.engine
    with sqlite.may_make(), engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("offline migrations are not supported: run `registry db upgrade` against a database")
run()
