"""Accounts: created, granted roles, signed in, locked out for a while, given new passwords."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from registry.domain import errors
from registry.domain.errors import FieldError, PasswordRefused, SignInLocked, SignInRefused
from registry.domain.permissions import ROLE_OFFICES, Actor, roles_conflict
from registry.domain.vocabulary import OFFICE_KIND_LABELS, ROLE_LABELS
from registry.extensions import db, setting
from registry.models import LoginCounter, Office, User
from registry.services import sessions, trail

# OWASP's smaller setting: 19 MiB, so that many people signing in at once fit into memory.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# Hashing for names that do not exist takes as long as for those that do.
_DUMMY = HASHER.hash("no such account")
_AT_ONCE = threading.BoundedSemaphore(2)
PASSWORD_MOST = 1024


def create(
    actor: Actor, *, username: str, name: str, office: Office, roles: Iterable[str], password: str, at: datetime,
    must_change: bool = True,
) -> User:  # fmt: skip
    """A new account; raises FieldError for a taken name, roles that exclude each other, a weak password."""
    held = frozenset(roles)
    username = username.strip().lower()
    if db.session.scalar(select(User.id).where(User.username == username)):
        raise FieldError("username", errors.USERNAME_TAKEN, username=username)
    _check_roles(held, office)
    check_password(password, username=username)
    user = User(
        username=username,
        name=name,
        office=office,
        roles=sorted(held),
        password_hash=HASHER.hash(password),
        must_change_password=must_change,
        active=True,
        created_at=at,
    )
    db.session.add(user)
    db.session.flush()
    trail.record(actor, "create_account", user, at=at, after=_facts(user))
    return user


def grant(actor: Actor, user: User, roles: Iterable[str], *, at: datetime, reason: str = "") -> None:
    """Set the roles of `user`; effective with the person's next request."""
    held = frozenset(roles)
    _check_roles(held, user.office)
    before = _facts(user)
    user.roles = sorted(held)
    trail.record(actor, "grant_roles", user, at=at, before=before, after=_facts(user), reason=reason)


def set_active(actor: Actor, user: User, active: bool, *, at: datetime, reason: str = "") -> None:
    """Stop or restore an account; stopping ends its sessions at once."""
    before = _facts(user)
    user.active = active
    if not active:
        sessions.end_all(user, now=at)
    trail.record(actor, "set_active", user, at=at, before=before, after=_facts(user), reason=reason)


def reset_password(actor: Actor, user: User, password: str, *, at: datetime) -> None:
    """A password handed over by an administrator; the person must change it at the next sign-in."""
    check_password(password, username=user.username)
    user.password_hash = HASHER.hash(password)
    user.must_change_password = True
    sessions.end_all(user, now=at)
    trail.record(actor, "reset_password", user, at=at)


def change_password(actor: Actor, user: User, old: str, new: str, *, at: datetime, token: str) -> None:
    """One's own password; every other session of the account ends."""
    if not _matches(user.password_hash, old):
        raise FieldError("old", errors.PASSWORD_WRONG)
    if old == new:
        raise FieldError("new", errors.PASSWORD_SAME)
    check_password(new, username=user.username, field="new")
    user.password_hash = HASHER.hash(new)
    user.must_change_password = False
    user.password_changed_at = at
    sessions.end_all(user, now=at, keep=token)
    trail.record(actor, "change_password", user, at=at)


def sign_in(username: str, password: str, *, address: str, now: datetime) -> int:
    """The id of the account, if name and password fit; counts the failure otherwise.

    Raises SignInRefused or SignInLocked. Verifies outside any transaction: hashing takes long on purpose.
    A lock ends by itself with its window, so that nobody can lock a county out for a day.
    """
    username = username.strip().lower()[:64]
    keys = {f"user:{username}": "LOGIN_LIMIT_USER", f"address:{address}": "LOGIN_LIMIT_ADDRESS"}
    _refuse_locked(keys, now)
    user = db.session.scalar(select(User).where(User.username == username))
    stored, active, user_id = (user.password_hash, user.active, user.id) if user else (_DUMMY, False, 0)
    db.session.rollback()
    if _matches(stored, password) and active:
        db.session.execute(delete(LoginCounter).where(LoginCounter.key == f"user:{username}"))
        return user_id
    for key in keys:
        _count_failure(key, now)
    raise SignInRefused


def check_password(password: str, *, username: str, field: str = "password") -> None:
    """Length and three of four classes (the usual reading of GB/T 22239 8.1.4.1); not the user's own name."""
    least = setting("PASSWORD_LENGTH")
    classes = [str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum()]
    if len(password.encode()) > PASSWORD_MOST:
        raise FieldError(field, errors.PASSWORD_TOO_LONG, length=PASSWORD_MOST // 4)
    if len(password) < least or sum(any(map(kind, password)) for kind in classes) < 3:
        raise PasswordRefused(field, length=least)
    if username in password.lower():
        raise FieldError(field, errors.PASSWORD_HAS_NAME)


def _matches(stored: str, password: str) -> bool:
    if len(password.encode()) > PASSWORD_MOST:
        return False
    with _AT_ONCE:
        try:
            return HASHER.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def _check_roles(roles: frozenset[str], office: Office) -> None:
    if roles_conflict(roles):
        raise FieldError("roles", errors.ROLES_EXCLUDE)
    for role in sorted(roles):
        kinds = ROLE_OFFICES[role]
        if kinds and office.kind not in kinds:
            named = "、".join(OFFICE_KIND_LABELS[kind] for kind in sorted(kinds))
            raise FieldError("roles", errors.ROLE_NEEDS_OFFICE, role=ROLE_LABELS[role], kinds=named)


def _refuse_locked(keys: dict[str, str], now: datetime) -> None:
    window = timedelta(minutes=setting("LOGIN_WINDOW_MINUTES"))
    for key, limit in keys.items():
        counter = db.session.get(LoginCounter, key)
        if counter and now - counter.window_start < window and counter.failures >= setting(limit):
            left = counter.window_start + window - now
            raise SignInLocked(minutes=int(left.total_seconds() // 60) + 1)


def _count_failure(key: str, now: datetime) -> None:
    """One conditional statement, so that no two failures at once are counted as one."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    window = timedelta(minutes=setting("LOGIN_WINDOW_MINUTES"))
    fresh = LoginCounter.window_start > now - window
    statement = insert(LoginCounter).values(key=key, window_start=now, failures=1)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=[LoginCounter.key],
            set_={
                "failures": case((fresh, LoginCounter.failures + 1), else_=1),
                "window_start": case((fresh, LoginCounter.window_start), else_=now),
            },
        )
    )


def _facts(user: User) -> dict[str, object]:
    return {
        "username": user.username,
        "name": user.name,
        "office": user.office.code,
        "roles": list(user.roles),
        "active": user.active,
    }
