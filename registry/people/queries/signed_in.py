"""Who a session belongs to."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select

from registry.base.extensions import db, setting
from registry.base.permissions import Actor
from registry.people.models import User, WebSession


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def session_of(token: str) -> WebSession | None:
    return db.session.get(WebSession, digest(token))


def open_session(token: str, *, now: datetime) -> WebSession | None:
    """The session that `token` opens, with its person, unless the session or the account has ended."""
    kept = session_of(token)
    return kept if kept and kept.user.active and _is_open(kept, now) else None


def open_sessions(user: User, *, now: datetime) -> list[WebSession]:
    """The sessions of `user` that still open something, the one seen last first."""
    kept = db.session.scalars(
        select(WebSession)
        .where(WebSession.user_id == user.id, WebSession.revoked_at.is_(None), WebSession.expires_at > now)
        .order_by(WebSession.last_seen_at.desc(), WebSession.token_digest)
    )
    return [session for session in kept.unique() if _is_open(session, now)]


def _is_open(kept: WebSession, now: datetime) -> bool:
    """Neither ended, nor past its absolute end, nor idle too long."""
    idle = timedelta(minutes=setting("SESSION_IDLE_MINUTES"))
    return kept.revoked_at is None and now < kept.expires_at and now - kept.last_seen_at <= idle


def actor_of(user: User) -> Actor:
    return Actor(user.id, user.name, user.office_id, user.office.code, user.office.kind, frozenset(user.roles))
