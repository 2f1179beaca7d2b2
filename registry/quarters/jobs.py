"""What open quarters say of each firm is kept; certificates whose rows have changed end, and their offices are told."""

from __future__ import annotations

from registry.base.extensions import clock, db
from registry.quarters.services import certifying, drawing

KEPT = 2
"""Of the quarters that wait to be closed so many are kept, the latest; of those before them little is asked."""


def draw_quarters() -> None:
    drawing.draw(certifying.waiting(clock.today())[-KEPT:])


def end_certificates() -> None:
    """Look at every quarter that is over and not closed; running it again does nothing more."""
    for quarter in certifying.waiting(clock.today()):
        certifying.end_changed(quarter, at=clock.now())
        db.session.commit()
