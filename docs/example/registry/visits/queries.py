"""Visits to firms in an actor's reach."""

from __future__ import annotations

from sqlalchemy import Select, select

from registry.base.permissions import Actor
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.visits.models import Visit


def visible_to(actor: Actor) -> Select[Visit]:
    """The newest first."""
    seen = firms.visible_to(actor).with_only_columns(Firm.id)
    return select(Visit).where(Visit.firm_id.in_(seen)).order_by(Visit.on.desc(), Visit.id.desc())
