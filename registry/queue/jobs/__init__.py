"""Background work: long jobs outlive the page that started them and report their progress in the database.

The queue is a table of the same database (`registry.queue.models`); no broker, and nothing in it is code.
What can be queued the features declare (`base/parts.py`); the application hands it over at its start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from flask import Flask, current_app

from registry.base import sqlite
from registry.base.extensions import db, queue
from registry.base.parts import Job, resolve
from registry.queue import queries, services
from registry.queue.jobs import lanes

_LONGEST = 100


class Declared(NamedTuple):
    """The jobs by their names, each with its feature; and the functions that say what stopped workers left behind."""

    jobs: dict[str, tuple[str, Job]]
    unfinished: list[tuple[str, str]]


class UnknownJob(ValueError):
    """A name or arguments that no job of ours has: nothing of it is run."""


def install(app: Flask, jobs: dict[str, tuple[str, Job]], unfinished: list[tuple[str, str]]) -> None:
    app.extensions["work"] = Declared(jobs, unfinished)
    switch(app)


def switch(app: Flask) -> None:
    """`extensions.queue` puts jobs through this: into the queue, or in tests at once."""
    app.extensions["jobs"] = _run_at_once if app.config["JOBS_IMMEDIATE"] else put


def declared() -> Declared:
    found: Declared = current_app.extensions["work"]
    return found


def put(name: str, *arguments: int | str) -> None:
    """Queue a job in a transaction of its own; the same one is not queued twice."""
    feature, job = checked(name, arguments)
    held = sqlite.is_reading()
    sqlite.stop_reading()
    try:
        place = resolve(feature, job.place)(*arguments) if job.place else lanes.long() if job.long else lanes.short()
        services.put(name, arguments, lane=place.lane, office_id=place.office_id)
        db.session.commit()
    finally:
        if held:
            sqlite.start_reading()


def _run_at_once(name: str, *arguments: int | str) -> None:
    checked(name, arguments)
    with current_app._get_current_object().app_context():  # type: ignore[attr-defined]
        held = sqlite.is_reading()
        sqlite.stop_reading()
        try:
            run(name, arguments)
        finally:
            if held:
                sqlite.start_reading()


def checked(name: str, arguments: Sequence[object]) -> tuple[str, Job]:
    """The job and its feature. Raises `UnknownJob` for a name, a number or a type of arguments that is none of ours."""
    found = declared().jobs.get(name)
    if found is None or tuple(map(type, arguments)) != found[1].takes:
        raise UnknownJob(name[:_LONGEST])
    return found


def run(name: str, arguments: Sequence[int | str]) -> None:
    """Do the job, in an application context and no transaction."""
    feature, job = checked(name, arguments)
    resolve(feature, job.does)(*arguments)


def end(name: str, arguments: Sequence[int | str], error: Exception) -> None:
    """Say on what the job was for that it cannot be done; commits."""
    feature, job = checked(name, arguments)
    if job.ends is not None:
        resolve(feature, job.ends)(*arguments, error)


def recover(*, starting: bool = True) -> None:
    """Take up again what a stopped worker or a lost message left behind; what is in the queue is left alone there.

    Called when a worker starts, and now and then while it runs.
    """
    unfinished: list[Callable[[], list[tuple[str, tuple[int, ...]]]]]
    unfinished = [resolve(feature, place) for feature, place in declared().unfinished]
    found = [each for left in unfinished for each in left()]
    db.session.rollback()  # a job that runs at once must not wait for what was read here
    for name, arguments in found:
        known = queries.is_known(name, services.packed(arguments))
        db.session.rollback()
        if not known:
            queue.enqueue(name, *arguments)
    if starting:
        queue.enqueue("refresh_standing")
