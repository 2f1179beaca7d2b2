"""Background work: long jobs outlive the page that started them and report their progress in the database.

The queue lives beside the data: a SQLite file of its own, or tables of the same PostgreSQL; no broker.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from sqlalchemy import make_url

from registry.extensions import db, queue
from registry.models import sqlite

# Name of the job -> where its function is; it is called with plain arguments inside an application context.
JOBS = {
    "check_batch": "registry.jobs.batches:check",
    "apply_batch": "registry.jobs.batches:apply",
    "undo_batch": "registry.jobs.batches:undo",
    "compare_workbook": "registry.jobs.workbooks:compare",
    "apply_workbook": "registry.jobs.workbooks:apply",
    "find_pairs": "registry.jobs.pairings:of_batch",
    "scan_pairs": "registry.jobs.pairings:scan",
    "refresh_standing": "registry.jobs.standing:bring_up_to_date",
    "send_letters": "registry.jobs.letters:send",
    "nudge_overdue": "registry.jobs.nudges:overdue",
    "expire_approvals": "registry.jobs.approvals:expire",
}
# What the worker does every night by itself; the hour is UTC, shortly after midnight in Shanghai.
NIGHTLY = ("refresh_standing",)
_NIGHT = crontab(minute="10", hour="16")
# And by day: all are harmless to repeat, so a worker that was down misses nothing.
BY_DAY = {
    "send_letters": crontab(minute="*"),
    "nudge_overdue": crontab(minute="20"),
    "expire_approvals": crontab(minute="40"),
}


def install(app: Flask) -> None:
    """Make the queue and register every job; `extensions.queue` hands them out by name."""
    huey = _queue(app)
    app.extensions["huey"] = huey
    app.extensions["jobs"] = {name: huey.task(name=name)(_in_context(app, target)) for name, target in JOBS.items()}
    for name in NIGHTLY:
        huey.periodic_task(_NIGHT, name=f"{name}_nightly")(_in_context(app, JOBS[name]))
    for name, when in BY_DAY.items():
        huey.periodic_task(when, name=f"{name}_by_day")(_in_context(app, JOBS[name]))


def _queue(app: Flask) -> Huey:
    if app.config["JOBS_IMMEDIATE"]:
        return Huey("registry", immediate=True, results=False)
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey("registry", dsn=dsn, results=False)
    path = app.config["INSTANCE"] / "jobs.db"
    # huey uses the system's SQLite, whose WAL mode may carry the bug that our own wheel avoids.
    return SqliteHuey("registry", filename=str(path), journal_mode="truncate", fsync=True, results=False)


def _in_context(app: Flask, target: str) -> Callable[..., None]:
    def run(*arguments: int | str) -> None:
        module, function = target.split(":")
        with app.app_context():
            held = sqlite.is_reading()
            sqlite.stop_reading()
            try:
                getattr(import_module(module), function)(*arguments)
            finally:
                if held:
                    sqlite.start_reading()

    return run


def recover() -> None:
    """Take up again what a stopped worker or a lost message left behind; called when a worker starts."""
    from registry.jobs import workbooks
    from registry.jobs.batches import unfinished
    from registry.jobs.pairings import take_up

    left = (*unfinished(), *workbooks.unfinished())
    db.session.rollback()  # a job that runs at once must not wait for what was read here
    for name, batch_id in left:
        queue.enqueue(name, batch_id)
    take_up()
    db.session.rollback()
    queue.enqueue("refresh_standing")
