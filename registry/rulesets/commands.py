"""`registry refresh`: what the worker does at night, for where none runs."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from registry.base.extensions import clock
from registry.rulesets.jobs import bring_up_to_date


@click.command("refresh")
@with_appcontext
def refresh() -> None:
    """Bring every firm's standing (year to date, rate, tier) up to the present year and rules.

    `serve` does it at each start, its worker every night; where neither runs, let it run nightly.
    """
    click.echo(f"{bring_up_to_date()} firms brought up to {clock.today()}")


COMMANDS = (refresh,)
