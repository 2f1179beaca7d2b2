"""Schemes of appraisal that wait for a second person."""

from __future__ import annotations

from sqlalchemy import Select

from registry.appraisals.models import AppraisalScheme
from registry.appraisals.queries import schemes
from registry.base.labels import N_
from registry.base.pending import Pending
from registry.base.permissions import Actor
from registry.base.vocabulary import Role


def to_check(actor: Actor) -> Select[AppraisalScheme] | None:
    if not actor.holds(Role.CITY_OFFICE, Role.STATISTICIAN):
        return None
    others = AppraisalScheme.prepared_by_id != (actor.user_id or -1)
    return schemes.visible_to(actor).where(AppraisalScheme.outcome.is_(None), others)


WAITING = (Pending("appraisal", N_("考核方案待复核"), "appraisals.show", to_check, is_task=False),)
