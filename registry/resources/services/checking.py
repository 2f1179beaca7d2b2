"""What may stand of a resource, what is doubted of it, and whether somebody has answered for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from registry.base.errors import FieldError
from registry.base.permissions import Actor
from registry.qualifications.rules.numbers import OddPoint
from registry.reference.queries import reference
from registry.resources import texts
from registry.resources.models import Resource
from registry.resources.queries import resources
from registry.resources.queries.kinds import kinds
from registry.resources.rules.keys import name_key, serial_key
from registry.resources.rules.rights import ResourceOwner, sees

NUMBERED = ("maker", "model", "serial")


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


def facts_of(row: Resource) -> ResourceFacts:
    return ResourceFacts(**{name: getattr(row, name) for name in FIELDS})


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


def answered(
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
