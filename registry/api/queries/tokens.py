"""Tokens for those who keep them, the token that somebody shows, and the actor it stands for."""

from __future__ import annotations

from sqlalchemy import Select, false, select, true

from registry.api.models import ApiToken
from registry.api.rules import tokens
from registry.api.rules.scopes import READERS
from registry.api.rules.tokens import OPEN, state_of
from registry.base.extensions import clock, db
from registry.base.permissions import Actor, can
from registry.people.models import Office
from registry.people.queries import people
from registry.reference.queries import reference


def visible_to(actor: Actor) -> Select[ApiToken]:
    """Every token for administrators, the newest first; nothing for anybody else."""
    return select(ApiToken).where(true() if can(actor, "token.list") else false()).order_by(ApiToken.id.desc())


def one(actor: Actor, token_id: int) -> Select[ApiToken]:
    return visible_to(actor).where(ApiToken.id == token_id)


def in_use(actor: Actor, *, ended: bool = False) -> Select[ApiToken]:
    """Those that still lead somewhere, or those that ended."""
    rows = db.session.execute(visible_to(actor).with_only_columns(ApiToken)).scalars().unique()
    open_ = [row.id for row in rows if state_of(row, clock.today()) in OPEN]
    chosen = ApiToken.id.not_in(open_) if ended else ApiToken.id.in_(open_)
    return visible_to(actor).where(chosen)


def presented(text: str) -> ApiToken | None:
    """The row of a token that somebody shows, whatever its state."""
    if not tokens.is_one(text):
        return None
    return db.session.scalars(select(ApiToken).where(ApiToken.digest == tokens.digest(text))).unique().one_or_none()


def actor_of(token: ApiToken) -> Actor:
    """As whom it reads: the office, in the role that reads there; no person."""
    office = token.office
    return Actor(None, token.name, office.id, office.code, office.kind, frozenset({READERS[office.kind]}))


def offices() -> list[Office]:
    """Those that may have one."""
    rows = reference.offices().values()
    return [row for row in rows if row.kind in READERS and not people.is_over(row, clock.today())]
