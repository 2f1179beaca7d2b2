"""The job worker: one process for each lane, kept alive together."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask.logging import default_handler

from registry.base import demo_database, following
from registry.base.extensions import db
from registry.queue.rules import Lane

log = logging.getLogger(__name__)

_PAUSES = (1, 2, 5, 10, 30)


@click.command("worker")
@click.option("--lane", type=click.Choice([lane.value for lane in Lane]), help="Serve one lane only, in this process.")
@with_appcontext
def worker(lane: str | None) -> None:
    """Run queued jobs (imports, workbooks, checks for duplicates) until stopped: short and long ones side by side."""
    following.follow()
    demo_database.refuse_to_start()
    current_app.logger.removeHandler(default_handler)  # or each line would be said twice
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    if lane is None:
        db.session.remove()
        db.engine.dispose()
        _keep_lanes()
        return
    from registry.queue.jobs.working import LaneWorker

    _drop_pickles(current_app.config["INSTANCE"] / "jobs.db")
    db.session.remove()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    LaneWorker(app, Lane(lane)).serve()


def _keep_lanes() -> None:
    """A process for each lane; one that dies is started again, a little later each time."""
    stopping = threading.Event()
    for number in following.stopping_signals():
        signal.signal(number, lambda *_: stopping.set())
    processes = {lane: _start(lane) for lane in Lane}
    deaths = dict.fromkeys(Lane, 0)
    while not stopping.wait(0.5):
        for lane in [lane for lane, process in processes.items() if process.poll() is not None]:
            pause, status = _PAUSES[min(deaths[lane], len(_PAUSES) - 1)], processes[lane].returncode
            deaths[lane] += 1
            log.error(
                "the worker of the %s lane ended (status %s, %s times so far); it is started again in %s s",
                lane, status, deaths[lane], pause,
            )  # fmt: skip
            if not stopping.wait(pause):
                processes[lane] = _start(lane)
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        process.wait()


def _start(lane: Lane) -> subprocess.Popen[bytes]:
    return following.start([sys.executable, "-m", "registry", "worker", "--lane", lane])


def _drop_pickles(path: Path) -> None:
    """The queue of releases before 0013 beside a SQLite database held code; nothing of it is read.

    What was not finished is taken up from the batches themselves.
    """
    if path.is_file():
        log.warning("dropping the former queue %s (%s bytes), unread", path.name, path.stat().st_size)
        path.unlink(missing_ok=True)


COMMANDS = (worker,)
