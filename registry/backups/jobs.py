"""Each night one archive, and the oldest ones go."""

from __future__ import annotations

from datetime import UTC, datetime

from registry.backups.services import folder
from registry.base.extensions import clock, db, setting


def nightly() -> None:
    """Running it twice in a night makes two archives, of which none is worse."""
    if not setting("BACKUPS_KEPT"):
        return
    folder.add(None, at=clock.now(), now=datetime.now(UTC))
    db.session.commit()
    folder.clear()
