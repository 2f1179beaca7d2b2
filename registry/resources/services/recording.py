"""A resource is entered, corrected, voided; what it was stays on the trail, contacts masked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from registry.base import contacts
from registry.base.errors import NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.entries.services import naming, revealing
from registry.firms.services import holding
from registry.resources import texts
from registry.resources.models import Resource
from registry.resources.queries.kinds import kinds
from registry.resources.queries.released import PUBLIC_COLUMNS
from registry.resources.rules.keys import name_key, search_key, serial_key
from registry.resources.rules.rights import ResourceOwner
from registry.resources.services import releasing
from registry.resources.services.checking import FIELDS, ResourceFacts, answered, check, facts_of
from registry.trail.services import trail

SEARCHED = ("name", "maker", "model", "capability", "place")


def enter(
    actor: Actor, owner: ResourceOwner, facts: ResourceFacts, *, doubt_reason: str = "", at: datetime, on: date
) -> Resource:
    """登记. Raises NotAllowed, FieldError, ResourceDoubts."""
    naming.hold(serial_key(facts.serial))  # of two who enter one instrument at once, the second is told of the first
    _hold_owner(owner)
    if not can(actor, "resource.record", owner) or actor.user_id is None or actor.office_id is None:
        raise NotAllowed(texts.NO_RIGHT, name=owner.name)
    check(facts)
    odd = answered(actor, owner, facts, None, doubt_reason, on)
    row = Resource(
        firm=owner.firm, institution=owner.institution, office_id=actor.office_id, by_id=actor.user_id,
        by_name=actor.name, at=at, doubt_reason=odd, **_stored(facts),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    after = {"owner": owner.name, **_recorded(_values(facts))} | ({"doubt_reason": odd} if odd else {})
    trail.record(actor, "enter_resource", row, at=at, after=after)
    return row


def correct(
    actor: Actor, row: Resource, facts: ResourceFacts, *, seen: int, reason: str, doubt_reason: str = "",
    at: datetime, on: date, keep_released: bool = False,
) -> None:  # fmt: skip
    """更正. `seen`: the revision that was on the page. A release ends where what is public changes, unless whoever may
    release says at once that it goes on. Raises as `enter`, ReasonNeeded, StaleRecord, RegistryError.
    """
    naming.hold(serial_key(facts.serial))
    releasing.hold(row, seen)
    if not can(actor, "resource.change", row):
        raise NotAllowed
    before, after = _values(facts_of(row)), _values(facts)
    changed = {name for name in FIELDS if before[name] != after[name]}
    if not changed:
        raise RegistryError(texts.NOTHING_CHANGED)
    if not reason.strip():
        raise ReasonNeeded
    check(facts)
    row.doubt_reason = answered(actor, ResourceOwner(row.firm, row.institution), facts, row, doubt_reason, on)
    ends = ends_release(row, facts) and not (keep_released and can(actor, "resource.release", row))
    for name, value in _stored(facts).items():
        setattr(row, name, value)
    db.session.flush()
    old, new = (_recorded({name: values[name] for name in FIELDS if name in changed}) for values in (before, after))
    if row.doubt_reason:
        new["doubt_reason"] = row.doubt_reason
    trail.record(actor, "edit_resource", row, at=at, before=old, after=new, reason=reason.strip())
    if ends:
        releasing.end(actor, row, reason=texts.ENDED_BY_EDIT, at=at)


def void(actor: Actor, row: Resource, *, reason: str, at: datetime) -> None:
    """作废: entered by mistake, or offered no more; kept, and listed only where somebody asks for it."""
    releasing.hold(row)
    if not can(actor, "resource.change", row):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    if row.released_at is not None:
        releasing.end(actor, row, reason=reason.strip(), at=at)
    row.voided_at, row.voided_by_name, row.void_reason = at, actor.name, reason.strip()
    db.session.flush()
    trail.record(actor, "void_resource", row, at=at, after={"voided": True}, reason=reason.strip())


def reveal(actor: Actor, row: Resource, *, at: datetime, purpose: str) -> dict[str, str]:
    """Whom to call, in full; looking is itself an act on the trail. Raises NotAllowed, ReasonNeeded."""
    return revealing.reveal(actor, "resource.reveal", row, at=at, purpose=purpose)


def ends_release(row: Resource, facts: ResourceFacts) -> bool:
    """Whether these facts change what is public of a released row, or the owner no longer agrees."""
    if row.released_at is None:
        return False
    before = facts_of(row)
    if not facts.wishes_release or any(getattr(before, name) != getattr(facts, name) for name in PUBLIC_COLUMNS):
        return True
    return facts.contact_public and contacts.of(before) != contacts.of(facts)


# -- doing it -------------------------------------------------------------------------------------
def _hold_owner(owner: ResourceOwner) -> None:
    if owner.firm is not None:
        holding.hold(owner.firm)
        holding.refuse_merged(owner.firm)


def _values(facts: ResourceFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in FIELDS}


def _stored(facts: ResourceFacts) -> dict[str, Any]:
    """As the columns want them, with what is derived."""
    return {
        **_values(facts),
        "name_key": name_key(facts.name),
        "serial_key": serial_key(facts.serial),
        "search_key": search_key(*(getattr(facts, name) for name in SEARCHED)),
    }


def _recorded(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the trail keeps it: contacts masked, the kind by its name; of a new row no empty field."""
    told: dict[str, Any] = {}
    for name, value in values.items():
        if name in contacts.RESTRICTED:
            told[name] = contacts.masked(name, value)
        elif name == "kind":
            told[name] = kinds()[value].name
        else:
            told[name] = value
    return {name: value for name, value in told.items() if value not in ("", False) or len(values) < len(FIELDS)}
