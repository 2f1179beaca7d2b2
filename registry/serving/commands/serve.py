"""Serving: the web server and the job worker, prepared and started together."""

from __future__ import annotations

import os
import sys
from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from registry.accounts.commands import still_missing
from registry.base import demo_database
from registry.base.extensions import SHANGHAI, clock, db
from registry.config import ROOT
from registry.demo.commands import PASSWORD, accounts, build
from registry.people.queries import people
from registry.rulesets.jobs import bring_up_to_date
from registry.seeding.commands import prepare
from registry.serving import listening, supervising
from registry.serving.supervising import Program

SETTINGS = str(ROOT / "gunicorn.conf.py")
FIRST_ACCOUNTS = """  there is no account yet. The first ones, three administrators, are made at the terminal:
    registry user create USERNAME --name NAME --office system --role system_admin
    registry user create USERNAME --name NAME --office system --role security_admin
    registry user create USERNAME --name NAME --office system --role audit_admin
  each is asked for a password that must be changed at the first sign-in; the others are made on the pages
"""
PROGRAMS = (
    Program("web server", (sys.executable, "-m", "gunicorn", "wsgi:app", "--config", SETTINGS), essential=True),
    Program("job worker", (sys.executable, "-m", "registry", "worker")),
)
"""What `serve` keeps running; one line a process."""


WITHOUT_HTTPS = "WARNING: REGISTRY_HTTPS=0: passwords and cookies cross the network for anybody on it to read"


@click.command("serve")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--demo/--no-demo", "with_demo", default=True,
    help="Build the demo world where the database holds no account (never in production).",
)  # fmt: skip
@with_appcontext
def serve(port: int, host: str, with_demo: bool) -> None:
    """Migrate, load the seeds, build the demo world on first start, then serve with the job worker."""
    demo_database.refuse_to_start()
    record = supervising.place(current_app.config["INSTANCE"])
    listening.refuse_where_taken(host, port, record)
    upgrade(directory=str(current_app.config["MIGRATIONS"]))
    prepare()
    if with_demo and not current_app.config["PRODUCTION"] and people.is_nobody_yet():
        build()
    announce(host, port)
    bring_up_to_date()
    db.session.remove()
    db.engine.dispose()
    os.environ["REGISTRY_BIND"] = f"{host}:{port}"
    status = supervising.run(PROGRAMS, say=_say, record=record)
    if status:
        sys.exit(status)


def announce(host: str, port: int) -> None:
    click.echo(f"\n  the enterprise cultivation directory is at http://{host}:{port}\n")
    click.echo(f"  {_trusted(current_app.config['PROXIES'])}\n")
    if current_app.config["PRODUCTION"] and not current_app.config["SESSION_COOKIE_SECURE"]:
        click.echo(f"  {WITHOUT_HTTPS}\n")
    if clock.is_demo():
        click.echo(f"  demo accounts (password {PASSWORD}):")
        for username, what in accounts():
            click.echo(f"    {username:<22} {what}")
        click.echo("")
    elif people.is_nobody_yet():
        click.echo(FIRST_ACCOUNTS)
    else:
        for line in still_missing():
            click.echo(f"  {line}\n")


def _trusted(proxies: int) -> str:
    if not proxies:
        return "a client's address is the connection's own (REGISTRY_PROXIES=0: no reverse proxy stands before it)"
    return (
        f"a client's address is what {proxies} reverse prox{'ies say' if proxies > 1 else 'y says'} (REGISTRY_PROXIES)"
    )


def _say(line: str) -> None:
    click.echo(f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M:%S} registry serve: {line}", err=True)


COMMANDS = (serve,)
