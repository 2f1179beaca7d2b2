"""Quarters from the command line: close one, compare two, check one."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click
from flask.cli import with_appcontext

from registry.base.errors import QuarterNotClosed
from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.base.permissions import SYSTEM_ACTOR, Actor
from registry.base.sqlite import reading
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.quarters.models import Snapshot
from registry.quarters.queries import comparison, snapshots
from registry.quarters.rules.frozen import canonical
from registry.quarters.services import freezing, sealed

FAULTS = {
    "row": "a row does not fit its digest",
    "columns": "a row's columns do not say what its frozen text says",
    "count": "rows or changes are missing, or there are more",
    "digest": "the rows, changes or heading do not fit the digest of the snapshot",
    "certificates": "the certificates do not cover the rows",
    "beside": "what was kept beside the quarter has changed",
    "trail": "the trail holds no closing with this digest",
    "chain": "the head of the trail noted at the closing is not in the trail",
}


@click.command("close")
@click.argument("text", metavar="QUARTER")
@click.option("--as", "username", required=True, metavar="USER", help="Who closes it: a user of the city office.")
@click.option("--note", default="", help="Why it is closed although points are open; needed where any is.")
@click.option(
    "--without",
    "waived",
    multiple=True,
    metavar="OFFICE=REASON",
    help="Close although this office (by its code) has not certified, and why; once for each. It is printed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def close(text: str, username: str, note: str, waived: tuple[str, ...], as_json: bool) -> None:
    """Freeze QUARTER (2021Q3), which is over: an immutable snapshot with digests. It cannot be undone.

    Quarters are closed in their order. What is still open is listed and kept with the snapshot. Every office with firms
    has certified its part, or is named by --without.
    """
    quarter, actor = Quarter.parse(text), _actor(username)
    freezing.allow(actor, at=clock.now())
    without = dict(map(_waived, waived))
    snapshot = freezing.close(actor, quarter, note=note, at=clock.now(), on=clock.today(), without=without)
    told: dict[str, Any] = {
        "quarter": snapshot.quarter,
        "as_of": snapshot.as_of.isoformat(),
        "rows": snapshot.rows,
        "changes": snapshot.changes,
        "digest": snapshot.digest,
        "chain": f"{snapshot.chain_seq}:{snapshot.chain_hash}",
        "open": {point["point"]: point["count"] for point in snapshot.checklist if point["count"]},
        "without": {line["office"]: line["without"] for line in snapshot.header["certificates"] if line["without"]},
    }
    db.session.commit()
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        points = ", ".join(f"{point} {count}" for point, count in told["open"].items()) or "none"
        click.echo(f"{told['quarter']} closed: {told['rows']} firms, {told['changes']} changes, open: {points}")
        for office, reason in told["without"].items():
            click.echo(f"without the certificate of {office}: {reason}")
        click.echo(f"digest {told['digest']}, trail head {told['chain']}")


@click.command("diff")
@click.argument("before", metavar="EARLIER")
@click.argument("after", metavar="LATER")
@click.option("--as", "username", metavar="USER", help="Show what this person may see; by default everything.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def diff(before: str, after: str, username: str | None, as_json: bool) -> None:
    """Compare two closed quarters, EARLIER and LATER, firm by firm.

    One in and one out are two lines, never "no change".
    """
    with reading():
        found = comparison.between(Quarter.parse(before), Quarter.parse(after), _actor(username))
    if as_json:
        click.echo(canonical(found.plain()))
        return
    counts = ", ".join(f"{kind} {number}" for kind, number in found.counts.items())
    click.echo(f"{found.before} -> {found.after}: {found.listed_before} -> {found.listed_after} firms; {counts}")
    for line in found.lines:
        words = (line.kind, line.name, line.credit_code or "-", line.division or "-", line.what)
        click.echo("\t".join((*words, f"{line.before or '-'} -> {line.told_after or '-'}", line.reason)).rstrip())


@click.command("verify-quarter")
@click.argument("quarter", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array; a fault makes the exit status 1.")
@with_appcontext
def verify(quarter: str | None, as_json: bool) -> None:
    """Recompute the digests of QUARTER, or of every closed one, and look for its closing on the trail."""
    with reading():
        chosen = [_closed(Quarter.parse(quarter))] if quarter else snapshots.closed()
        if as_json:
            results = [sealed.verify(snapshot) for snapshot in chosen]
            click.echo(json.dumps([asdict(result) for result in results], ensure_ascii=False))
            raise SystemExit(any(result.fault for result in results))
        for result in map(sealed.verify, chosen):
            if result.fault:
                where = f" (row {result.number})" if result.number else ""
                raise click.ClickException(f"{result.quarter}: {FAULTS[result.fault]}{where}")
            click.echo(f"ok: {result.quarter}, {result.rows} rows, digest {result.digest}")


def _waived(text: str) -> tuple[str, str]:
    code, mark, reason = text.partition("=")
    if not (mark and code.strip() and reason.strip()):
        raise click.BadParameter(f"{text!r} is not OFFICE=REASON", param_hint="--without")
    return code.strip(), reason.strip()


def _closed(quarter: Quarter) -> Snapshot:
    found = snapshots.of(quarter)
    if found is None:
        raise QuarterNotClosed(quarter=quarter.label)
    return found


def _actor(username: str | None) -> Actor:
    """Everything on a machine's own terminal is the system's to see."""
    if username is None:
        return SYSTEM_ACTOR
    with reading():
        actor = actor_of(people.user(username))
        db.session.rollback()
    return actor


COMMANDS = (close, diff, verify)
