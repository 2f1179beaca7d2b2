"""A resource is entered, corrected, voided; what it was stays on the trail, contacts masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from registry.base import contacts
from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError, StaleRecord
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.entries.services import naming, revealing
from registry.firms.services import holding
from registry.qualifications.rules.numbers import OddPoint
from registry.reference.queries import reference
from registry.resources import texts
from registry.resources.models import Resource
from registry.resources.queries import resources
from registry.resources.queries.kinds import kinds
from registry.resources.queries.released import PUBLIC_COLUMNS
from registry.resources.rules.keys import name_key, search_key, serial_key
from registry.resources.rules.rights import ResourceOwner, sees
from registry.resources.services import releasing
from registry.trail.services import trail

NUMBERED = ("maker", "model", "serial")
SEARCHED = ("name", "maker", "model", "capability", "place")


@dataclass(frozen=True)
class ResourceFacts:
    """What is said of a resource; `valid_to` None: no end is stated (长期)."""

    kind: str
    name: str
    division: str
    capability: str
    valid_from: date
    valid_to: date | None
    place: str = ""
    maker: str = ""
    model: str = ""
    serial: str = ""
    price: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_public: bool = False
    wishes_release: bool = False


FIELDS = tuple(field.name for field in fields(ResourceFacts))


class ResourceDoubts(FieldError):
    """Something looks odd, and nobody has said yet why it is right; `points`: each of them."""

    template = texts.DOUBTS_UNANSWERED

    def __init__(self, points: Sequence[OddPoint]) -> None:
        self.points = tuple(points)
        super().__init__("doubt_reason", None, count=len(self.points))


def enter(
    actor: Actor, owner: ResourceOwner, facts: ResourceFacts, *, doubt_reason: str = "", at: datetime, on: date
) -> Resource:
    """登记. Raises NotAllowed, FieldError, ResourceDoubts."""
    naming.hold(serial_key(facts.serial))  # of two who enter one instrument at once, the second is told of the first
    _hold_owner(owner)
    if not can(actor, "resource.record", owner) or actor.user_id is None or actor.office_id is None:
        raise NotAllowed(texts.NO_RIGHT, name=owner.name)
    check(facts)
    odd = _answered(actor, owner, facts, None, doubt_reason, on)
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
    hold(row)
    if not can(actor, "resource.change", row):
        raise NotAllowed
    if row.revision != seen:
        raise StaleRecord(who=_last(row))
    before, after = _values(facts_of(row)), _values(facts)
    changed = {name for name in FIELDS if before[name] != after[name]}
    if not changed:
        raise RegistryError(texts.NOTHING_CHANGED)
    if not reason.strip():
        raise ReasonNeeded
    check(facts)
    row.doubt_reason = _answered(actor, ResourceOwner(row.firm, row.institution), facts, row, doubt_reason, on)
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
    hold(row)
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


def facts_of(row: Resource) -> ResourceFacts:
    return ResourceFacts(**{name: getattr(row, name) for name in FIELDS})


def ends_release(row: Resource, facts: ResourceFacts) -> bool:
    """Whether these facts change what is public of a released row, or the owner no longer agrees."""
    if row.released_at is None:
        return False
    before = facts_of(row)
    if not facts.wishes_release or any(getattr(before, name) != getattr(facts, name) for name in PUBLIC_COLUMNS):
        return True
    return facts.contact_public and contacts.of(before) != contacts.of(facts)


def check(facts: ResourceFacts) -> None:
    """Raise FieldError for what cannot stand, whatever anybody says for it."""
    kind = kinds().get(facts.kind)
    if kind is None:
        known = tuple(one.name for one in kinds().values())
        raise FieldError("kind", texts.KIND_UNKNOWN, text=facts.kind, known=known)
    needed = (("name", texts.NAME_NEEDED), ("capability", texts.CAPABILITY_NEEDED))
    for name, template in needed:
        if not getattr(facts, name):
            raise FieldError(name, template)
    if facts.division not in {row.code for row in reference.counties_and_zones()}:
        raise FieldError("division", texts.PLACE_NEEDED)
    for name in NUMBERED:
        if getattr(facts, name) and not kind.numbered:
            raise FieldError(name, texts.NUMBERED_ONLY, kind=kind.name)
    if facts.serial and not any(character.isalnum() for character in serial_key(facts.serial)):
        raise FieldError("serial", texts.SERIAL_EMPTY, text=facts.serial)
    if facts.valid_to is not None and facts.valid_to < facts.valid_from:
        raise FieldError("valid_to", texts.TO_BEFORE_FROM)


def doubts(actor: Actor, owner: ResourceOwner, facts: ResourceFacts, row: Resource | None, on: date) -> list[OddPoint]:
    """What a person has to answer for before it is stored; of a row that stands only what its change brings."""
    before = facts_of(row) if row is not None else None
    found = []
    if before is None or serial_key(before.serial) != serial_key(facts.serial):
        others = (one for one in resources.with_serials([serial_key(facts.serial)]) if one is not row)
        found += [same_serial(actor, facts.serial, other) for other in others]
    if before is None:
        twins = (one for one in resources.of_owner(owner) if one.kind == facts.kind)
        alike = (
            one for one in twins if one.name_key == name_key(facts.name) and not _are_apart(one.serial, facts.serial)
        )
        found += [OddPoint(texts.SAME_NAME, {"number": one.id}) for one in alike]
    if facts.valid_to is not None and facts.valid_to < on and (before is None or before.valid_to != facts.valid_to):
        found.append(OddPoint(texts.DOUBT_PAST, {}))
    return found


def same_serial(actor: Actor, serial: str, other: Resource) -> OddPoint:
    """Of a row out of reach nothing is told but which office entered it."""
    if not sees(actor, other):
        return OddPoint(texts.SAME_SERIAL_BEYOND, {"serial": serial, "office": other.office.short_name})
    values = {"serial": serial, "name": other.name, "owner": other.owner_name, "number": other.id}
    return OddPoint(texts.SAME_SERIAL, values)


def hold(row: Resource) -> None:
    """Of two who change it at once, the second sees what the first did."""
    db.session.refresh(row, with_for_update={"of": Resource})
    if row.voided_at is not None:
        raise RegistryError(texts.VOIDED)


# -- doing it -------------------------------------------------------------------------------------
def _hold_owner(owner: ResourceOwner) -> None:
    if owner.firm is not None:
        holding.hold(owner.firm)
        holding.refuse_merged(owner.firm)


def _answered(
    actor: Actor, owner: ResourceOwner, facts: ResourceFacts, row: Resource | None, reason: str, on: date
) -> str:
    """Why what looks odd is right, or what was said of it before. Raises ResourceDoubts."""
    odd = doubts(actor, owner, facts, row, on)
    if odd and not reason.strip():
        raise ResourceDoubts(odd)
    if odd:
        return reason.strip()
    return row.doubt_reason if row is not None else ""


def _are_apart(one: str, other: str) -> bool:
    """Two serial numbers that are both known and differ."""
    return bool(one and other) and serial_key(one) != serial_key(other)


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


def _last(row: Resource) -> str:
    return next((entry.actor_name for entry in resources.history(row)), row.by_name)
