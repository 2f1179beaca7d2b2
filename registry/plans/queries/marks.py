"""Marks of firms within an actor's reach."""

from __future__ import annotations

from sqlalchemy import Select, select

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.plans.models import FirmMark


def visible_to(actor: Actor) -> Select[FirmMark]:
    """The newest first, those taken back too."""
    reached = Firm.voided_at.is_(None), firms.within(actor)
    return select(FirmMark).join(FirmMark.firm).where(*reached).order_by(FirmMark.since.desc(), FirmMark.id.desc())


def one(actor: Actor, mark_id: int) -> Select[FirmMark]:
    return visible_to(actor).where(FirmMark.id == mark_id)


def of(firm: Firm) -> list[FirmMark]:
    """Those of one firm, the newest first."""
    rows = select(FirmMark).where(FirmMark.firm_id == firm.id).order_by(FirmMark.since.desc(), FirmMark.id.desc())
    return list(db.session.scalars(rows).unique())
