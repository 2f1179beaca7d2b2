"""Sign-ins that failed, counted by account and by address; a lock ends by itself with its window.

A try is counted before its password is looked at and given back when it was right: so no number of guesses made at
once can slip through between looking at the count and raising it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from registry.domain.errors import SignInLocked
from registry.extensions import db, setting
from registry.models import LoginCounter
from registry.services.aside import aside


def reserve(username: str, address: str, *, now: datetime) -> None:
    """Count a try of this account; raises SignInLocked where the account or the address has had its share.

    An address is only looked at here: at nine in the morning a whole office signs in behind one address.
    """
    with aside() as session:
        at_address = session.get(LoginCounter, _address(address))
        if at_address and _is_fresh(at_address, now) and at_address.failures >= setting("LOGIN_LIMIT_ADDRESS"):
            raise _locked(at_address.window_start, now)
        tries, since = _raise_count(session, _user(username), now)
    if tries > setting("LOGIN_LIMIT_USER"):
        raise _locked(since, now)


def failed(address: str, *, now: datetime) -> None:
    """The password was wrong: the account's count stands, the address has one more."""
    with aside() as session:
        _raise_count(session, _address(address), now)


def forget(username: str, *, now: datetime) -> None:
    """The password was right, or an administrator gave a new one: the account's count and all stale ones go."""
    stale = select(LoginCounter.key).where(LoginCounter.window_start <= now - _window())
    over = LoginCounter.key.in_(stale.with_for_update(skip_locked=True))
    db.session.execute(delete(LoginCounter).where((LoginCounter.key == _user(username)) | over))


def _raise_count(session: Session, key: str, now: datetime) -> tuple[int, datetime]:
    """One conditional statement, so that no two failures at once are counted as one; the count, and since when."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(LoginCounter)
        .values(key=key, window_start=now, failures=1)
        .on_conflict_do_update(
            index_elements=[LoginCounter.key],
            set_={
                "failures": case((_fresh(now), LoginCounter.failures + 1), else_=1),
                "window_start": case((_fresh(now), LoginCounter.window_start), else_=now),
            },
        )
        .returning(LoginCounter.failures, LoginCounter.window_start)
    )
    tries, since = session.execute(statement).one()
    return tries, since


def _fresh(now: datetime) -> ColumnElement[bool]:
    """Within the window, also for a clock that runs a little behind; a start far ahead is a clock set back."""
    return and_(LoginCounter.window_start > now - _window(), LoginCounter.window_start < now + _window())


def _is_fresh(counter: LoginCounter, now: datetime) -> bool:
    return abs(now - counter.window_start) < _window()


def _locked(since: datetime, now: datetime) -> SignInLocked:
    left = since + _window() - now
    return SignInLocked(minutes=max(1, -(-int(left.total_seconds()) // 60)))


def _window() -> timedelta:
    return timedelta(minutes=setting("LOGIN_WINDOW_MINUTES"))


def _user(username: str) -> str:
    return f"user:{username}"


def _address(address: str) -> str:
    return f"address:{address}"[:120]
