"""A visit is recorded, on the trail too."""

from __future__ import annotations

from datetime import date, datetime

from registry.base.errors import NotAllowed
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.firms.models.firms import Firm
from registry.trail.services import trail
from registry.visits.models import Visit


def record(actor: Actor, firm: Firm, *, on: date, heard: str, at: datetime) -> Visit:
    """Raises NotAllowed."""
    if actor.user_id is None or not can(actor, "visit.record", firm):
        raise NotAllowed
    visit = Visit(firm_id=firm.id, on=on, heard=heard, by_id=actor.user_id, by_name=actor.name, at=at)
    db.session.add(visit)
    db.session.flush()
    trail.record(actor, "visit", visit, at=at, after={"day": on, "heard": heard})
    return visit
