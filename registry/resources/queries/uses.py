"""Which voucher cases paid for the use of a resource, and which resources a case used."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.cases.models import Case
from registry.cases.queries import cases
from registry.resources.models import Resource, ResourceUse
from registry.resources.queries import resources


@dataclass(frozen=True)
class UseList:
    """Links to cases that the reader may read, those that were removed too; `beyond`: how many others stand."""

    rows: tuple[ResourceUse, ...]
    beyond: int


def visible_to(actor: Actor) -> Select[ResourceUse]:
    """A link is read by whoever may read both of what it joins."""
    seen = select(Case.id).where(cases.within(actor))
    both = ResourceUse.resource_id.in_(select(Resource.id).where(resources.within(actor)))
    return select(ResourceUse).where(ResourceUse.case_id.in_(seen), both)


def one(actor: Actor, use_id: int) -> Select[ResourceUse]:
    return visible_to(actor).where(ResourceUse.id == use_id)


def of_resource(actor: Actor, row: Resource) -> UseList:
    every = select(ResourceUse).where(ResourceUse.resource_id == row.id).order_by(ResourceUse.id.desc())
    seen = set(
        db.session.scalars(visible_to(actor).with_only_columns(ResourceUse.id).where(ResourceUse.resource_id == row.id))
    )
    found = list(db.session.scalars(every).unique())
    beyond = sum(1 for use in found if use.id not in seen and use.removed_at is None)
    return UseList(tuple(use for use in found if use.id in seen), beyond)


def of_case(case: Case) -> list[ResourceUse]:
    """What stands, for whoever reads the case."""
    rows = select(ResourceUse).where(ResourceUse.case_id == case.id, ResourceUse.removed_at.is_(None))
    return list(db.session.scalars(rows.order_by(ResourceUse.id)).unique())


def linked(row: Resource, case: Case) -> ResourceUse | None:
    rows = select(ResourceUse).where(
        ResourceUse.resource_id == row.id, ResourceUse.case_id == case.id, ResourceUse.removed_at.is_(None)
    )
    return db.session.scalars(rows).unique().one_or_none()


def case_numbered(actor: Actor, number: str) -> Case | None:
    """The case of this number in the actor's reach."""
    return db.session.scalars(cases.visible_to(actor).where(Case.number == number)).unique().one_or_none()
