"""Who a session belongs to."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from registry.base.extensions import db, setting
from registry.base.permissions import Actor
from registry.people.models import Deputy, User, WebSession

StandsInFor = tuple[tuple[int, str], ...]


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def session_of(token: str) -> WebSession | None:
    return db.session.get(WebSession, digest(token))


def open_session(token: str, *, now: datetime) -> WebSession | None:
    """The session that `token` opens, with its person, unless the session or the account has ended."""
    opened = opened_by(token, now=now, on=now.date())
    return opened[0] if opened else None


def opened_by(token: str, *, now: datetime, on: date) -> tuple[WebSession, StandsInFor] | None:
    """As `open_session`, with those whom the person stands in for on that day: all of it is one statement.

    Both must sit in one office still; a deputy never does the absent person's work in another.
    """
    person, absent = aliased(User), aliased(User)
    standing = and_(
        Deputy.deputy_id == person.id, Deputy.ended_at.is_(None), Deputy.first_on <= on, on <= Deputy.last_on
    )
    rows = db.session.execute(
        select(WebSession, absent.id, absent.name)
        .join(person, person.id == WebSession.user_id)
        .outerjoin(Deputy, standing)
        .outerjoin(absent, and_(absent.id == Deputy.absent_id, absent.office_id == person.office_id))
        .where(WebSession.token_digest == digest(token))
        .order_by(absent.id)
    ).all()
    if not rows:
        return None
    kept: WebSession = rows[0][0]
    if not kept.user.active or not _is_open(kept, now):
        return None
    absences: dict[int | None, str] = {row[1]: row[2] for row in rows}
    return kept, tuple((number, name) for number, name in absences.items() if number is not None)


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


def actor_of(user: User, stands_in_for: StandsInFor = ()) -> Actor:
    """`stands_in_for` is said by a page's session only: a job and a command act for nobody but who ordered them."""
    office, roles = user.office, frozenset(user.roles)
    return Actor(user.id, user.name, user.office_id, office.code, office.kind, roles, stands_in_for)
