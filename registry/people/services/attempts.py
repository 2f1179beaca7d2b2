"""Tries to sign in, counted so that guessing is slow and nobody can lock anybody else out.

Each try is counted for the account *and* where it comes from: a device that signed in to this account before, or an
address. Only what comes from elsewhere also shares budgets: one of the account (guesses from many addresses), one of
the address (many names from one). So whoever guesses uses up strangers' tries, not those of the person.

A try is counted before its password is looked at and given back when it was right: so no number of guesses made at
once can slip through between looking at the count and raising it. A lock ends by itself with its window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Delete, and_, case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from registry.base.aside import aside
from registry.base.errors import SignInLocked
from registry.base.extensions import db, setting
from registry.base.permissions import Actor
from registry.base.sqlite import reading
from registry.people.models import LoginCounter
from registry.trail.services import trail


@dataclass(frozen=True)
class Try:
    """One try: of which name (`known`: an account's), from which address, by a device or at an address it knows.

    `session` is the digest of the session in which somebody is asked for their present password.
    """

    name: str
    known: bool
    address: str
    device: str = ""
    familiar: bool = False
    session: str = ""

    @property
    def own(self) -> str:
        """The count of this account from here alone."""
        return f"device:{self.device}|{self.name}" if self.device else f"pair:{self.address}|{self.name}"

    @property
    def elsewhere(self) -> bool:
        """Neither from a device nor from an address that this account signed in from."""
        return not (self.device or self.familiar)

    @property
    def account(self) -> str:
        return f"account:{self.name}"

    @property
    def within(self) -> str:
        """The count of this session; wherever it moves to it has no more than one share."""
        return f"session:{self.session}"


def reserve(attempt: Try, *, now: datetime) -> int:
    """Count a try; the how many-th it is of this account from here, wrong ones that were not given back.

    Raises SignInLocked where the account has had its share from here, or strangers have had theirs. An address is
    only looked at: at nine in the morning a whole office signs in behind one address.
    """
    _clear_stale(now)
    with aside() as session:
        tries, since = _counted(session, attempt, now)
    if since is not None:
        left = since + _window() - now
        raise SignInLocked(minutes=max(1, -(-int(left.total_seconds()) // 60)))
    return tries


def _counted(session: Session, attempt: Try, now: datetime) -> tuple[int, datetime | None]:
    """The count from here, and since when this try is locked, if it is: the first budget that is full says no."""
    limit = setting("LOGIN_LIMIT_USER")
    if attempt.elsewhere and (since := _full_address(session, attempt, now)):
        return 0, since
    own, since = _raise_count(session, attempt.own, now)
    if own > limit:
        _note_lock(session, attempt, own, limit, now)
        return own, since
    if attempt.elsewhere:
        limit = setting("LOGIN_LIMIT_ACCOUNT")
        tries, since = _raise_count(session, attempt.account, now)
        if tries > limit:
            _note_lock(session, attempt, tries, limit, now)
            return own, since
    return own, None


def _full_address(session: Session, attempt: Try, now: datetime) -> datetime | None:
    row = session.get(LoginCounter, _address(attempt))
    if row is None or not _is_fresh(row, now) or row.failures < setting("LOGIN_LIMIT_ADDRESS"):
        return None
    _note_lock(session, attempt, _raise_count(session, f"locked:{attempt.address}", now)[0], 0, now)
    return row.window_start


def failed(attempt: Try, tries: int, *, now: datetime) -> int:
    """The password was wrong: the counts stand, and the address has one more name where this is its first failure.

    Gives back how many were wrong in this session, where the try was made in one.
    """
    with aside() as session:
        if tries == 1 and attempt.elsewhere:
            _raise_count(session, _address(attempt), now)
        if attempt.session:
            wrong, _since = _raise_count(session, attempt.within, now)
            if wrong == 1:
                _note(session, attempt, "password_refused", now)
            return wrong
        # both kinds are counted, so that both cost the same; of a real account the trail goes by its own count
        kind = "named" if attempt.known else "nameless"
        here, _since = _raise_count(session, f"{kind}:{attempt.address}", now)
        if (tries if attempt.known else here) == 1:
            _note(session, attempt, "sign_in_refused", now)
    return 0


def succeeded(attempt: Try, *, now: datetime) -> int:
    """The password was right: this try is given back, and the count from here ends; how many were wrong before it.

    What strangers tried at the account meanwhile stays counted: else each sign-in would give them their tries back.
    """
    row = db.session.get(LoginCounter, attempt.own)
    before = row.failures - 1 if row and _is_fresh(row, now) else 0
    ended = (attempt.own, attempt.within) if attempt.session else (attempt.own,)
    db.session.execute(delete(LoginCounter).where(LoginCounter.key.in_(ended)))
    if attempt.elsewhere:  # after one's own, as when it was counted: two at once must not wait for each other
        of_account = LoginCounter.key == attempt.account
        db.session.execute(update(LoginCounter).where(of_account).values(failures=LoginCounter.failures - 1))
        db.session.execute(delete(LoginCounter).where(of_account, LoginCounter.failures <= 0))
    return before


def forget(username: str, *, now: datetime) -> None:
    """The account was given a new password: every count of it ends, and what was counted is told before."""
    of_account = LoginCounter.key == f"account:{username}"
    from_here = or_(LoginCounter.key.startswith("pair:"), LoginCounter.key.startswith("device:"))
    named = LoginCounter.key.endswith(f"|{username}", autoescape=True)
    _end(db.session(), delete(LoginCounter).where(or_(of_account, and_(from_here, named))), now)


# -- what the trail is told: the first refusal, the first lock, and the sum when the window is over -----------------
def _clear_stale(now: datetime) -> None:
    """Clear counts whose window is over; what was more than its first row said becomes one row with the sum.

    In a transaction of its own: it holds counts of others, and must not wait for any.
    """
    stale = select(LoginCounter.key).where(LoginCounter.window_start <= now - _window())
    with reading():
        is_needed = db.session.scalar(stale.limit(1)) is not None
        db.session.rollback()
    if not is_needed:
        return
    gone = delete(LoginCounter).where(LoginCounter.key.in_(stale.with_for_update(skip_locked=True)))
    with aside() as session:
        _end(session, gone, now)


def _end(session: Session, gone: Delete, now: datetime) -> None:
    """End these counts; no sum is lost with them."""
    rows = session.execute(
        gone.returning(LoginCounter.key, LoginCounter.failures, LoginCounter.window_start),
        execution_options={"synchronize_session": False},
    )
    for tries, name, address, since in _sums(rows.all()):
        act = trail.Act("sign_in_tries", "session", source=address, after={"tries": tries, "since": since})
        trail.append(session, _stranger(name), [act], at=now)


def _sums(rows: Any) -> Iterator[tuple[int, str, str, datetime]]:
    """Of the counts that are over, those that are more than one try: how many, of whom, from where, since when."""
    for key, tries, since in sorted(tuple(row) for row in rows):
        kind, _colon, rest = key.partition(":")
        place, _bar, name = rest.partition("|")
        if tries < 2 or name.startswith(UNKNOWN):
            continue
        if kind in ("pair", "device"):
            yield tries, name, place if kind == "pair" else "", since
        elif kind == "account" and not rest.startswith(UNKNOWN) and tries > setting("LOGIN_LIMIT_ACCOUNT"):
            yield tries, rest, "", since
        elif kind in ("nameless", "locked"):
            yield tries, "", rest, since


def _note_lock(session: Session, attempt: Try, tries: int, limit: int, now: datetime) -> None:
    """The first try beyond the limit is on the trail; the others are in the sum."""
    if tries == limit + 1:
        _note(session, attempt, "sign_in_locked", now)


def _note(session: Session, attempt: Try, verb: str, now: datetime) -> None:
    act = trail.Act(verb, "session", source=attempt.address)
    trail.append(session, _stranger(attempt.name if attempt.known else ""), [act], at=now)


def _stranger(name: str) -> Actor:
    """Whoever tried; a name that is no account's is not kept, for people type their password there."""
    return Actor(None, name, None, "", "", frozenset())


# -- counting ---------------------------------------------------------------------------------------------------
UNKNOWN = "?"
"""Begins the digest that stands for a name that is no account's; no account's name begins with it."""


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


def _window() -> timedelta:
    return timedelta(minutes=setting("LOGIN_WINDOW_MINUTES"))


def _address(attempt: Try) -> str:
    return f"address:{attempt.address}"
