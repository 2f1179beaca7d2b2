"""Accounts: created, signed in to, their own passwords; changes that two people make (accounts/services/two_people.py).

`grant`, `set_active` and `reset_password` are one person's act: but for an ordinary account that is stopped, only
approvals and the terminal may call them, and a test looks that nobody else does.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.base import errors
from registry.base.characters import clean
from registry.base.errors import FieldError, NotAllowed, RegistryError, SessionSpent, SignInRefused
from registry.base.extensions import db, setting
from registry.base.permissions import ADMINISTRATORS, ROLE_OFFICES, Actor, can, roles_conflict
from registry.base.sqlite import reading
from registry.base.vocabulary import OFFICE_KIND_LABELS, ROLE_LABELS
from registry.people.models import Office, User
from registry.people.queries import people
from registry.people.queries.signed_in import digest
from registry.people.services import attempts, devices, founding, passwords, sessions
from registry.trail.services import trail

# OWASP's smaller setting: 19 MiB, so that many people signing in at once fit into memory.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(2)
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
NAME_MOST = 40


def create(
    actor: Actor, *, username: str, name: str, office: Office, roles: Iterable[str], at: datetime,
    password: str | None = None, must_change: bool = True,
) -> User:  # fmt: skip
    """A new account; raises FieldError for a taken name, roles that exclude each other, a weak password.

    A person's act makes it without roles, and without a password that anybody knows: both take a second person.
    """
    held = frozenset(roles)
    if actor.user_id is not None and (held or password is not None):
        raise NotAllowed
    username = plain(username)
    if not USERNAME.fullmatch(username):
        raise FieldError("username", errors.USERNAME_FORM)
    if db.session.scalar(select(User.id).where(User.username == username)):
        raise FieldError("username", errors.USERNAME_TAKEN, username=username)
    check_roles(held, office)
    if password is None:
        password = secrets.token_urlsafe(48)
    else:
        passwords.check(password, username=username)
    if people.is_over(office, at.date()):
        raise FieldError("office", errors.OFFICE_OVER, office=office.short_name, day=office.valid_to)
    user = User(
        username=username,
        name=_person(name),
        office=office,
        roles=sorted(held),
        password_hash=HASHER.hash(password),
        must_change_password=must_change,
        active=True,
        created_at=at,
    )
    _insert(user)
    trail.record(actor, "create_account", user, at=at, after=_facts(user))
    founding.note(at=at)
    return user


def grant(actor: Actor, user: User, roles: Iterable[str], *, at: datetime, reason: str = "") -> None:
    """Set the roles of `user`; the person's sessions end, so that nothing goes on under the former ones."""
    held = frozenset(roles)
    _not_oneself(actor, user, errors.OWN_ROLES)
    check_roles(held, user.office)
    if held == frozenset(user.roles):
        raise FieldError("roles", errors.ROLES_SAME)
    founding.keep_all_three(user, held)
    before = _facts(user)
    user.roles = sorted(held)
    sessions.end_all(user, now=at)
    trail.record(actor, "grant_roles", user, at=at, before=before, after=_facts(user), reason=reason.strip())
    founding.note(at=at)


def set_active(actor: Actor, user: User, active: bool, *, at: datetime, reason: str = "") -> None:
    """Stop or restore an account; stopping ends its sessions at once."""
    _not_oneself(actor, user, errors.OWN_ACCOUNT)
    if user.active == active:
        return
    if not active:
        founding.keep_all_three(user)
    before = _facts(user)
    user.active = active
    if not active:
        sessions.end_all(user, now=at)
    verb = "restore_account" if active else "stop_account"
    trail.record(actor, verb, user, at=at, before=before, after=_facts(user), reason=reason.strip())
    founding.note(at=at)


def stop(actor: Actor, user: User, *, at: datetime, reason: str) -> None:
    """One person stops an ordinary account at once; an administrator's takes two (accounts/services/two_people.py)."""
    if not can(actor, "user.manage") or set(user.roles) & ADMINISTRATORS:
        raise NotAllowed
    set_active(actor, user, False, at=at, reason=reason)


def reset_password(actor: Actor, user: User, password: str, *, at: datetime, reason: str = "") -> None:
    """A password handed over; the person must change it at the next sign-in, and the former one opens nothing."""
    _not_oneself(actor, user, errors.OWN_PASSWORD)
    passwords.check(password, username=user.username)
    user.password_hash = HASHER.hash(password)
    user.must_change_password = True
    attempts.forget(user.username, now=at)
    sessions.end_all(user, now=at)
    trail.record(actor, "reset_password", user, at=at, reason=reason.strip())


def end_session(actor: Actor, user: User, mark: str, *, at: datetime) -> None:
    """End the one session of `user` with this mark (`WebSession.mark`); raises SessionOver where there is none.

    That there was one stays known: an administrator whose session was ended did sign in, and is not lost.
    """
    if not can(actor, "session.end", user):
        raise NotAllowed
    sessions.end_marked(user, mark, now=at)
    trail.record(actor, "end_session", user, at=at)


