"""Accounts from the command line: the first one, and help when nobody can sign in."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from registry.domain.permissions import SYSTEM_ACTOR
from registry.domain.vocabulary import Role
from registry.extensions import clock, db
from registry.models import User
from registry.queries import people
from registry.services import accounts


@click.group("user")
def user() -> None:
    """Accounts."""


@user.command("create")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--office", "office_code", required=True, help="Code of the office, e.g. 441521 or industry.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([r.value for r in Role]))
@click.password_option(help="Must be changed at the first sign-in; asked for when not given.")
@with_appcontext
def create(username: str, name: str, office_code: str, roles: tuple[str, ...], password: str) -> None:
    """Create the account USERNAME."""
    accounts.create(
        SYSTEM_ACTOR,
        username=username,
        name=name,
        office=people.office(office_code),
        roles=roles,
        password=password,
        at=clock.now(),
    )
    db.session.commit()
    click.echo(f"created {username}; the password must be changed at the first sign-in")


@user.command("list")
@with_appcontext
def listing() -> None:
    """List all accounts."""
    for row in db.session.scalars(select(User).order_by(User.username)).unique():
        state = "" if row.active else "  (stopped)"
        click.echo(f"{row.username}  {row.name}  {row.office.code}  {','.join(row.roles)}{state}")


@user.command("password")
@click.argument("username")
@click.password_option(help="Must be changed at the next sign-in.")
@with_appcontext
def reset(username: str, password: str) -> None:
    """Give the account USERNAME a new password and end its sessions."""
    accounts.reset_password(SYSTEM_ACTOR, people.user(username), password, at=clock.now())
    db.session.commit()
    click.echo(f"password of {username} reset")


COMMANDS = (user,)
