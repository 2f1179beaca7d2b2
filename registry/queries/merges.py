"""Merges within an actor's reach, and where a row belonged on a past day."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased

from registry.domain.permissions import Actor
from registry.extensions import db
from registry.models import Firm, FormerName, Merge, MergeMove
from registry.queries import firms


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


def standing_of(firm: Firm) -> Merge | None:
    """The merge that folded this firm into another, if it stands."""
    return db.session.scalars(select(Merge).where(Merge.folded_id == firm.id, Merge.undone_at.is_(None))).first()


def taken_back(firm_id: int, other_id: int) -> Merge | None:
    """The last merge of these two that was taken back, whichever was to stay."""
    both = (firm_id, other_id)
    rows = select(Merge).where(Merge.winner_id.in_(both), Merge.folded_id.in_(both), Merge.undone_at.is_not(None))
    return db.session.scalars(rows.order_by(Merge.id.desc()).limit(1)).unique().one_or_none()


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


def came(firm: Firm) -> dict[int, int]:
    """Figure -> the merge by which it came to this firm, of the merges that stand."""
    rows = (
        select(MergeMove.row_id, Merge.id)
        .join(Merge, Merge.id == MergeMove.merge_id)
        .where(Merge.winner_id == firm.id, Merge.undone_at.is_(None))
        .where(MergeMove.table_name == "figure", MergeMove.column == "firm_id", MergeMove.undoing.is_(False))
    )
    return {row.row_id: row.id for row in db.session.execute(rows)}


def led_to(matching: ColumnElement[bool]) -> Select[int]:
    """Ids of the firms into which firms that fit `matching` have at last been merged."""
    chain = (
        select(Firm.merged_into_id.label("id"))
        .where(matching, Firm.merged_into_id.is_not(None), Firm.voided_at.is_(None))
        .cte("chain", recursive=True)
    )
    further = aliased(Firm)
    chain = chain.union(
        select(further.merged_into_id)
        .join(chain, and_(chain.c.id == further.id))
        .where(further.merged_into_id.is_not(None))
    )
    return select(chain.c.id)


# -- where a row belonged -------------------------------------------------------------------------
def belonged(table: str, *, on: date) -> dict[int, int]:
    """Row id -> the firm it belonged to at the end of `on`, for rows that a merge moved (or moved back) later."""
    statement = moved(table, on=on).add_columns(MergeMove.before).order_by(MergeMove.id.desc())
    return {row_id: int(before) for row_id, before in db.session.execute(statement)}  # the earliest move comes last


def moved(table: str, *, on: date) -> Select[Any]:
    """Ids of the rows that a merge moved to another firm, or back, after `on`."""
    later = (MergeMove.table_name == table, MergeMove.column == "firm_id", MergeMove.on > on)
    return select(MergeMove.row_id).where(*later)
