"""The trail from the command line."""

from __future__ import annotations

import re

import click
from flask.cli import with_appcontext

from registry.base.sqlite import reading
from registry.trail.services import trail as chain

FAULTS = {
    "missing": "a row is missing",
    "link": "the link to the row before does not fit",
    "content": "the row's content was changed",
    "tail": "the chain does not end where its recorded head says",
    "anchor": "the row noted outside the database is missing or differs",
}


class Anchor(click.ParamType[tuple[int, str]]):
    """A head noted earlier: the row's sequence and its hash."""

    name = "SEQ:HASH"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, str]:
        found = re.fullmatch(r"([1-9][0-9]{0,15}):([0-9a-f]{64})", value.strip().lower())
        if found is None:
            self.fail("not SEQ:HASH as `registry trail verify` prints it", param, ctx)
        return int(found[1]), found[2]


@click.group("trail")
def trail() -> None:
    """The hash-chained record of every act."""


@trail.command("verify")
@click.option("--anchor", type=Anchor(), help="A head noted earlier, outside the database: finds a cut tail too.")
@with_appcontext
def verify(anchor: tuple[int, str] | None) -> None:
    """Check the whole chain and name the first row that does not fit."""
    with reading():
        result = chain.verify(anchor=anchor)
    if result.broken is not None:
        raise click.ClickException(f"row {result.broken}: {FAULTS[result.fault]} ({result.rows} rows before it fit)")
    click.echo(f"ok: {result.rows} rows, head {result.anchor}")


@trail.command("head")
@with_appcontext
def head() -> None:
    """Print the end of the chain as SEQ:HASH, to be kept outside the database."""
    click.echo(chain.head())


COMMANDS = (trail,)
