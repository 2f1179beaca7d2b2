"""The steps of a firm on the pathway, as they happened."""

from __future__ import annotations

from sqlalchemy import select

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent


def events_of(firm: Firm) -> list[PathwayEvent]:
    return list(
        db.session.scalars(
            select(PathwayEvent).where(PathwayEvent.firm_id == firm.id).order_by(PathwayEvent.at, PathwayEvent.id)
        )
    )
