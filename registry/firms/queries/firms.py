"""Firms within an actor's reach; every list and every single record starts from `visible_to`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from registry.base.extensions import db
from registry.base.permissions import SEES_ALL, Actor
from registry.base.vocabulary import OfficeKind, Role
from registry.firms.models.firms import Firm


def visible_to(actor: Actor) -> Select[Firm]:
    """Every firm `actor` may see (docs/domain.md 2), unordered; firms voided with their import are nobody's."""
    return select(Firm).where(Firm.voided_at.is_(None), within(actor))


def within(actor: Actor) -> ColumnElement[bool]:
    """The row scope as a condition; `base.permissions.sees_firm` says the same of one firm."""
    if actor.holds(*SEES_ALL):
        return true()
    if not actor.holds(Role.CLERK, Role.OFFICER):
        return false()
    own = Firm.office_id == actor.office_id
    if actor.office_kind == OfficeKind.COUNTY:
        return or_(own, Firm.statistical_county == actor.office_code)
    if actor.office_kind == OfficeKind.BUREAU and actor.holds(Role.OFFICER):
        helps = Firm.co_bureaus.contains(f",{actor.office_code},")
        return or_(own, Firm.lead_bureau_id == actor.office_id, helps, Firm.id.in_(_under_review_by(actor)))
    return own


def _under_review_by(actor: Actor) -> Select[int]:
    """Firms whose open case was routed to the actor's bureau, whoever leads their industry."""
    case = Firm.open_proposal.property.mapper.class_  # the nomination itself is known to a feature above
    return select(case.firm_id).where(case.reviewing_office_id == actor.office_id, case.outcome.is_(None))


def one(actor: Actor, firm_id: int) -> Select[Firm]:
    return visible_to(actor).where(Firm.id == firm_id)


def with_code(credit_code: str) -> Firm | None:
    """The firm that holds this code, or held it before it was merged; whoever may see it: never for a page."""
    firm = db.session.scalars(
        select(Firm).where(Firm.credit_code == credit_code, Firm.voided_at.is_(None))
    ).one_or_none()
    return firm and survivor(firm)


def survivor(firm: Firm) -> Firm:
    """The firm itself, or the one it has at last been merged into."""
    while firm.merged_into_id is not None:
        firm = db.session.get_one(Firm, firm.merged_into_id)
    return firm


def branches_of(actor: Actor, firm: Firm) -> list[Firm]:
    return list(db.session.scalars(visible_to(actor).where(Firm.parent_id == firm.id).order_by(Firm.id)))


def firm_names(firm_ids: Iterable[int]) -> dict[int, str]:
    """The names of firms that a scoped list already holds."""
    rows = db.session.execute(select(Firm.id, Firm.name).where(Firm.id.in_(set(firm_ids))))
    return {row.id: row.name for row in rows}


CONTACTS: tuple[Any, ...] = (Firm.contact_name, Firm.contact_phone)
