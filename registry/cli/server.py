"""Serving: the web server and the job worker, prepared and started together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import func, select

from registry.cli import demo, seeding
from registry.cli.database import bring_up_to_date
from registry.config import ROOT
from registry.extensions import clock, db
from registry.models import User


@click.command("serve")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--demo/--no-demo", "with_demo", default=True, help="Build the demo world where the database holds no account."
)
@with_appcontext
def serve(port: int, host: str, with_demo: bool) -> None:
    """Migrate, load the seeds, build the demo world on first start, then serve with the job worker."""
    upgrade(directory=str(current_app.config["MIGRATIONS"]))
    seeding.prepare()
    if with_demo and not db.session.scalar(select(func.count(User.id))):
        demo.build()
    _announce(host, port)
    bring_up_to_date()
    db.session.remove()
    db.engine.dispose()
    _run(host, port)


def _announce(host: str, port: int) -> None:
    click.echo(f"\n  the enterprise cultivation directory is at http://{host}:{port}\n")
    if clock.is_demo():
        click.echo(f"  demo accounts (password {demo.PASSWORD}):")
        for username, what in demo.accounts():
            click.echo(f"    {username:<22} {what}")
        click.echo("")


def _run(host: str, port: int) -> None:
    """Both processes live and die together."""
    web = [
        sys.executable, "-m", "gunicorn", "wsgi:app", "--chdir", str(ROOT), "--bind", f"{host}:{port}",
        "--workers", "2", "--worker-class", "gthread", "--threads", "4", "--timeout", "120", "--log-level", "warning",
    ]  # fmt: skip
    worker = [sys.executable, "-m", "registry.cli", "worker"]
    processes = [subprocess.Popen(command, env=os.environ) for command in (web, worker)]  # noqa: S603

    def stop(*_: object) -> None:
        for process in processes:
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while all(process.poll() is None for process in processes):
        try:
            processes[0].wait(timeout=1)
        except subprocess.TimeoutExpired:
            continue
    stop()
    for process in processes:
        process.wait(timeout=30)


COMMANDS = (serve,)
