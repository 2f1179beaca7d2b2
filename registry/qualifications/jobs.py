"""Once a night, offices are told which certificates expire."""

from __future__ import annotations

from registry.base.extensions import clock, db
from registry.qualifications.services import warning


def warn() -> None:
    """Running it again on the same day does nothing more."""
    warning.warn(at=clock.now(), on=clock.today())
    db.session.commit()
