"""Qualifications of firms and institutions within an actor's reach, and what a query finds among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from registry.base.belongings import Belonging
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.queries.places import counted_in
from registry.firms.queries.search import containing
from registry.institutions import queries as institutions
from registry.institutions.models import Institution
from registry.qualifications.models import (
    Holder,
    Qualification,
    QualificationItem,
    QualificationLoad,
    QualificationPaper,
)
from registry.qualifications.rules.items import ScopeItem
from registry.qualifications.rules.numbers import folded
from registry.qualifications.rules.states import WarningDays

REPLACED = "replaced"
STANDING = Qualification.ended.is_(None)


@dataclass(frozen=True)
class QualificationQuery:
    """What a reader looks for; empty parts do not restrict.

    `state`: a key of `STATES`; without it what stands, whatever its days. `division` as in the ledger.
    """

    text: str = ""
    kind: str = ""
    state: str = ""
    division: str = ""


def visible_to(actor: Actor) -> Select[Qualification]:
    """Every one of a firm or institution in reach, those that ended too; what expires first stands first."""
    of_firms = and_(Qualification.firm_id.is_not(None), Firm.voided_at.is_(None), firms.within(actor))
    of_others = and_(
        Qualification.institution_id.is_not(None), Institution.voided_at.is_(None), institutions.within(actor)
    )
    return (
        select(Qualification)
        .outerjoin(Qualification.firm)
        .outerjoin(Qualification.institution)
        .where(or_(of_firms, of_others))
        .order_by(Qualification.valid_to.asc().nulls_last(), Qualification.id)
    )


def one(actor: Actor, qualification_id: int) -> Select[Qualification]:
    return visible_to(actor).where(Qualification.id == qualification_id)


def matching(actor: Actor, wanted: QualificationQuery, on: date, days: WarningDays) -> Select[Qualification]:
    return visible_to(actor).where(*_conditions(wanted, on, days))


def held_by(holder: Holder) -> ColumnElement[bool]:
    return (Qualification.firm_id if isinstance(holder, Firm) else Qualification.institution_id) == holder.id


def of_holder(holder: Holder) -> list[Qualification]:
    """All of one firm or institution: what stands first, then the newest."""
    rows = (
        select(Qualification)
        .where(held_by(holder))
        .order_by(Qualification.ended.is_not(None), Qualification.kind, Qualification.id.desc())
    )
    return list(db.session.scalars(rows).unique())


def papers_of(institution: Institution) -> list[QualificationPaper]:
    """What was kept of its certificates, the newest first."""
    rows = select(QualificationPaper).where(QualificationPaper.institution_id == institution.id)
    return list(db.session.scalars(rows.order_by(QualificationPaper.id.desc())))


def chain_of(row: Qualification) -> list[Qualification]:
    """What this one follows, and what follows it: the newest first, the row itself among them."""
    every = {one.id: one for one in of_holder(row.holder)}
    linked, found = {row.id}, 0
    while found != len(linked):  # links lead both ways, and a correction keeps whom its row renewed
        found = len(linked)
        for other in every.values():
            before = {one for one in (other.renews_id, other.corrects_id) if one is not None}
            if other.id in linked:
                linked |= before & every.keys()
            elif before & linked:
                linked.add(other.id)
    return sorted((every[one] for one in linked if one in every), key=lambda other: -other.id)


def items_of(ids: Iterable[int]) -> dict[int, tuple[ScopeItem, ...]]:
    """What each of these may test; only those with lines."""
    rows = (
        select(QualificationItem)
        .where(QualificationItem.qualification_id.in_(set(ids)))
        .order_by(QualificationItem.qualification_id, QualificationItem.rank)
    )
    found: defaultdict[int, list[ScopeItem]] = defaultdict(list)
    for row in db.session.scalars(rows):
        found[row.qualification_id].append(ScopeItem(row.item, row.parameter, row.standard))
    return {number: tuple(lines) for number, lines in found.items()}


def items(row: Qualification, text: str = "") -> Select[QualificationItem]:
    """The lines of one certificate that hold a text, in their order."""
    statement = select(QualificationItem).where(QualificationItem.qualification_id == row.id)
    if text:
        statement = statement.where(_in_item(text))
    return statement.order_by(QualificationItem.rank)


def item_counts(ids: Collection[int]) -> dict[int, int]:
    counted = (
        select(QualificationItem.qualification_id, func.count().label("lines"))
        .where(QualificationItem.qualification_id.in_(ids))
        .group_by(QualificationItem.qualification_id)
    )
    return {row.qualification_id: row.lines for row in db.session.execute(counted)}


def standing_by_number(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Qualification]:
    """(kind, folded number) -> the row that stands, whoever may see it: never for a page."""
    wanted = set(keys)
    rows = select(Qualification).where(STANDING, Qualification.number_key.in_({key for _kind, key in wanted}))
    found = {(row.kind, row.number_key): row for row in db.session.scalars(rows).unique()}
    return {key: row for key, row in found.items() if key in wanted}


# -- workbooks that were brought ------------------------------------------------------------------
def loads_of(actor: Actor) -> Select[QualificationLoad]:
    """What the person brought, or whom they stand in for; the newest first."""
    mine = select(QualificationLoad).where(QualificationLoad.by_id.in_(actor.people))
    return mine.order_by(QualificationLoad.id.desc())


def load(actor: Actor, load_id: int) -> Select[QualificationLoad]:
    return loads_of(actor).where(QualificationLoad.id == load_id)


# -- the query ------------------------------------------------------------------------------------
def _conditions(wanted: QualificationQuery, on: date, days: WarningDays) -> Iterator[ColumnElement[bool]]:
    yield from _in_state(wanted.state, on, days)
    if wanted.kind:
        yield Qualification.kind == wanted.kind
    if wanted.division:
        yield or_(counted_in(wanted.division), institutions.lying_in(wanted.division))
    if wanted.text:
        yield _holding(wanted.text)


def _in_state(state: str, on: date, days: WarningDays) -> Iterator[ColumnElement[bool]]:
    """The words of `rules.states.state_of` as conditions."""
    ended = {"voided": ("voided",), REPLACED: ("renewed", "corrected")}.get(state)
    if ended:
        yield Qualification.ended.in_(ended)
        return
    yield STANDING
    to, last, first = Qualification.valid_to, on + timedelta(days.last), on + timedelta(days.first)
    begun = Qualification.valid_from <= on
    named: Mapping[str, tuple[ColumnElement[bool], ...]] = MappingProxyType(
        {
            "valid": (begun, or_(to.is_(None), to > max(first, last))),
            "first": (begun, to > last, to <= first),
            "last": (begun, to >= on, to <= last),
            "expired": (begun, to < on),
            "future": (Qualification.valid_from > on,),
        }
    )
    yield from named.get(state, ())


def _holding(text: str) -> ColumnElement[bool]:
    """Of the holder's name or code, the number, the issuer, the scope or a line of what is tested."""
    found = [
        and_(Qualification.firm_id.is_not(None), containing(text)),
        and_(Qualification.institution_id.is_not(None), institutions.named(text)),
        _contains(Qualification.issuer, text),
        _contains(Qualification.scope, text),
        Qualification.id.in_(select(QualificationItem.qualification_id).where(_in_item(text))),
    ]
    if key := folded(text):
        found.append(Qualification.number_key.contains(key, autoescape=True))
    return or_(*found)


def _in_item(text: str) -> ColumnElement[bool]:
    columns = (QualificationItem.item, QualificationItem.parameter, QualificationItem.standard)
    return or_(*(_contains(column, text) for column in columns))


def _contains(column: Any, text: str) -> ColumnElement[bool]:
    """In whatever case: the two databases differ in what LIKE takes for equal."""
    found: ColumnElement[bool] = func.lower(column).contains(text.lower(), autoescape=True)
    return found


BELONGINGS = (
    Belonging(
        "qualification_files",
        N_("待确认的资质工作簿"),
        QualificationLoad.by_id,
        lambda _user: QualificationLoad.outcome.is_(None),
        roles=frozenset({Role.CLERK, Role.OFFICER, Role.CITY_OFFICE}),
        for_deputy=True,
    ),
)
