"""Who a session belongs to."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta


from registry.domain.permissions import Actor
from registry.extensions import db, setting
from registry.models import User, WebSession


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def session_of(token: str) -> WebSession | None:
    return db.session.get(WebSession, digest(token))


def user_of(token: str, *, now: datetime) -> User | None:
    """The person signed in with `token`, unless the session or the account has ended."""
    kept = session_of(token)
    idle = timedelta(minutes=setting("SESSION_IDLE_MINUTES"))
    if kept is None or kept.revoked_at is not None or not kept.user.active:
        return None
    if now >= kept.expires_at or now - kept.last_seen_at > idle:
        return None
    return kept.user


def actor_of(user: User) -> Actor:
    return Actor(user.id, user.name, user.office_id, user.office.code, user.office.kind, frozenset(user.roles))
