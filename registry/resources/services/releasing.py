"""A resource is released to everybody by an office, and withdrawn with a reason."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from registry.base import contacts
from registry.base.errors import NotAllowed, ReasonNeeded, RegistryError, StaleRecord
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.firms.models.firms import Firm
from registry.resources import texts
from registry.resources.models import Resource
from registry.resources.queries import resources
from registry.resources.rules.states import has_listed_owner
from registry.trail.services import trail


def release(actor: Actor, row: Resource, *, seen: int, at: datetime, on: date) -> None:
    """发布 of what was shown (`seen`: its revision). Raises NotAllowed, StaleRecord, RegistryError (`obstacle`)."""
    hold(row, seen)
    if not can(actor, "resource.release", row) or actor.user_id is None:
        raise NotAllowed
    if (why := obstacle(row, on)) is not None:
        raise why
    row.released_at, row.released_by_id, row.released_by_name = at, actor.user_id, actor.name
    row.released_office_id = actor.office_id
    row.withdrawn_at, row.withdrawn_by_name, row.withdraw_reason = None, "", ""
    db.session.flush()
    trail.record(actor, "release_resource", row, at=at, before={"released": False}, after={"released": True})


def withdraw(actor: Actor, row: Resource, *, reason: str, at: datetime) -> None:
    """撤回发布. Raises NotAllowed, ReasonNeeded, RegistryError."""
    hold(row)
    if row.released_at is None:
        raise RegistryError(texts.NOT_RELEASED)
    if not can(actor, "resource.withdraw", row):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    end(actor, row, reason=reason.strip(), at=at)


def end(actor: Actor, row: Resource, *, reason: str, at: datetime) -> None:
    """Take the release back, for whoever has looked already whether that may be."""
    row.released_at = row.released_by_id = row.released_office_id = None
    row.released_by_name = ""
    row.withdrawn_at, row.withdrawn_by_name, row.withdraw_reason = at, actor.name, reason
    db.session.flush()
    trail.record(
        actor, "withdraw_resource", row, at=at, before={"released": True}, after={"released": False}, reason=reason
    )


def leave(actor: Actor, folded: Firm, *, at: datetime) -> None:
    """What a merge takes along to another firm was released as this one's: the other agrees and is released anew."""
    rows = select(Resource).where(Resource.firm_id == folded.id, Resource.released_at.is_not(None))
    for row in list(db.session.scalars(rows.order_by(Resource.id)).unique()):
        end(actor, row, reason=texts.OWNER_MERGED_RELEASE, at=at)


def obstacle(row: Resource, on: date) -> RegistryError | None:
    """What stands in the way of a release; None where nothing does."""
    if row.released_at is not None:
        return RegistryError(texts.ALREADY_RELEASED)
    if not row.wishes_release:
        return RegistryError(texts.NOT_WISHED)
    if not has_listed_owner(row):
        return RegistryError(texts.OWNER_GONE)
    if row.valid_to is not None and row.valid_to < on:
        return RegistryError(texts.EXPIRED)
    return None if contacts.are_known(row) else RegistryError(texts.NO_CONTACT)


def hold(row: Resource, seen: int | None = None) -> None:
    """Of two who act on it at once, the second sees what the first did; `seen`: the revision that was on the page.

    Raises RegistryError where it is voided, StaleRecord.
    """
    db.session.refresh(row, with_for_update={"of": Resource})
    if row.voided_at is not None:
        raise RegistryError(texts.VOIDED)
    if seen is not None and row.revision != seen:
        raise StaleRecord(who=next((entry.actor_name for entry in resources.history(row)), row.by_name))
