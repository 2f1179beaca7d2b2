"""Requests that no second administrator confirmed in time."""

from __future__ import annotations

from registry.extensions import clock, db
from registry.services import approvals


def expire() -> None:
    """Void them, each on the trail; running it again does nothing more."""
    approvals.expire(at=clock.now())
    db.session.commit()
