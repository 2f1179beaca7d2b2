"""An import batch from the command line: how far it is; and what a broken one needs to go on, or to be taken back."""

from __future__ import annotations

import json
from typing import Any

import click
from flask.cli import with_appcontext

from registry.base.extensions import clock, db, queue
from registry.base.progress import Progress
from registry.base.vocabulary import BatchState, RowKind
from registry.imports import queries
from registry.imports.commands.imports import acting, take, taken_back_on_error
from registry.imports.models import ImportBatch
from registry.imports.services import applying, batches, undoing

_WORK: dict[str, Any] = {
    BatchState.APPLYING: applying.turns,
    BatchState.TAKING_BACK: undoing.withdrawing,
    BatchState.UNDOING: undoing.turns,
}
_VERBS = {
    BatchState.APPLYING: "applied",
    BatchState.TAKING_BACK: "taken back",
    BatchState.UNDOING: "undone",
}


@click.command("batch")
@click.argument("number", type=int)
@click.option("--go-on", "goes_on", is_flag=True, help="Carry out what was ordered, from where it was broken off.")
@click.option("--take-back", "back", is_flag=True, help="Take back whole what nobody has seen yet.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--as", "username", metavar="USER", help="Act for this person; by default the system acts.")
@with_appcontext
def batch(number: int, goes_on: bool, back: bool, as_json: bool, username: str | None) -> None:
    """Say how far import batch NUMBER is. Going on is harmless while another process is at work on it."""
    if goes_on and back:
        raise click.UsageError("--go-on and --take-back exclude each other")
    found = db.session.get(ImportBatch, number)
    if found is None:
        raise click.BadParameter(f"there is no batch {number}", param_hint="NUMBER")
    actor = acting(found.office.code, username)
    if back:
        batches.order(actor, found, "take_back", at=clock.now())
        db.session.commit()
    if goes_on or back:
        _carry_out(found)
    _report(db.session.get_one(ImportBatch, number), as_json=as_json)


def _carry_out(found: ImportBatch) -> None:
    number, state = found.id, BatchState(found.state)
    if state not in _WORK:
        raise click.UsageError(f"batch {number} is {state}: there is nothing to go on with")
    total, actor = found.new + found.changed, batches.acting(found)
    with Progress() as progress, taken_back_on_error(actor, number):
        take(_WORK[state], found, actor, lambda done: progress.show(_VERBS[state], done, total))
    found = db.session.get_one(ImportBatch, number)
    ended, stored_name = found.state, found.stored_name
    db.session.rollback()
    if ended == BatchState.APPLIED:
        batches.remove_file(stored_name)
    if ended == BatchState.WAITING:
        queue.enqueue("check_batch", number)
    if ended in (BatchState.APPLIED, BatchState.UNDONE):
        queue.enqueue("find_pairs", number)


def _report(found: ImportBatch, *, as_json: bool) -> None:
    counts = {kind.value: getattr(found, kind.value) for kind in RowKind}
    told: dict[str, Any] = {"batch": found.id, "state": found.state, "file": found.filename, **counts}
    told |= {"done": found.done, "visible": found.applied_at is not None, "left": queries.left(found)}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(
        f"batch {found.id}: {found.filename}: {found.state}, " + " + ".join(f"{n:,} {k}" for k, n in counts.items())
    )
    if found.state in _WORK:
        click.echo(f"  {found.done:,} of {found.new + found.changed:,} rows {_VERBS[BatchState(found.state)]}")
        seen = "its new firms are there" if found.applied_at else "nobody sees any of it yet"
        ways = "--go-on" if found.applied_at else "--go-on or --take-back"
        click.echo(f"  {seen}; if no process is at work on it: registry batch {found.id} {ways}")
    for row in told["left"]:
        click.echo(f"  row {row['row']}: not written, the firm was changed by somebody else meanwhile: {row['name']}")


COMMANDS = (batch,)
