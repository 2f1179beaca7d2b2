"""Stored standings and the state of this installation."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import text

from registry.extensions import clock, db
from registry.models import sqlite
from registry.services import effects, standing, turns
from registry.services.turns import Pace


@click.command("refresh")
@with_appcontext
def refresh() -> None:
    """Bring every firm's standing (year to date, rate, tier) up to the present year and rules.

    `serve` does it at each start, its worker every night; where neither runs, let it run nightly.
    """
    click.echo(f"{bring_up_to_date()} firms brought up to {clock.today()}")


def bring_up_to_date() -> int:
    """Refresh and commit chunk by chunk; returns how many firms were of another year, or judged by a new rule."""
    done: list[int] = []
    for refreshed in (standing.refresh_stale, effects.take):
        pace = Pace()
        turns.take(refreshed(pace, on=clock.today(), at=clock.now()), db.session.commit, pace, tell=done.append)
    return sum(done)


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Say what this installation runs on, and whether anything about it is wrong."""
    engine = db.engine
    click.echo(f"database: {engine.url.render_as_string(hide_password=True)}")
    if engine.dialect.name == "sqlite":
        click.echo(
            f"sqlite: {sqlite.DRIVER.sqlite_version} ({sqlite.DRIVER.__name__}), journal {sqlite.journal_mode()}"
        )
    else:
        click.echo(f"postgresql: {db.session.scalar(text('show server_version'))}")
    click.echo(f"today: {clock.today()}")
    click.echo(f"files: {current_app.config['FILES']}")


COMMANDS = (refresh, doctor)
