"""The trail from the command line."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from registry.services import trail as chain


@click.group("trail")
def trail() -> None:
    """The hash-chained record of every act."""


@trail.command("verify")
@click.option("--anchor", metavar="SEQ:HASH", help="A head noted earlier, outside the database: finds a cut tail too.")
@with_appcontext
def verify(anchor: str | None) -> int:
    """Check the whole chain and name the first row that does not fit."""
    result = chain.verify(anchor=_anchor(anchor))
    if result.broken is None:
        click.echo(f"ok: {result.rows} rows, head {result.rows}:{result.head}")
        return 0
    raise click.ClickException(f"row {result.broken}: {result.fault} ({result.rows} rows before it fit)")


def _anchor(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    seq, _, value = text.partition(":")
    if not seq.isdigit() or len(value) != 64:
        raise click.BadParameter("an anchor is SEQ:HASH as `registry trail verify` printed it")
    return int(seq), value


COMMANDS = (trail,)
