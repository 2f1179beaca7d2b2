"""The register of registered firms from the command line: load a file, list the loads, look a firm up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import IntegrityError

from registry.base import reading_lines
from registry.base.errors import REGISTER_UNREAD, RegisterTwice, RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import SYSTEM_ACTOR, Actor
from registry.base.progress import Progress
from registry.base.sqlite import reading
from registry.base.turns import Pace, take
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.register.models import RegisteredFirm, RegisterLoad
from registry.register.queries import registered
from registry.register.rules import LoadState
from registry.register.services import applying, faulty_rows, loads, staging
from registry.register.sheets import open_register
from registry.sheets.uploaded import digest_of

FIRST = 200
"""Rows of the first turn."""


@click.group("register")
def register() -> None:
    """The register of registered firms: load, loads, find."""


@register.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--columns", default="", metavar="A,B,..", help="The columns of a file without headings, e.g. "
              "name,credit_code,province,city.")  # fmt: skip
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="The day the list was drawn; by default today, or the day of the load gone on with.")  # fmt: skip
@click.option("--whole", is_flag=True, help="FILE is the whole register: a firm it lacks is no longer registered.")
@click.option("--yes", "confirmed", is_flag=True, help="A whole list may strike out many firms.")
@click.option("--drop", is_flag=True, help="Give up another file that was loaded half.")
@click.option("--errors", "errors_to", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.csv",
              help="Write the faulty rows with the reason of each; they stay in the database as well.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--as", "username", metavar="USER", help="Act for this person; by default the system acts.")
@with_appcontext
def load(
    file: Path, columns: str, as_of: datetime | None, whole: bool, confirmed: bool, drop: bool, errors_to: Path | None,
    as_json: bool, username: str | None,
) -> None:  # fmt: skip
    """Load FILE (.csv, .tsv, .gz of both, .xlsx) into the register; the same file again goes on after a break."""
    if errors_to is not None and not errors_to.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {errors_to.parent}", param_hint="--errors")
    actor, at = _actor(username), clock.now()
    day = as_of.date() if as_of else None
    keys = columns.split(",") if columns else []
    with open_register(file, columns=keys) as table:
        if whole and (unread := [sheet.name for sheet in table.sheets if sheet.why in ("hidden", "other")]):
            raise RegistryError(REGISTER_UNREAD, sheets=", ".join(unread))
    begun = loads.begin(actor, file, digest_of(file), as_of=day, whole=whole, at=at, drop=drop)
    db.session.commit()
    with Progress() as progress:
        try:
            _stage(begun, file, keys, progress)
            _apply(actor, begun, at, confirmed, progress)
        except IntegrityError as error:  # the database is the judge of two runs at once
            db.session.rollback()
            raise RegisterTwice from error
    faulty = faulty_rows.write(begun, errors_to) if errors_to is not None and begun.faulty else 0
    _report(begun, as_json=as_json, errors_to=errors_to if faulty else None)


def _stage(begun: RegisterLoad, file: Path, columns: list[str], progress: Progress) -> None:
    if begun.state != LoadState.STAGING:
        return
    with open_register(file, columns=columns) as table:
        total = table.expected_rows

        def told(row: int) -> None:
            progress.show("read", row or total, total)

        pace = Pace(FIRST)
        take(staging.stage(begun, table, pace=pace), db.session.commit, pace, tell=told)


def _apply(actor: Actor, begun: RegisterLoad, at: datetime, confirmed: bool, progress: Progress) -> None:
    progress.restart()
    last, pace = begun.read_to, Pace(FIRST)
    try:
        slices = applying.apply(actor, begun, at=at, confirmed=confirmed, pace=pace)
        take(slices, db.session.commit, pace, tell=lambda row: progress.show("loaded", row, last))
    except RegistryError:
        db.session.rollback()
        raise


def _report(done: RegisterLoad, *, as_json: bool, errors_to: Path | None) -> None:
    counts = loads.counts(done)
    if as_json:
        told: Mapping[str, Any] = {
            "load": done.id, "as_of": done.as_of.isoformat(), "whole": done.whole, "rows": done.total, **counts,
            "left_out": done.left_out, "errors": str(errors_to) if errors_to else None,
            **{key: done.reading.get(key, []) for key in ("sheets", "columns", "passed", "assumed")},
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    of_rows = {kind: count for kind, count in counts.items() if kind != "gone"}
    click.echo(f"{done.filename}: {done.total:,} rows = " + " + ".join(f"{n:,} {kind}" for kind, n in of_rows.items()))
    for line in (*reading_lines.lines(done.reading), *reading_lines.assumed(done.reading.get("assumed", ()))):
        click.echo(line)
    if done.whole:
        click.echo(f"  {done.gone:,} firms are gone")
    for field, count in sorted(done.left_out.items()):
        click.echo(f"  {count:,} cells of {field} could not be read and were left out")
    if done.faulty and errors_to is None:
        click.echo(f"  the faulty rows: registry register errors {done.id} --output OUT.csv")
    if errors_to is not None:
        click.echo(f"faulty rows: {errors_to}")
    click.echo(f"load {done.id} applied")


@register.command("loads")
@with_appcontext
def listing() -> None:
    """List the loads, the latest first."""
    with reading():
        for row in db.session.scalars(registered.loads().limit(50)):
            counts = " ".join(f"{kind} {count:,}" for kind, count in loads.counts(row).items())
            click.echo(f"{row.id}  {row.as_of}  {row.state}  {row.filename}  {row.by_name}  {counts}")


@register.command("errors")
@click.argument("load_id", type=int)
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.csv",
              help="The file to write.")  # fmt: skip
@with_appcontext
def errors(load_id: int, output: Path) -> None:
    """Write the faulty rows of load LOAD_ID, with the reason of each."""
    found = db.session.get(RegisterLoad, load_id)
    if found is None:
        raise click.BadParameter(f"there is no load {load_id}", param_hint="LOAD_ID")
    click.echo(f"{output}: {faulty_rows.write(found, output)} rows")


@register.command("find")
@click.argument("text")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 40),
              help="At most so many firms.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@with_appcontext
def find(text: str, limit: int, as_json: bool) -> None:
    """Look up TEXT, a code or a name in any form; status 1 where nothing is found."""
    with _quietly():
        rows = registered.find(text, limit=limit)
        for row in rows:
            told = _told(row.firm, row.former)
            line = "  ".join(str(value) for value in told.values() if value)
            click.echo(json.dumps(told, ensure_ascii=False) if as_json else line)
    if not rows:
        raise click.ClickException("nothing found")


def _told(firm: RegisteredFirm, former: str) -> dict[str, Any]:
    day: date | None = firm.founded_on
    return {
        "credit_code": firm.credit_code, "name": firm.name, "former_name": former or None, "status": firm.status,
        "founded_on": day.isoformat() if day else None, "region": firm.region or None, "address": firm.address or None,
    }  # fmt: skip


@contextmanager
def _quietly() -> Iterator[None]:
    """A look that holds no lock."""
    with reading():
        try:
            yield
        finally:
            db.session.rollback()


def _actor(username: str | None) -> Actor:
    if username is None:
        return SYSTEM_ACTOR
    with _quietly():
        return actor_of(people.user(username))


COMMANDS = (register,)
