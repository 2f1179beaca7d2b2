"""Accounts from the command line: the first one, and help when nobody can sign in."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from registry.domain import errors
from registry.domain.errors import FieldError
from registry.domain.permissions import SYSTEM_ACTOR
from registry.domain.vocabulary import Role
from registry.extensions import clock, db
from registry.models import User
from registry.queries import people
from registry.services import accounts

ROLE = click.Choice([role.value for role in Role])


@click.group("user")
def user() -> None:
    """Accounts: create, list, roles, stop, restore, password."""


@user.command("create")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--office", "office_code", required=True, help="Code of the office, e.g. 441521 or industry.")
@click.option("--role", "roles", multiple=True, required=True, type=ROLE, help="May be given more than once.")
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
    """List all accounts: user name, name, office, roles."""
    for row in db.session.scalars(select(User).order_by(User.username)).unique():
        state = "" if row.active else "  (stopped)"
        click.echo(f"{row.username}  {row.name}  {row.office.code}  {','.join(row.roles) or '-'}{state}")


@user.command("roles")
@click.argument("username")
@click.option("--role", "roles", multiple=True, required=True, type=ROLE, help="May be given more than once.")
@click.option("--reason", required=True, help="Why; it is written to the trail.")
@with_appcontext
def roles(username: str, roles: tuple[str, ...], reason: str) -> None:
    """Give the account USERNAME exactly these roles and end its sessions."""
    accounts.grant(SYSTEM_ACTOR, _account(username), roles, at=clock.now(), reason=reason)
    db.session.commit()
    click.echo(f"{username}: {', '.join(sorted(set(roles)))}")


@user.command("stop")
@click.argument("username")
@click.option("--reason", required=True, help="Why; it is written to the trail.")
@with_appcontext
def stop(username: str, reason: str) -> None:
    """Stop the account USERNAME and end its sessions."""
    accounts.set_active(SYSTEM_ACTOR, _account(username), False, at=clock.now(), reason=reason)
    db.session.commit()
    click.echo(f"{username} is stopped")


@user.command("restore")
@click.argument("username")
@click.option("--reason", required=True, help="Why; it is written to the trail.")
@with_appcontext
def restore(username: str, reason: str) -> None:
    """Let the stopped account USERNAME sign in again."""
    accounts.set_active(SYSTEM_ACTOR, _account(username), True, at=clock.now(), reason=reason)
    db.session.commit()
    click.echo(f"{username} is active")


@user.command("password")
@click.argument("username")
@click.password_option(help="Must be changed at the next sign-in; asked for when not given.")
@with_appcontext
def reset(username: str, password: str) -> None:
    """Give the account USERNAME a new password, lift its lock and end its sessions."""
    accounts.reset_password(SYSTEM_ACTOR, _account(username), password, at=clock.now())
    db.session.commit()
    click.echo(f"password of {username} reset")


def _account(username: str) -> User:
    """The account of this name, stopped ones too."""
    wanted = select(User).where(User.username == accounts.plain(username))
    found = db.session.scalars(wanted).unique().one_or_none()
    if found is None:
        raise FieldError("username", errors.UNKNOWN_USER, username=username)
    return found


COMMANDS = (user,)
