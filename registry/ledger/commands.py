"""Exports from the command line."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex

import click
from flask.cli import with_appcontext

from registry.base.extensions import clock, db
from registry.base.permissions import SYSTEM_ACTOR, Actor
from registry.base.sqlite import reading
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.quarters.services import exporting


@click.command("export")
@click.option("--quarter", "text", required=True, metavar="QUARTER", help="A quarter that is over, e.g. 2021Q3.")
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The workbook to write (.xlsx); an older one is replaced.",
)
@click.option("--as", "username", metavar="USER", help="Act for this person; by default the system acts.")
@with_appcontext
def export(text: str, output: Path, username: str | None) -> None:
    """Write the directory of a quarter, as of its last day, as a workbook to print.

    The same data give the same bytes, whoever exports and whenever.
    """
    if output.suffix.lower() != ".xlsx":
        raise click.BadParameter("the file must be an .xlsx workbook", param_hint="--output")
    if not output.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {output.parent}", param_hint="--output")
    quarter = exporting.over(text, clock.today())
    actor = _actor(username)
    exporting.allow(actor, at=clock.now())
    taken = exporting.workbook(quarter)
    draft = _draft(output, taken.content)
    try:
        exporting.record_export(actor, taken, at=clock.now())
        db.session.commit()
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"{output}: {taken.firms} firms, {taken.changes} changes, digest {taken.digest}")


def _actor(username: str | None) -> Actor:
    if username is None:
        return SYSTEM_ACTOR
    with reading():
        actor = actor_of(people.user(username))
        db.session.rollback()
    return actor


def _draft(output: Path, content: bytes) -> Path:
    """The whole file beside its place: what cannot be written is not on the trail, nor half of it in the folder."""
    draft = output.with_name(f".{output.name}.{token_hex(4)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise click.FileError(str(output), error.strerror or str(error)) from error
    return draft


COMMANDS = (export,)
