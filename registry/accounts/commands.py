"""Accounts from the command line: the three administrators, and a rescue when too few of them can sign in."""

from __future__ import annotations

from collections.abc import Iterator

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from registry.accounts.services import terminal
from registry.base import errors
from registry.base.errors import FieldError
from registry.base.extensions import clock, db
from registry.base.vocabulary import Role
from registry.people.models import User
from registry.people.queries import people
from registry.people.services import accounts, founding

ROLE = click.Choice([role.value for role in Role])


@click.group("user")
def user() -> None:
    """Accounts: the three administrators, until they exist; then stop, list and rescue."""


@user.command("create")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--office", "office_code", required=True, help="Code of the office, e.g. 441521 or industry.")
@click.option("--role", "roles", multiple=True, required=True, type=ROLE, help="May be given more than once.")
@click.password_option(help="Must be changed at the first sign-in; asked for when not given.")
@with_appcontext
def create(username: str, name: str, office_code: str, roles: tuple[str, ...], password: str) -> None:
    """Create the account USERNAME of an administrator; everybody else's is made by two of them in the browser.

    Let each administrator type their own password here.
    """
    terminal.create(
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
    """Give the account USERNAME exactly these roles, until the three administrators exist."""
    terminal.grant(_account(username), roles, at=clock.now(), reason=reason)
    db.session.commit()
    click.echo(f"{username}: {', '.join(sorted(set(roles)))}")


@user.command("stop")
@click.argument("username")
@click.option("--reason", required=True, help="Why; it is written to the trail.")
@with_appcontext
def stop(username: str, reason: str) -> None:
    """Stop the account USERNAME and end its sessions; not an administrator's, once there are three."""
    terminal.stop(_account(username), at=clock.now(), reason=reason)
    db.session.commit()
    click.echo(f"{username} is stopped")


@user.command("restore")
@click.argument("username")
@click.option("--reason", required=True, help="Why; it is written to the trail.")
@with_appcontext
def restore(username: str, reason: str) -> None:
    """Let the stopped account USERNAME sign in again, until the three administrators exist."""
    terminal.restore(_account(username), at=clock.now(), reason=reason)
    db.session.commit()
    click.echo(f"{username} is active")


@user.command("password")
@click.argument("username")
@click.password_option(help="Must be changed at the next sign-in; asked for when not given.")
@with_appcontext
def reset(username: str, password: str) -> None:
    """Give the account USERNAME a new password, until the three administrators exist."""
    terminal.reset_password(_account(username), password, at=clock.now())
    db.session.commit()
    click.echo(f"password of {username} reset")


@user.command("rescue")
@click.argument("username")
@click.option("--reason", required=True, help="Why; it is written to the trail.")
@click.option("--password", help="Must be changed at the next sign-in; asked for when its day has come.")
@with_appcontext
def rescue(username: str, reason: str, password: str | None) -> None:
    """Give USERNAME, an administrator who is lost, a new password when no two others are left to do it in the browser.

    The first run begins it. Ten days later run it again; in between every administrator sees it and may refuse it, and
    it is void when the administrator signs in, or any two others do.
    """
    asked = terminal.rescue(_account(username), reason=reason, at=clock.now())
    if sentence := terminal.end_needless(asked, at=clock.now()):
        db.session.commit()
        raise click.ClickException(sentence)
    ready = terminal.rescue_day(asked)
    if clock.now() < ready:
        db.session.commit()
        click.echo(f"rescue of {username} is under way and on the trail; run this again from {ready:%Y-%m-%d %H:%M} on")
        return
    password = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    terminal.finish_rescue(asked, password, at=clock.now())
    db.session.commit()
    click.echo(f"{username} is active; the password must be changed at the next sign-in")


CREATE = "registry user create USERNAME --name NAME --office system --role"


def still_missing() -> Iterator[str]:
    """Which of the three administrators nobody is yet, and how each is made."""
    for role in founding.missing():
        yield f"no {role} yet; until there is one nothing about accounts can be confirmed: {CREATE} {role}"


def _account(username: str) -> User:
    """The account of this name, stopped ones too."""
    wanted = select(User).where(User.username == accounts.plain(username))
    found = db.session.scalars(wanted).unique().one_or_none()
    if found is None:
        raise FieldError("username", errors.UNKNOWN_USER, username=username)
    return found


COMMANDS = (user,)
