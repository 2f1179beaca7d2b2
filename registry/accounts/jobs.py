"""Requests that no second administrator confirmed in time."""

from __future__ import annotations

from registry.accounts.services import two_people
from registry.base.extensions import clock, db


def expire() -> None:
    """Void them, each on the trail; running it again does nothing more."""
    two_people.expire(at=clock.now())
    db.session.commit()
