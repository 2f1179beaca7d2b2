"""Resources within an actor's reach with those that are released to all, and what a query finds among them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true

from registry.base.belongings import Belonging
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.permissions import Actor, has_business
from registry.base.vocabulary import LISTED_STAGES, Role
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.queries.search import containing
from registry.institutions import queries as institutions
from registry.institutions.models import Institution
from registry.institutions.rules.rights import is_in_charge
from registry.matching.normalise import fold
from registry.names.queries import grams
from registry.names.queries.grams import Searched
from registry.reference.models import Division
from registry.resources.models import Resource, ResourceLoad
from registry.resources.rules.keys import serial_key
from registry.resources.rules.rights import ResourceOwner
from registry.trail.models import TrailEntry

STANDING = Resource.voided_at.is_(None)
SORTS: Mapping[str, Any] = MappingProxyType(
    {
        "name": Resource.name,
        "kind": Resource.kind,
        "division": Resource.division,
        "valid_to": Resource.valid_to,
    }
)


@dataclass(frozen=True)
class ResourceQuery:
    """What a reader looks for; empty parts do not restrict.

    `state`: one of `ResourceState`; without it what stands, whatever its days. `division`: a county stands for its
    zones too. `owner`: a part of the owner's name, or its code. `sort`: a key of `SORTS`, with `-` the other way.
    """

    text: str = ""
    kind: str = ""
    state: str = ""
    division: str = ""
    owner: str = ""
    sort: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.kind or self.state or self.division or self.owner)


def visible_to(actor: Actor) -> Select[Resource]:
    """Every one in reach or released, those voided in reach too; unordered."""
    return select(Resource).where(within(actor))


def within(actor: Actor) -> ColumnElement[bool]:
    """The row scope as a condition; `rules.rights.sees` says the same of one."""
    if is_in_charge(actor):
        return true()
    own = owned_within(actor)
    return or_(own, offered()) if has_business(actor) else own


def owned_within(actor: Actor) -> ColumnElement[bool]:
    """Those whose owner is in reach, released or not."""
    return _owned(and_(Firm.voided_at.is_(None), firms.within(actor)), institutions.within(actor))


def offered() -> ColumnElement[bool]:
    """`rules.states.is_offered`: released and not taken back, of an owner in the directory; whatever its days."""
    return and_(Resource.released_at.is_not(None), STANDING, _of_listed_owner())


def _of_listed_owner() -> ColumnElement[bool]:
    listed = and_(Firm.stage.in_(LISTED_STAGES), Firm.voided_at.is_(None))
    return _owned(listed, Institution.voided_at.is_(None))


def _owned(firm: ColumnElement[bool], institution: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whose firm or institution fits: asked of each row that is looked at, so that a page ends after its rows.

    A list of ids would have both databases collect and sort every row there is before the first is shown.
    """
    of_firm = select(1).where(Firm.id == Resource.firm_id, firm)
    of_institution = select(1).where(Institution.id == Resource.institution_id, institution)
    return or_(of_firm.correlate(Resource).exists(), of_institution.correlate(Resource).exists())


def valid_on(on: date) -> ColumnElement[bool]:
    return and_(Resource.valid_from <= on, or_(Resource.valid_to.is_(None), Resource.valid_to >= on))


def one(actor: Actor, resource_id: int) -> Select[Resource]:
    return visible_to(actor).where(Resource.id == resource_id)


def matching(actor: Actor, wanted: ResourceQuery, on: date) -> Select[Resource]:
    """The newest first, where nothing else is asked for."""
    found = visible_to(actor).where(*_conditions(wanted, on))
    by = wanted.sort.removeprefix("-")
    if by not in SORTS:
        return found.order_by(Resource.id.desc())
    column = SORTS[by]
    return found.order_by(column.desc().nulls_first() if wanted.sort != by else column.asc().nulls_last(), Resource.id)


def of_owner(owner: ResourceOwner) -> list[Resource]:
    """All that stand of one owner, by kind."""
    of = Resource.firm_id == owner.firm.id if owner.firm else Resource.institution_id == owner.institution.id
    rows = select(Resource).where(STANDING, of).order_by(Resource.kind, Resource.id)
    return list(db.session.scalars(rows).unique())