def change_password(
    actor: Actor, user: User, old: str, new: str, *, at: datetime, token: str, address: str = "", device: str = ""
) -> None:  # fmt: skip
    """One's own password; every other session of the account ends.

    Raises FieldError, SignInLocked, SessionSpent; the last has ended this session and is to be committed. What is
    wrong with the new one is said first: then a right present one is never counted as a try.
    """
    if old == new:
        raise FieldError("new", errors.PASSWORD_SAME)
    passwords.check(new, username=user.username, field="new")
    before = _prove(actor, user, old, at=at, token=token, address=address, device=device)
    user.password_hash = HASHER.hash(new)
    user.must_change_password = False
    user.password_changed_at = at
    sessions.end_all(user, now=at, keep=token)
    trail.record(actor, "change_password", user, at=at, before={"tries": before} if before else None)


def _prove(actor: Actor, user: User, password: str, *, at: datetime, token: str, address: str, device: str) -> int:
    """See that the person knows their present password; how many wrong tries were counted before.

    Whoever found or stole an open session guesses no faster than at the sign-in, and loses the session by it.
    """
    with reading():
        attempt = replace(_attempt(user, user.username, address, device, at), session=digest(token)[:32])
        stored = user.password_hash
        db.session.rollback()
    tries = attempts.reserve(attempt, now=at)
    if _matches(stored, password):
        # it may have been reset meanwhile, and who knew the former one must not undo that
        db.session.refresh(user, with_for_update={"of": User})
        if user.password_hash == stored and user.active:
            return attempts.succeeded(attempt, now=at)
    wrong = attempts.failed(attempt, tries, now=at)
    if wrong < setting("LOGIN_LIMIT_USER"):
        raise FieldError("old", errors.PASSWORD_WRONG)
    sessions.end(token, now=at)
    trail.record(actor, "end_session", user, at=at, before={"tries": wrong})
    raise SessionSpent(tries=wrong, minutes=setting("LOGIN_WINDOW_MINUTES"))


@dataclass(frozen=True)
class Entered:
    """Who signed in, and how many wrong tries from there were counted before."""

    user_id: int
    failures: int


def sign_in(username: str, password: str, *, address: str, now: datetime, device: str = "") -> Entered:
    """The account, if name and password fit; counts the failure otherwise. `device` is what its cookie holds.

    Raises SignInRefused or SignInLocked, the same for names that exist and names that do not. Verifies outside any
    transaction: hashing takes long on purpose.
    """
    username = plain(username)
    nobody = _nobody()
    with reading():
        user = db.session.scalar(select(User).where(User.username == username))
        attempt = _attempt(user, username, address, device, now)
        stored, active, user_id = (user.password_hash, user.active, user.id) if user else (nobody, False, 0)
        db.session.rollback()
    tries = attempts.reserve(attempt, now=now)
    if _matches(stored, password) and active:
        return Entered(user_id, attempts.succeeded(attempt, now=now))
    attempts.failed(attempt, tries, now=now)
    raise SignInRefused


def _attempt(user: User | None, username: str, address: str, device: str, now: datetime) -> attempts.Try:
    """Where a try comes from; a name that is no account's is counted by its digest, for it may be a password."""
    digest = attempts.UNKNOWN + hashlib.sha256(username.encode("utf-8", "replace")).hexdigest()[:32]
    return attempts.Try(
        name=user.username if user else digest,
        known=user is not None,
        address=devices.network(address),
        device=devices.known(device, user, now=now),
        familiar=devices.is_familiar(address, user, now=now),
    )


def plain(username: str) -> str:
    """A user name as it is compared and counted: lower case, nothing that cannot be printed or stored."""
    return "".join(c for c in username.strip().lower() if c.isprintable())[:64]


@cache
def _nobody() -> str:
    """What a name that does not exist is checked against, so that it takes as long as one that does."""
    return HASHER.hash("no such account")


def _matches(stored: str, password: str) -> bool:
    if len(password) > passwords.MOST or len(password.encode()) > passwords.MOST:
        return False
    with _AT_ONCE:
        try:
            return HASHER.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def _insert(user: User) -> None:
    """The database is the last judge: of two accounts of one name made at once, the second is refused."""
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError as clash:
        raise FieldError("username", errors.USERNAME_TAKEN, username=user.username) from clash


def _person(name: str) -> str:
    try:
        text = clean(name, NAME_MOST).text
    except RegistryError as refused:
        raise FieldError("name", refused.template, **refused.values) from refused
    if not text:
        raise FieldError("name", errors.PERSON_NEEDED)
    return text


def _not_oneself(actor: Actor, user: User, sentence: str) -> None:
    """An administrator's power is never used on one's own account."""
    if actor.user_id == user.id:
        raise NotAllowed(sentence)


def check_roles(roles: frozenset[str], office: Office) -> None:
    if roles_conflict(roles):
        raise FieldError("roles", errors.ROLES_EXCLUDE)
    for role in sorted(roles):
        kinds = ROLE_OFFICES[role]
        if kinds and office.kind not in kinds:
            named = tuple(OFFICE_KIND_LABELS[kind] for kind in sorted(kinds))
            raise FieldError("roles", errors.ROLE_NEEDS_OFFICE, role=ROLE_LABELS[role], kinds=named)


def _facts(user: User) -> dict[str, object]:
    return {
        "username": user.username,
        "name": user.name,
        "office": user.office.code,
        "roles": list(user.roles),
        "active": user.active,
    }
