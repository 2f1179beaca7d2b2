"""`registry hand-over`: what the worker does at night, for where none runs."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from registry.base.extensions import clock
from registry.successions import jobs


@click.command("hand-over")
@with_appcontext
def hand_over() -> None:
    """Let reference data take effect that has come: new names, ended offices, other bureaus in charge."""
    jobs.take_effect()
    click.echo(f"reference data in effect as of {clock.today()}")


COMMANDS = (hand_over,)
