"""Offices and people by what others call them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from registry.base import errors
from registry.base.errors import FieldError
from registry.base.extensions import clock, db
from registry.base.permissions import Actor
from registry.people.models import Office, User


def office(code: str) -> Office:
    """The office with this code; raises FieldError where there is none."""
    found = db.session.scalars(select(Office).where(Office.code == code)).one_or_none()
    if found is None:
        raise FieldError("office", errors.UNKNOWN_OFFICE, code=code)
    return found


def is_over(office: Office, on: date) -> bool:
    """Whether the office had ended before `on`: nobody acts for it any more."""
    return office.valid_to is not None and office.valid_to < on


def stood_for(actor: Actor) -> Select[int]:
    """Numbers of the actor's office and of all whose work came to it, in however many steps."""
    chain = select(Office.id, Office.code).where(Office.id == actor.office_id).cte(recursive=True)
    before = aliased(Office)
    chain = chain.union(select(before.id, before.code).join(chain, before.successor == chain.c.code))
    return select(chain.c.id)


def user(username: str) -> User:
    """The active account of this name; raises FieldError where there is none."""
    found = db.session.scalars(select(User).where(User.username == username.strip().lower())).unique().one_or_none()
    if found is None or not found.active:
        raise FieldError("username", errors.UNKNOWN_USER, username=username)
    if is_over(found.office, clock.today()):
        values = {"office": found.office.short_name, "day": found.office.valid_to}
        raise FieldError("username", errors.OFFICE_OVER, **values)
    return found


def is_nobody_yet() -> bool:
    """True in a database without any account: the first ones are made at the terminal."""
    return db.session.scalar(select(User.id).limit(1)) is None
