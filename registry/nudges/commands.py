"""`registry nudge` and `registry letters`: what the worker does by itself, for where none runs."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from registry.base import demo_database
from registry.base.extensions import clock, db, queue
from registry.notices.services.letters import due, is_on
from registry.nudges.services import nudging


@click.command("nudge")
@with_appcontext
def nudge() -> None:
    """Nudge the offices whose cases and claims are overdue; the worker does it by itself every working day.

    Running it again on the same day does nothing more.
    """
    demo_database.refuse_to_start()
    rows = nudging.overdue(at=clock.now(), on=clock.today())
    number = len(rows)
    db.session.commit()
    click.echo(f"{number} overdue matters nudged")


@click.command("letters")
@with_appcontext
def letters() -> None:
    """Hand the letters that wait to the job worker, which also looks for them every minute."""
    demo_database.refuse_to_start()
    if not is_on():
        raise click.ClickException("no mail server is configured (REGISTRY_SMTP_HOST)")
    waiting = len(due(at=clock.now()))
    db.session.rollback()
    queue.enqueue("send_letters")
    click.echo(f"{waiting} letters left to the job worker")


COMMANDS = (nudge, letters)
