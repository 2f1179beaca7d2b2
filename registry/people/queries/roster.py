"""Accounts as administrators look for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, Text, cast, false, func, or_, select, true

from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.people.models import Office, User, WebSession


@dataclass(frozen=True)
class AccountQuery:
    """What to look for; empty parts do not restrict. `state` is `active` or `stopped`."""

    text: str = ""
    office: str = ""
    role: str = ""
    state: str = ""


def visible_to(actor: Actor) -> Select[User]:
    """Every account, by user name, for those who administer accounts or roles; nothing for anybody else."""
    return select(User).where(true() if can(actor, "user.list") else false()).order_by(User.username)


def one(actor: Actor, user_id: int) -> Select[User]:
    return visible_to(actor).where(User.id == user_id)


def search(actor: Actor, wanted: AccountQuery) -> Select[User]:
    """`visible_to` narrowed to what is wanted."""
    statement = visible_to(actor)
    if wanted.text:
        in_name = User.name.contains(wanted.text, autoescape=True)
        statement = statement.where(or_(in_name, User.username.contains(wanted.text.lower(), autoescape=True)))
    if wanted.office:
        statement = statement.where(User.office.has(Office.code == wanted.office))
    if wanted.role:  # no role's name is part of another's within quotes
        statement = statement.where(cast(User.roles, Text).contains(f'"{wanted.role}"'))
    if wanted.state:
        statement = statement.where(User.active.is_(wanted.state == "active"))
    return statement


def last_seen(users: Iterable[User]) -> dict[int, datetime]:
    """When each of them was last here, by the id of the account; who never was is not in it."""
    seen = (
        select(WebSession.user_id, func.max(WebSession.last_seen_at).label("at"))
        .where(WebSession.user_id.in_([user.id for user in users]))
        .group_by(WebSession.user_id)
    )
    return {row.user_id: row.at for row in db.session.execute(seen)}
