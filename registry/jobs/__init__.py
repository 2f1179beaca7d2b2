"""Background work: long jobs outlive the page that started them and report their progress in the database.

The queue is a table of the same database (`registry.models.jobs`); no broker, and nothing in it is code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from flask import Flask

from registry.extensions import db, queue
from registry.jobs import lanes
from registry.jobs.lanes import Place
from registry.models import sqlite
from registry.queries import jobs as queued
from registry.services import queueing

_LONGEST = 100


@dataclass(frozen=True)
class Kind:
    """A job by its functions, `module:function` of this package, called inside an application context.

    `takes`: the types of its arguments. `place`: lane and office, from the arguments. `ends`: says on what the job was
    for that it cannot be done, where there is something to say it on; called with the arguments and a `RegistryError`.
    """

    does: str
    takes: tuple[type, ...] = ()
    place: Callable[..., Place] = lanes.short
    ends: str | None = None


KINDS = {
    "check_batch": Kind("batches:check", (int,), lanes.of_batch, "batches:refuse"),
    "apply_batch": Kind("batches:apply", (int,), lanes.of_batch, "batches:send_back"),
    "undo_batch": Kind("batches:undo", (int,), lanes.of_batch, "batches:send_back"),
    "compare_workbook": Kind("workbooks:compare", (int,), lanes.of_return, "workbooks:refuse"),
    "apply_workbook": Kind("workbooks:apply", (int,), lanes.of_return, "workbooks:send_back"),
    "find_pairs": Kind("pairings:of_batch", (int,), lanes.of_batch),
    "scan_pairs": Kind("pairings:scan", (), lanes.long),
    "refresh_standing": Kind("standing:bring_up_to_date", (), lanes.long),
    "send_letters": Kind("letters:send"),
    "nudge_overdue": Kind("nudges:overdue"),
    "expire_approvals": Kind("approvals:expire"),
}


class UnknownJob(ValueError):
    """A name or arguments that no job of ours has: nothing of it is run."""


def install(app: Flask) -> None:
    """`extensions.queue` puts jobs through this."""
    app.extensions["jobs"] = _run_at_once if app.config["JOBS_IMMEDIATE"] else put


def put(name: str, *arguments: int | str) -> None:
    """Queue a job in a transaction of its own; the same one is not queued twice."""
    kind = checked(name, arguments)
    held = sqlite.is_reading()
    sqlite.stop_reading()
    try:
        place = kind.place(*arguments)
        queueing.put(name, arguments, lane=place.lane, office_id=place.office_id)
        db.session.commit()
    finally:
        if held:
            sqlite.start_reading()


def _run_at_once(name: str, *arguments: int | str) -> None:
    from flask import current_app

    checked(name, arguments)
    with current_app._get_current_object().app_context():  # type: ignore[attr-defined]
        held = sqlite.is_reading()
        sqlite.stop_reading()
        try:
            run(name, arguments)
        finally:
            if held:
                sqlite.start_reading()


def checked(name: str, arguments: Sequence[object]) -> Kind:
    """The kind of the job. Raises `UnknownJob` for a name, a number or a type of arguments that is none of ours."""
    kind = KINDS.get(name)
    if kind is None or tuple(map(type, arguments)) != kind.takes:
        raise UnknownJob(name[:_LONGEST])
    return kind


def run(name: str, arguments: Sequence[int | str]) -> None:
    """Do the job, in an application context and no transaction."""
    _function(checked(name, arguments).does)(*arguments)


def end(name: str, arguments: Sequence[int | str], error: Exception) -> None:
    """Say on what the job was for that it cannot be done; commits."""
    ends = checked(name, arguments).ends
    if ends is not None:
        _function(ends)(*arguments, error)


def _function(target: str) -> Callable[..., None]:
    module, function = target.split(":")
    found: Callable[..., None] = getattr(import_module(f"registry.jobs.{module}"), function)
    return found


def recover(*, starting: bool = True) -> None:
    """Take up again what a stopped worker or a lost message left behind; what is in the queue is left alone there.

    Called when a worker starts, and now and then while it runs.
    """
    from registry.jobs import batches, pairings, workbooks

    left = [*batches.unfinished(), *workbooks.unfinished()]
    found: list[tuple[str, tuple[int, ...]]] = [(name, (number,)) for name, number in left]
    found += [(name, ()) for name in pairings.unfinished()]
    db.session.rollback()  # a job that runs at once must not wait for what was read here
    for name, arguments in found:
        known = queued.is_known(name, queueing.packed(arguments))
        db.session.rollback()
        if not known:
            queue.enqueue(name, *arguments)
    if starting:
        queue.enqueue("refresh_standing")
