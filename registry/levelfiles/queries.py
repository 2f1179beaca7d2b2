"""The files of upper levels that a person brought."""

from __future__ import annotations

from sqlalchemy import Select, select

from registry.base.permissions import Actor
from registry.levelfiles.models import LevelLoad


def loads_of(actor: Actor) -> Select[LevelLoad]:
    """What the person brought, the newest first."""
    return select(LevelLoad).where(LevelLoad.by_id == (actor.user_id or -1)).order_by(LevelLoad.id.desc())


def load(actor: Actor, load_id: int) -> Select[LevelLoad]:
    return loads_of(actor).where(LevelLoad.id == load_id)
