"""Saved views of the ledger within somebody's reach, and what that person sees first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from registry.base.belongings import Belonging
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.permissions import Actor
from registry.ledger.models import LedgerChoice, LedgerView
from registry.people.models import User


@dataclass(frozen=True)
class ViewLink:
    """A view as the wall offers it."""

    id: int
    name: str
    query: str
    shared: bool
    own: bool


@dataclass(frozen=True)
class ViewChoice:
    """What a person sees first: columns (none: the usual ones), the view the ledger opens on; and the views at hand."""

    columns: tuple[str, ...] = ()
    opens_on: ViewLink | None = None
    views: tuple[ViewLink, ...] = ()


def visible_to(actor: Actor) -> Select[LedgerView]:
    """One's own views and those shared with one's office, the own ones first."""
    return (
        select(LedgerView)
        .where(_within(actor))
        .order_by(LedgerView.owner_id != (actor.user_id or -1), LedgerView.name, LedgerView.id)
    )


def one(actor: Actor, view_id: int) -> Select[LedgerView]:
    return visible_to(actor).where(LedgerView.id == view_id)


def kept(actor: Actor) -> ViewChoice:
    """All of it in one statement: every page of the ledger asks."""
    rows = db.session.execute(
        select(
            LedgerChoice.columns, LedgerChoice.view_id, LedgerView.id, LedgerView.name, LedgerView.query,
            LedgerView.office_id, LedgerView.owner_id,
        )
        .select_from(User)
        .join(LedgerChoice, LedgerChoice.user_id == User.id, isouter=True)
        .join(LedgerView, _within(actor), isouter=True)
        .where(User.id == (actor.user_id or -1))
        .order_by(LedgerView.owner_id != (actor.user_id or -1), LedgerView.name, LedgerView.id)
    ).all()  # fmt: skip
    if not rows:
        return ViewChoice()
    views = tuple(
        ViewLink(row.id, row.name, row.query, row.office_id is not None, row.owner_id == actor.user_id)
        for row in rows
        if row.id is not None
    )
    first = next((view for view in views if view.id == rows[0].view_id), None)
    return ViewChoice(tuple(filter(None, (rows[0].columns or "").split(","))), first, views)


def named(actor: Actor, name: str) -> LedgerView | None:
    """One's own view of that name."""
    return (
        db.session.scalars(
            select(LedgerView).where(LedgerView.owner_id == (actor.user_id or -1), LedgerView.name == name)
        )
        .unique()
        .one_or_none()
    )


def _within(actor: Actor) -> ColumnElement[bool]:
    if actor.user_id is None:
        return false()
    shared = and_(LedgerView.office_id.is_not(None), LedgerView.office_id == actor.office_id)
    return or_(LedgerView.owner_id == actor.user_id, shared)


BELONGINGS = (
    Belonging("views", N_("本人保存的台账视图"), LedgerView.owner_id, lambda _user: true(), called=LedgerView.name),
)
