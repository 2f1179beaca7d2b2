"""The state of this installation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import text

from registry.accounts.commands import still_missing
from registry.backups.services import folder
from registry.backups.views import OLD_AFTER
from registry.base import private, sqlite
from registry.base.extensions import clock, db, setting
from registry.serving import supervising


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
    for line in (*_readable(), *_running(), *_administrators()):
        click.echo(line)
    for line in _backed_up():
        click.echo(line)


def _administrators() -> Iterator[str]:
    for line in still_missing():
        yield f"administrators: {line}"


def _backed_up() -> Iterator[str]:
    """How old the newest archive is; a night that made none shows here."""
    kept, most = folder.kept(), setting("BACKUPS_KEPT")
    if not most:
        yield "backups: none are made (REGISTRY_BACKUPS_KEPT=0); see that something else makes them"
    elif not kept:
        yield f"backups: there is none in {folder.place()} (make one: registry backup; the worker makes one each night)"
    else:
        age = datetime.now(UTC) - kept[0].made_at
        hours, late = age.total_seconds() / 3600, ""
        if age > OLD_AFTER:
            late = "; more than a day: is the worker running? (registry jobs list)"
        yield f"backups: {len(kept)} in {folder.place()}, the newest {hours:.0f} hours old{late}"


def _readable() -> Iterator[str]:
    """What other users of the machine can read."""
    for path in private.open_to_others(current_app.config):
        yield f"readable by others: {path} (close it: chmod -R go= {path})"


def _running() -> Iterator[str]:
    """What `serve` keeps running on this instance, and how often each ended."""
    programs = supervising.recorded(supervising.place(current_app.config["INSTANCE"]))
    if not programs:
        yield "serving: no `registry serve` runs on this instance"
    for one in programs:
        state = f"process {one['pid']}" if one["pid"] else "waits to be started again"
        ended = (
            f"; ended {one['ended']} time{'s' if one['ended'] > 1 else ''}, last {one['last_end']}"
            if one["ended"]
            else ""
        )
        yield f"serving: {one['name']}: {state}{ended}"


COMMANDS = (doctor,)
