"""Typical cases that another person is to approve."""

from __future__ import annotations

from sqlalchemy import Select

from registry.base.labels import N_
from registry.base.pending import Pending
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.portal.models import PortalStory
from registry.portal.queries import releases


def to_approve(actor: Actor) -> Select[PortalStory] | None:
    if not actor.holds(Role.CITY_OFFICE):
        return None
    return releases.stories(actor).where(PortalStory.state == "entered", PortalStory.by_id != (actor.user_id or -1))


WAITING = (Pending("story", N_("典型案例待批准"), "portal_stories.listing", to_approve, is_task=False),)
