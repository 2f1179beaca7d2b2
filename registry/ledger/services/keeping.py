"""Views of the ledger are saved, renamed, shared and deleted; columns and the view one opens on are remembered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from registry.base.errors import FieldError
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.permissions import Actor
from registry.ledger.models import LedgerChoice, LedgerView
from registry.ledger.queries import views
from registry.trail.services import trail

MOST = 30
"""Views of one person."""
NAME_TAKEN = N_("已有同名的视图，请换一个名称。")
TOO_MANY = N_("最多保存 %(most)s 个视图，请先删去不用的。")


def save(actor: Actor, name: str, query: str, *, shared: bool, at: datetime) -> LedgerView:
    """Keep a filter, order and columns under a name; `shared` shows it to the office as well. Raises FieldError."""
    if len([view for view in views.kept(actor).views if view.own]) >= MOST:
        raise FieldError("name", TOO_MANY, most=MOST)
    _free(actor, name)
    view = LedgerView(owner_id=actor.user_id, name=name, query=query, at=at)
    db.session.add(view)
    db.session.flush()
    if shared:
        share(actor, view, at=at)
    return view


def rename(actor: Actor, view: LedgerView, name: str, *, at: datetime) -> None:
    """Raises FieldError where the name is taken."""
    if name == view.name:
        return
    _free(actor, name)
    before, view.name = view.name, name
    db.session.flush()
    if view.is_shared:
        trail.record(actor, "rename_view", view, at=at, before={"name": before}, after={"name": name})


def share(actor: Actor, view: LedgerView, *, at: datetime) -> None:
    """Show it to everybody of one's own office."""
    if view.is_shared:
        return
    view.office_id = actor.office_id
    db.session.flush()
    after = {"name": view.name, "query": view.query, "office": actor.office_code}
    trail.record(actor, "share_view", view, at=at, after=after)


def unshare(actor: Actor, view: LedgerView, *, at: datetime) -> None:
    """It is the owner's alone again; who opened the ledger on it opens it as usual."""
    if not view.is_shared:
        return
    view.office_id = None
    db.session.flush()
    trail.record(actor, "unshare_view", view, at=at, after={"name": view.name})


def delete(actor: Actor, view: LedgerView, *, at: datetime) -> None:
    """A view holds no data of anybody: it goes. Of a shared one the trail keeps that it was there."""
    if view.is_shared:
        trail.record(actor, "delete_view", view, at=at, before={"name": view.name, "query": view.query})
    db.session.delete(view)
    db.session.flush()


def open_on(actor: Actor, view: LedgerView | None) -> None:
    """The view the ledger opens on for this person; None: as usual."""
    _choice(actor).view_id = view.id if view else None
    db.session.flush()


def remember(actor: Actor, columns: Iterable[str]) -> None:
    """The columns this person looks at; none of them: the usual ones."""
    _choice(actor).columns = ",".join(columns)
    db.session.flush()


def _free(actor: Actor, name: str) -> None:
    if views.named(actor, name) is not None:
        raise FieldError("name", NAME_TAKEN)


def _choice(actor: Actor) -> LedgerChoice:
    found = db.session.get(LedgerChoice, actor.user_id)
    if found is None:
        found = LedgerChoice(user_id=actor.user_id)
        db.session.add(found)
    return found
