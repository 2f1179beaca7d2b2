"""What open quarters say of each firm is kept; certificates whose rows have changed end, and their offices are told."""

from __future__ import annotations

from registry.base.extensions import clock, db
from registry.quarters.services import certifying, drawing


def draw_quarters() -> None:
    """For the quarter to be closed next and the latest, which are looked at; running it again does nothing more."""
    waiting = certifying.waiting(clock.today())
    quarters = sorted({*waiting[:1], *waiting[-1:]})
    drawing.draw(quarters)
    for quarter in quarters:
        certifying.end_changed(quarter, at=clock.now())
        db.session.commit()
