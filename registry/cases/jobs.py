"""What is overdue is nudged in the system's name."""

from __future__ import annotations

from registry.base.extensions import clock, db
from registry.cases.services import nudging


def overdue() -> None:
    """Once a working day; running it again on the same day does nothing more."""
    nudging.overdue(at=clock.now(), on=clock.today())
    db.session.commit()
