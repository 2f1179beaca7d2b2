"""What of the reference data has come takes effect: every night, and when something is published for today."""

from __future__ import annotations

from registry.base.extensions import clock, db
from registry.successions import services


def take_effect() -> None:
    """In one transaction; running it again changes nothing."""
    services.take_effect(on=clock.today(), at=clock.now())
    db.session.commit()
