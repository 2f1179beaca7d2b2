"""The files of upper levels that a person brought."""

from __future__ import annotations

from sqlalchemy import Select, select

from registry.base.belongings import Belonging
from registry.base.labels import N_
from registry.base.pending import Pending
from registry.base.permissions import Actor, can
from registry.base.vocabulary import Role
from registry.levelfiles.models import LevelLoad


def loads_of(actor: Actor) -> Select[LevelLoad]:
    """What the person brought, or whom they stand in for; the newest first."""
    return select(LevelLoad).where(LevelLoad.by_id.in_(actor.people)).order_by(LevelLoad.id.desc())


def load(actor: Actor, load_id: int) -> Select[LevelLoad]:
    return loads_of(actor).where(LevelLoad.id == load_id)


BELONGINGS = (
    Belonging(
        "level_files",
        N_("待登记的上级审核结果文件"),
        LevelLoad.by_id,
        lambda _user: LevelLoad.outcome.is_(None),
        roles=frozenset({Role.STATISTICIAN}),
        for_deputy=True,
    ),
)


def to_settle(actor: Actor) -> Select[LevelLoad] | None:
    """Those that are neither recorded nor given up yet."""
    return loads_of(actor).where(LevelLoad.outcome.is_(None)) if can(actor, "levelfile.load") else None


WAITING = (
    Pending("level_load", N_("上级审核结果文件待登记"), "level_loads.bring", to_settle, is_task=False),
)  # fmt: skip
