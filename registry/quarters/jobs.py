"""Certificates whose rows have changed end, and their offices are told."""

from __future__ import annotations

from registry.base.extensions import clock, db
from registry.quarters.services import certifying


def end_certificates() -> None:
    """Look at every quarter that is over and not closed; running it again does nothing more."""
    for quarter in certifying.waiting(clock.today()):
        certifying.end_changed(quarter, at=clock.now())
        db.session.commit()
