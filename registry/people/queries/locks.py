"""How many shares of tries to sign in are used up now (`services.attempts`); each lock ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from registry.base.extensions import db, setting
from registry.people.models import LoginCounter


def locked(now: datetime) -> int:
    """Accounts from one place, and accounts as a whole, that have had their share of tries and more."""
    fresh = LoginCounter.window_start > now - timedelta(minutes=setting("LOGIN_WINDOW_MINUTES"))
    own = or_(LoginCounter.key.startswith("pair:"), LoginCounter.key.startswith("device:"))
    full = or_(
        and_(own, LoginCounter.failures > setting("LOGIN_LIMIT_USER")),
        and_(LoginCounter.key.startswith("account:"), LoginCounter.failures > setting("LOGIN_LIMIT_ACCOUNT")),
    )
    return db.session.scalar(select(func.count()).select_from(LoginCounter).where(fresh, full)) or 0
