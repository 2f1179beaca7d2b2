"""Offices and people by what others call them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from registry.base import errors
from registry.base.errors import FieldError
from registry.base.extensions import clock, db
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
