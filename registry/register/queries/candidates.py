"""Registered firms of this city and of an industry the plan names that nobody has proposed yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from registry.base.extensions import db
from registry.base.permissions import TERRITORIAL, Actor
from registry.base.vocabulary import OfficeKind
from registry.firms.models.firms import Firm
from registry.matching.normalise import NameTooLong, name_key
from registry.reference.queries import reference
from registry.register.models import RegisteredFirm
from registry.register.rules import Status


@dataclass(frozen=True)
class CandidateFilter:
    """A filter: `sector` and `division` are codes, `text` a part of the name; empty ones ask for all."""

    sector: str = ""
    division: str = ""
    text: str = ""


def within(actor: Actor) -> list[str]:
    """Divisions whose registered firms concern `actor`: a county's or zone's own, and those nobody can place."""
    city, areas = reference.city().code, reference.counties_and_zones()
    if actor.office_kind not in TERRITORIAL:
        return [city, *(area.code for area in areas)]
    if actor.office_kind == OfficeKind.COUNTY:
        return [city, *(area.code for area in areas if area.statistical_county == actor.office_code)]
    return [city, actor.office_code]


def visible_to(actor: Actor) -> Select[RegisteredFirm]:
    """Every candidate in the reach of `actor`, by place and sector."""
    return select(RegisteredFirm).where(
        RegisteredFirm.sector != "",
        RegisteredFirm.division.is_not(None),
        RegisteredFirm.division.in_(within(actor)),
        RegisteredFirm.status == Status.CURRENT,
        ~_is_known(),
    )


def matching(actor: Actor, asked: CandidateFilter) -> Select[RegisteredFirm]:
    """The candidates of a filter, in the order of the page."""
    found = visible_to(actor)
    if asked.sector:
        found = found.where(RegisteredFirm.sector == asked.sector)
    if asked.division:
        found = found.where(RegisteredFirm.division == asked.division)
    if asked.text:
        found = found.where(RegisteredFirm.name_key.contains(_folded(asked.text), autoescape=True))
    return found.order_by(RegisteredFirm.division, RegisteredFirm.sector, RegisteredFirm.id)


def count(actor: Actor, asked: CandidateFilter) -> int:
    """How many candidates a filter finds."""
    wanted = matching(actor, asked).order_by(None).with_only_columns(func.count())
    return db.session.scalar(wanted) or 0


def by_sector(actor: Actor, asked: CandidateFilter) -> dict[str, int]:
    """How many candidates each sector has under the rest of the filter."""
    wanted = matching(actor, CandidateFilter("", asked.division, asked.text)).order_by(None)
    counted = wanted.with_only_columns(RegisteredFirm.sector, func.count()).group_by(RegisteredFirm.sector)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _is_known() -> ColumnElement[bool]:
    """The directory has it: by its code, or by its name where the entry has no code yet."""
    by_code = exists().where(Firm.credit_code == RegisteredFirm.credit_code, Firm.voided_at.is_(None))
    by_name = exists().where(
        and_(Firm.name_key == RegisteredFirm.name_key, Firm.credit_code.is_(None), Firm.voided_at.is_(None))
    )
    return by_code | by_name


def _folded(text: str) -> str:
    try:
        return name_key(text)
    except NameTooLong:
        return text[:200]
