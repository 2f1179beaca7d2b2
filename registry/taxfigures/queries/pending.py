"""Workbooks that the person brought and has neither applied nor given up."""

from __future__ import annotations

from sqlalchemy import Select

from registry.base.labels import N_
from registry.base.pending import Pending
from registry.base.permissions import Actor, can
from registry.taxfigures.models import TaxLoad
from registry.taxfigures.queries import figures


def to_settle(actor: Actor) -> Select[TaxLoad] | None:
    return figures.loads_of(actor).where(TaxLoad.outcome.is_(None)) if can(actor, "taxfigure.load") else None


WAITING = (Pending("taxfigure_load", N_("税务数据文件待写入"), "tax_loads.bring", to_settle, is_task=False),)
