"""Offices and people by what others call them."""

from __future__ import annotations

from sqlalchemy import select

from registry.base import errors
from registry.base.errors import FieldError
from registry.base.extensions import db
from registry.people.models import Office, OfficeAlias, User


def office(code: str) -> Office:
    """The office with this code; raises FieldError where there is none."""
    found = db.session.scalars(select(Office).where(Office.code == code)).one_or_none()
    if found is None:
        raise FieldError("office", errors.UNKNOWN_OFFICE, code=code)
    return found


def office_named(text: str) -> Office | None:
    """The office called `text`: full name, short name or any alias the plan prints."""
    wanted = text.strip()
    return db.session.scalars(
        select(Office)
        .outerjoin(OfficeAlias, OfficeAlias.office == Office.code)
        .where((Office.name == wanted) | (Office.short_name == wanted) | (OfficeAlias.alias == wanted))
        .order_by(Office.id)
    ).first()


def user(username: str) -> User:
    """The active account of this name; raises FieldError where there is none."""
    found = db.session.scalars(select(User).where(User.username == username.strip().lower())).unique().one_or_none()
    if found is None or not found.active:
        raise FieldError("username", errors.UNKNOWN_USER, username=username)
    return found


def is_nobody_yet() -> bool:
    """True in a database without any account: the first ones are made at the terminal."""
    return db.session.scalar(select(User.id).limit(1)) is None
