"""Sessions begin, are seen, and end; last-seen times are written in a short transaction of their own."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update

from registry.base.aside import note
from registry.base.errors import SessionOver
from registry.base.extensions import db, setting
from registry.people.models import User, WebSession
from registry.people.queries.signed_in import digest, open_sessions

TOUCH_EVERY = timedelta(minutes=1)


def begin(user: User, *, now: datetime, address: str, browser: str) -> str:
    """A new session for `user`; returns its token, which exists nowhere else."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        WebSession(
            token_digest=digest(token),
            user_id=user.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(hours=setting("SESSION_HOURS")),
            address=address[:64],
            browser=browser[:200],
        )
    )
    db.session.flush()
    return token


def touch(token: str, *, now: datetime) -> None:
    """Note that the session is in use, at most once a minute; a busy database misses it, and the next page notes it."""
    kept = db.session.get(WebSession, digest(token))
    if kept is None or now - kept.last_seen_at < TOUCH_EVERY:
        return
    seen = update(WebSession).where(WebSession.token_digest == digest(token)).values(last_seen_at=now)
    note("last-seen time", lambda session: session.execute(seen))


def end(token: str, *, now: datetime) -> None:
    """Signing out; the token opens nothing any more."""
    db.session.execute(update(WebSession).where(WebSession.token_digest == digest(token)).values(revoked_at=now))


def end_marked(user: User, mark: str, *, now: datetime) -> None:
    """End the open session of `user` whose mark this is (`WebSession.mark`); raises SessionOver."""
    ended = [kept for kept in open_sessions(user, now=now) if kept.mark == mark]
    if not ended:
        raise SessionOver
    ended[0].revoked_at = now


def end_all(user: User, *, now: datetime, keep: str | None = None) -> None:
    """End every session of `user`, but for the one with the token `keep`."""
    statement = update(WebSession).where(WebSession.user_id == user.id, WebSession.revoked_at.is_(None))
    if keep:
        statement = statement.where(WebSession.token_digest != digest(keep))
    db.session.execute(statement.values(revoked_at=now))
