"""Requests that are this administrator's to decide."""

from __future__ import annotations

from sqlalchemy import Select

from registry.accounts.models import Approval
from registry.accounts.queries import requests
from registry.base.extensions import clock
from registry.base.labels import N_
from registry.base.pending import Pending
from registry.base.permissions import Actor, can


def to_decide(actor: Actor) -> Select[Approval] | None:
    return requests.to_confirm(actor, at=clock.now()) if can(actor, "approval.list") else None


WAITING = (Pending("approval", N_("账号申请待确认"), "approvals.listing", to_decide, counter="approvals"),)
