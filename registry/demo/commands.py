"""The demo world from the command line."""

from __future__ import annotations

import csv
import sys

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from registry.base import demo_database
from registry.base.extensions import clock, db
from registry.config import ROOT
from registry.demo import story
from registry.demo.story import PASSWORD
from registry.people.models import User

FOLDER = ROOT / "seeds" / "demo"

__all__ = ["COMMANDS", "PASSWORD", "accounts", "build"]


def build() -> int:
    """Build the invented city and commit it; progress goes to standard error."""
    with click.progressbar(length=100, label="building the demo city", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.update(max(0, done * 100 // total - bar.pos))

        number = story.build(FOLDER, progress=show)
    db.session.commit()
    clock.look_again()
    return number


def accounts() -> list[tuple[str, str]]:
    """Each demo account's user name and what it is for."""
    with (FOLDER / "people.csv").open(encoding="utf-8", newline="") as file:
        return [(row["username"], row["what"]) for row in csv.DictReader(file)]


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Build an invented city (today is 2021-10-15 there); only into a database without accounts.

    Never in production.
    """
    demo_database.refuse_to_build()
    if db.session.scalar(select(func.count(User.id))):
        raise click.ClickException("this database already holds accounts; the demo needs an empty one")
    number = build()
    click.echo(f"built an invented city of {number} firms; every account's password is {PASSWORD}")


COMMANDS = (demo,)
