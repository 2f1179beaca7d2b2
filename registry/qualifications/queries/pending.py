"""Workbooks that the person brought and has neither applied nor given up."""

from __future__ import annotations

from sqlalchemy import Select

from registry.base.labels import N_
from registry.base.pending import Pending
from registry.base.permissions import Actor, can
from registry.qualifications.models import QualificationLoad
from registry.qualifications.queries import qualifications


def to_settle(actor: Actor) -> Select[QualificationLoad] | None:
    return (
        qualifications.loads_of(actor).where(QualificationLoad.outcome.is_(None))
        if can(actor, "qualification.load")
        else None
    )


WAITING = (Pending("qualification_load", N_("资质清单待写入"), "qualification_loads.bring", to_settle, is_task=False),)
