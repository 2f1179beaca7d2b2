"""`registry duplicates`: look for suspected pairs in the whole directory, as a nightly job does."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from registry.base import turns
from registry.base.extensions import clock, db, queue
from registry.base.progress import Progress
from registry.base.turns import Pace
from registry.duplicates import jobs
from registry.duplicates.models import PairingScan
from registry.duplicates.queries import certificates
from registry.duplicates.services import scans
from registry.firms.models.firms import Firm


@click.group("duplicates")
def duplicates() -> None:
    """Suspected pairs of the directory."""


@duplicates.command("scan")
@click.option("--afresh", is_flag=True, help="Begin anew where an earlier scan was broken off.")
@click.option("--background", is_flag=True, help="Leave it to the job worker.")
@with_appcontext
def scan(afresh: bool, background: bool) -> None:
    """Compare every firm with those like it; verdicts whose records have changed come back to the queue.

    Interrupted, it goes on where it was. Nothing is merged, and running it twice changes nothing.
    """
    if background:
        queue.enqueue("scan_pairs")
        click.echo("left to the job worker")
        return
    total = db.session.scalar(select(func.count(Firm.id)).where(Firm.voided_at.is_(None))) or 0
    db.session.rollback()
    pace, told = Pace(), [0, 0]
    with Progress() as progress:

        def tell(scanned: PairingScan) -> None:
            told[:] = scanned.firms, scanned.found
            db.session.rollback()  # reading them took the lock
            progress.show("compared", told[0], total)

        turns.take(scans.scan(pace, at=clock.now(), afresh=afresh), db.session.commit, pace, tell=tell)
        progress.stop()
    click.echo(f"{told[0]} firms compared, {told[1]} new suspected pairs")


@duplicates.command("certificate")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def certificate(as_json: bool) -> None:
    """How many duplicates of the directory are still unfound, by the sample drawn last and people's word on it."""
    found = certificates.current()
    if found is None:
        raise click.ClickException("no sample was drawn yet; the city office draws one on the page of duplicates")
    facts = found.facts()
    kinds = {kind.found.value: asdict(kind.tally) | {"pairs": kind.pairs, "drawn": kind.drawn} for kind in found.kinds}
    if as_json:
        click.echo(json.dumps({"certificate": facts, "kinds": kinds}, ensure_ascii=False))
        return
    for kind, counts in kinds.items():
        click.echo(f"{kind}: " + ", ".join(f"{name} {number}" for name, number in counts.items()))
    if facts is None:
        raise click.ClickException("not every kind of pair was judged yet; nothing can be said")
    click.echo(
        f"{facts['firms']} firms, {facts['suspected']} suspected pairs; still unfound {facts['likely']},"
        f" with 95 % between {facts['low']} and {facts['high']}"
    )


@duplicates.command("rekey")
@with_appcontext
def rekey() -> None:
    """Make the keys by which names are found again, after an upgrade of the engine; the worker does it at night."""
    click.echo(f"{jobs.rekey():,} names looked at")


COMMANDS = (duplicates,)
