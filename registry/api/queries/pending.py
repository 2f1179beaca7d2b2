"""Tokens whose next step is this administrator's: to confirm, or to take out."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, false, or_

from registry.api.models import ApiToken
from registry.api.queries import tokens
from registry.base.extensions import clock
from registry.base.labels import N_
from registry.base.pending import Pending
from registry.base.permissions import Actor, can
from registry.base.vocabulary import Role
from registry.people.models import Office


def to_act(actor: Actor) -> Select[ApiToken] | None:
    """As `rules.rights` says of one token, of those that have not ended."""
    if not can(actor, "token.list"):
        return None
    steps: list[ColumnElement[bool]] = [false()]
    if actor.holds(Role.SECURITY_ADMIN):
        steps.append(and_(ApiToken.confirmed_at.is_(None), ApiToken.asked_by_id.is_distinct_from(actor.user_id)))
    if actor.holds(Role.SYSTEM_ADMIN):
        steps.append(and_(ApiToken.confirmed_at.is_not(None), ApiToken.asked_by_id == actor.user_id))
    today = clock.today()
    lives = ApiToken.issued_at.is_(None), ApiToken.revoked_at.is_(None), ApiToken.expires_on >= today
    office = ApiToken.office.has(or_(Office.valid_to.is_(None), Office.valid_to >= today))
    return tokens.visible_to(actor).where(or_(*steps), *lives, office)


WAITING = (Pending("token", N_("接口令牌待办"), "api_tokens.listing", to_act, counter="tokens"),)
