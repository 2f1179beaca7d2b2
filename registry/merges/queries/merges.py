"""Merges within an actor's reach, and what each moved."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.firms.models.firms import Firm, FormerName
from registry.firms.models.merges import Merge, MergeMove
from registry.firms.queries import firms


def visible_to(actor: Actor) -> Select[Merge]:
    """Every merge one side of which `actor` may see, the newest first; firms voided with their import are nobody's."""
    seen = firms.visible_to(actor).with_only_columns(Firm.id)
    return (
        select(Merge)
        .where(or_(Merge.winner_id.in_(seen), Merge.folded_id.in_(seen)))
        .order_by(Merge.at.desc(), Merge.id.desc())
    )


def one(actor: Actor, merge_id: int) -> Select[Merge]:
    return visible_to(actor).where(Merge.id == merge_id)


def filtered(
    statement: Select[Merge], actor: Actor, *, text: str = "", state: str = "", since: date | None = None,
    until: date | None = None,
) -> Select[Merge]:  # fmt: skip
    """`text` in a name or the code of an entry in reach; `state` is `standing`, `undone`, or any; days inclusive."""
    conditions = {"standing": Merge.undone_at.is_(None), "undone": Merge.undone_at.is_not(None)}
    if state in conditions:
        statement = statement.where(conditions[state])
    if since:
        statement = statement.where(Merge.on >= since)
    if until:
        statement = statement.where(Merge.on <= until)
    if text:
        named = firms.visible_to(actor).with_only_columns(Firm.id).where(_named(text[:LONGEST]))
        statement = statement.where(or_(Merge.winner_id.in_(named), Merge.folded_id.in_(named)))
    return statement


LONGEST = 100
"""Characters of a search that are looked for: no name or code is longer, and a pattern has its limits."""


def _named(text: str) -> ColumnElement[bool]:
    former = select(FormerName.firm_id).where(FormerName.name.contains(text, autoescape=True))
    return or_(
        Firm.name.contains(text, autoescape=True),
        Firm.credit_code.contains(text.upper(), autoescape=True),
        Firm.id.in_(former),
    )


def into(firm: Firm) -> list[Merge]:
    """The merges that folded others into this firm and stand, the newest first."""
    rows = select(Merge).where(Merge.winner_id == firm.id, Merge.undone_at.is_(None))
    return list(db.session.scalars(rows.order_by(Merge.id.desc())).unique())


def of(firm: Firm) -> list[Merge]:
    """Every merge the firm was a side of, taken back or not, the newest first."""
    rows = select(Merge).where(or_(Merge.winner_id == firm.id, Merge.folded_id == firm.id))
    return list(db.session.scalars(rows.order_by(Merge.id.desc())).unique())


def moves_of(merge: Merge, *, undoing: bool | None = None) -> list[MergeMove]:
    rows = select(MergeMove).where(MergeMove.merge_id == merge.id)
    if undoing is not None:
        rows = rows.where(MergeMove.undoing.is_(undoing))
    return list(db.session.scalars(rows.order_by(MergeMove.id)))


# -- where a row belonged -------------------------------------------------------------------------
