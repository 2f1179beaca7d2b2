"""What of the resources is released: the rows that are public on a day, and their public fields and no other.

For whoever publishes; a condition of `released` restricts by what `PublicResource` holds and by nothing else, so that
no search tells of a field that is not released.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select

from registry.base import contacts
from registry.firms.models.firms import Firm
from registry.institutions.models import Institution
from registry.matching.normalise import fold
from registry.names.queries import grams
from registry.names.queries.grams import Searched
from registry.reference.queries import reference
from registry.resources.models import Resource
from registry.resources.queries.kinds import kinds
from registry.resources.queries.resources import holding, in_division, offered, valid_on


@dataclass(frozen=True)
class PublicResource:
    """Every field that a release makes public; contacts are empty where they were not marked public."""

    id: int
    name: str
    kind: str
    category: str
    owner: str
    division: str
    place: str
    maker: str
    model: str
    capability: str
    price: str
    valid_from: date
    valid_to: date | None
    booking_name: str
    booking_phone: str
    released_on: date | None


PUBLIC_COLUMNS = (
    "name", "kind", "division", "place", "maker", "model", "capability", "price", "valid_from", "valid_to",
    "contact_public",
)  # fmt: skip
"""Columns whose change changes what is public; a contact does where it is public."""


def released(on: date, *, text: str = "", kind: str = "", division: str = "") -> Select[Resource]:
    """Rows that are public on the day, the newest first; a text stands in a public field."""
    found = select(Resource).where(offered(), valid_on(on))
    if kind:
        found = found.where(Resource.kind == kind)
    if division:
        found = found.where(in_division(division))
    if text:
        found = found.where(or_(holding(text), _named(text)))
    return found.order_by(Resource.id.desc())


def public_fields(row: Resource) -> PublicResource:
    """`kind` and `division` in words; the serial number, the office and everybody's names stay here."""
    kind, called = kinds()[row.kind], row.contact_public
    return PublicResource(
        id=row.id, name=row.name, kind=kind.name, category=kind.category, owner=row.owner_name,
        division=reference.division_names().get(row.division, row.division), place=row.place, maker=row.maker,
        model=row.model, capability=row.capability, price=row.price, valid_from=row.valid_from, valid_to=row.valid_to,
        booking_name=contacts.read(row, contacts.NAME) if called else "",
        booking_phone=contacts.read(row, contacts.PHONE) if called else "",
        released_on=row.released_at.date() if row.released_at else None,
    )  # fmt: skip


def _named(text: str) -> ColumnElement[bool]:
    """By the owner's present name alone: codes and former names are not released."""
    folded = fold(text)
    named = Institution.name_key.contains(folded, autoescape=True) if folded else Institution.name == text
    found = [Resource.institution_id.in_(select(Institution.id).where(named))]
    if folded:
        holders = grams.holding("firm", [Searched("name", folded)])
        found.append(Resource.firm_id.in_(select(Firm.id).where(Firm.id.in_(holders))))
    return or_(*found)
