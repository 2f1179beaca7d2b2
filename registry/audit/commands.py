"""The trail from the command line: checked with every row and every anchor, and exported to be checked elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import click
from flask.cli import with_appcontext

from registry.audit.services import offline
from registry.base.extensions import db, setting
from registry.base.steady import steady_view
from registry.trail.services import anchoring, recounting
from registry.trail.services import trail as chain

FAULTS = {
    "missing": "a row is missing",
    "link": "the link to the row before does not fit",
    "content": "the row's content was changed",
    "tail": "the chain does not end where its recorded head says",
    "anchor": "the row noted outside the database is missing or differs",
    "seal": "a seal is missing or was changed",
    "trail": "the trail names another end of the seals",
    "changed": "was changed past the program",
    "added": "was added past the program",
    "gone": "was deleted past the program",
    "unsealed": "its seal was taken away",
    "twice": "has two seals",
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
@click.option(
    "--anchors", type=click.Path(path_type=Path, dir_okay=False), help="The file of anchors; else the one kept."
)
@click.option("--chain-only", is_flag=True, help="Not every row against its seal (which takes longest).")
@with_appcontext
def verify(anchor: tuple[int, str] | None, anchors: Path | None, *, chain_only: bool) -> None:
    """Check the whole chain, every anchor and every row, and name the first that does not fit."""
    with steady_view():
        result = chain.verify(anchor=anchor)
        if result.broken is not None:
            raise click.ClickException(
                f"row {result.broken}: {FAULTS[result.fault]} ({result.rows} rows before it fit)"
            )
        click.echo(f"ok: {result.rows} rows, head {result.anchor}")
        _anchors(anchors)
        if not chain_only:
            _rows()


def _anchors(path: Path | None) -> None:
    place = path or anchoring.place()
    if (path or setting("ANCHORS")) and not place.exists():
        raise click.ClickException(f"{place} is not there")
    try:
        count = sum(1 for _one in anchoring.read(place))
        differs = anchoring.first_that_differs(place)
    except (anchoring.BadAnchors, OSError) as error:
        raise click.ClickException(str(error)) from error
    if differs is not None:
        number, noted = differs
        raise click.ClickException(f"{place}: line {number}, noted at {noted.at}, is no longer so: {FAULTS['anchor']}")
    click.echo(f"ok: {count} anchors in {place}")


def _rows() -> None:
    found = recounting.recount(db.session())
    if found.broken is not None:
        raise click.ClickException(f"seal {found.broken}: {FAULTS[found.fault]} ({found.seals} seals before it fit)")
    for one in found.faults:
        field = f", {one.field}" if one.field else ""
        click.echo(f"{one.table} {one.key}{field}: {FAULTS[one.fault]}", err=True)
    if found.faults:
        raise click.ClickException(f"{len(found.faults)} fields or rows do not fit their seals")
    click.echo(f"ok: {found.rows} rows of data fit their seals, {found.seals} seals, head {found.head}")


@trail.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def export(file: Path) -> None:
    """Write every entry as a line of JSON to FILE, to be checked elsewhere with `registry trail verifier`."""
    with steady_view(), file.open("xb") as lines:
        count = offline.write(lines)
    click.echo(f"{count} entries in {file}; they hold what was changed: keep the file as you keep the database")


@trail.command("verifier")
def verifier() -> None:
    """Print a program of one file that checks an export with the anchors, and needs nothing but Python."""
    click.echo(offline.PROGRAM.read_text(encoding="utf-8"), nl=False)


@trail.command("anchor")
@with_appcontext
def anchor_now() -> None:
    """Note the present end of the trail in the file of anchors."""
    noted = anchoring.note("terminal")
    click.echo(f"{'noted in' if noted else 'nothing new since the last line of'} {anchoring.place()}")


@trail.command("head")
@with_appcontext
def head() -> None:
    """Print the end of the chain as SEQ:HASH, to be kept outside the database."""
    click.echo(chain.head())


COMMANDS = (trail,)
