"""Notices that the person has not read."""

from __future__ import annotations

from sqlalchemy import Select

from registry.base.labels import N_
from registry.base.pending import Pending
from registry.base.permissions import Actor, can
from registry.notices.models import Notice
from registry.notices.queries import received


def unread(actor: Actor) -> Select[Notice] | None:
    return received.unread(actor) if can(actor, "inbox") else None


WAITING = (
    Pending(
        "notice", N_("未读消息"), "notices.listing", unread, values={"state": "unread"}, is_task=False,
        counter="notices",
    ),
)  # fmt: skip
