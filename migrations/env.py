"""How Alembic reaches the application's database; run through `registry db`."""

from __future__ import annotations

from datetime import datetime

from alembic import context
from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from registry.base import sqlite
from registry.base.clocks import SHANGHAI
from registry.base.tables import Base
from registry.trail.models import TrailHead
from registry.trail.services import recounting

target = Base.metadata


def run() -> None:
    """Migrate in the application's own connection, one transaction for each step; then seal what came out of it."""
    engine = current_app.extensions["migrate"].db.engine
    with sqlite.may_make(), engine.connect() as connection:
        before = _revision(connection)
        context.configure(
            connection=connection,
            target_metadata=target,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        after = _revision(connection)
        if after is not None and after == context.script.get_current_head():
            with Session(connection) as session, session.begin():
                # one that was broken off is settled the next time
                if after != before or session.scalars(select(TrailHead.settled)).one() != after:
                    recounting.settle(session, f"{before or ''}>{after}", at=datetime.now(SHANGHAI))
            connection.commit()


def _revision(connection: Connection) -> str | None:
    """The schema as it stands."""
    revision = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    return revision


if context.is_offline_mode():
    raise SystemExit("offline migrations are not supported: run `registry db upgrade` against a database")
run()
