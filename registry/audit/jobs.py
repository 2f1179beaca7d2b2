"""Each hour the end of the trail is noted outside; each night every row is held against its seal."""

from __future__ import annotations

from registry.audit.services import checking
from registry.base.extensions import clock, db
from registry.base.permissions import SYSTEM_ACTOR
from registry.trail.services import anchoring


def anchor() -> None:
    """Twice in an hour does no harm: where nothing was recorded meanwhile, nothing is noted."""
    anchoring.note("hour")


def recount() -> None:
    checking.rows(SYSTEM_ACTOR, at=clock.now())
    db.session.commit()