def with_serials(keys: Collection[str]) -> list[Resource]:
    """Those that stand with one of these serial keys, whoever may see them: never for a page as they are."""
    wanted = {key for key in keys if key}
    if not wanted:
        return []
    rows = select(Resource).where(STANDING, Resource.serial_key.in_(wanted)).order_by(Resource.id)
    return list(db.session.scalars(rows).unique())


def history(row: Resource) -> list[TrailEntry]:
    """What was done to it, the newest first; who merely looked is for the auditor's page."""
    found = select(TrailEntry).where(
        TrailEntry.subject_kind == "resource",
        TrailEntry.subject_id == row.id,
        TrailEntry.verb.not_in(("reveal", "export")),
    )
    return list(db.session.scalars(found.order_by(TrailEntry.seq.desc())))


# -- workbooks that were brought ------------------------------------------------------------------
def loads_of(actor: Actor) -> Select[ResourceLoad]:
    """What the person brought, or whom they stand in for; the newest first."""
    mine = select(ResourceLoad).where(ResourceLoad.by_id.in_(actor.people))
    return mine.order_by(ResourceLoad.id.desc())


def load(actor: Actor, load_id: int) -> Select[ResourceLoad]:
    return loads_of(actor).where(ResourceLoad.id == load_id)


# -- the query ------------------------------------------------------------------------------------
def _conditions(wanted: ResourceQuery, on: date) -> Iterator[ColumnElement[bool]]:
    yield from _in_state(wanted.state, on)
    if wanted.kind:
        yield Resource.kind == wanted.kind
    if wanted.division:
        yield in_division(wanted.division)
    if wanted.owner:
        yield _owned_by(wanted.owner)
    if wanted.text:
        yield or_(holding(wanted.text), _owned_by(wanted.text), _numbered(wanted.text))


def in_division(code: str) -> ColumnElement[bool]:
    """In the county with its zones, or in the zone."""
    counted = select(Division.code).where(Division.statistical_county == code)
    return or_(Resource.division == code, Resource.division.in_(counted))


def _in_state(state: str, on: date) -> Iterator[ColumnElement[bool]]:
    """The words of `rules.states.state_of` as conditions."""
    if state == "voided":
        yield Resource.voided_at.is_not(None)
        return
    yield STANDING
    over = and_(Resource.valid_to.is_not(None), Resource.valid_to < on)  # never unknown, so that it can be negated
    is_released = Resource.released_at.is_not(None)
    named: Mapping[str, tuple[ColumnElement[bool], ...]] = MappingProxyType(
        {
            "expired": (over,),
            "waiting": (~over, ~is_released, Resource.wishes_release.is_(True)),
            "private": (~over, ~is_released, Resource.wishes_release.is_(False)),
            "suspended": (~over, is_released, ~_of_listed_owner()),
            "future": (~over, is_released, _of_listed_owner(), Resource.valid_from > on),
            "released": (~over, is_released, _of_listed_owner(), Resource.valid_from <= on),
        }
    )
    yield from named.get(state, ())


def holding(text: str) -> ColumnElement[bool]:
    """Of name, maker, model, capability and place: in whatever script, width or case, by the index of the ledger."""
    folded = fold(text)
    return Resource.id.in_(grams.holding("resource", [Searched("words", folded)])) if folded else false()


def _owned_by(text: str) -> ColumnElement[bool]:
    found = Institution.name.contains(text, autoescape=True)
    if folded := fold(text):
        found = or_(found, Institution.name_key.contains(folded, autoescape=True))
    of_firms = Resource.firm_id.in_(select(Firm.id).where(containing(text)))
    return or_(of_firms, Resource.institution_id.in_(select(Institution.id).where(found)))


def _numbered(text: str) -> ColumnElement[bool]:
    """By a whole serial number: parts of one are nobody's name for an instrument."""
    key = serial_key(text)
    return Resource.serial_key == key if key else false()


def count(statement: Select[Resource]) -> int:
    return db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0


BELONGINGS = (
    Belonging(
        "resource_files",
        N_("待确认的科技资源工作簿"),
        ResourceLoad.by_id,
        lambda _user: ResourceLoad.outcome.is_(None),
        roles=frozenset({Role.CLERK, Role.OFFICER, Role.CITY_OFFICE}),
        for_deputy=True,
    ),
)
