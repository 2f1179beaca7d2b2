"""Workbooks that the person brought and has neither applied nor given up."""

from __future__ import annotations

from sqlalchemy import Select

from registry.base.labels import N_
from registry.base.pending import Pending
from registry.base.permissions import Actor, can
from registry.resources.models import ResourceLoad
from registry.resources.queries import resources


def to_settle(actor: Actor) -> Select[ResourceLoad] | None:
    return resources.loads_of(actor).where(ResourceLoad.outcome.is_(None)) if can(actor, "resource.load") else None


WAITING = (Pending("resource_load", N_("资源清单待写入"), "resource_loads.bring", to_settle, is_task=False),)
