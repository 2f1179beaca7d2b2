"""Forms that were brought: those of one's own office, the newest first."""

from __future__ import annotations

from sqlalchemy import Select, select

from registry.base.permissions import Actor
from registry.upperforms.models import UpperForm


def visible_to(actor: Actor) -> Select[UpperForm]:
    return select(UpperForm).where(UpperForm.office_id == (actor.office_id or -1)).order_by(UpperForm.id.desc())


def one(actor: Actor, form_id: int) -> Select[UpperForm]:
    return visible_to(actor).where(UpperForm.id == form_id)
