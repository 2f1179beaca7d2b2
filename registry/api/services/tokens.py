"""A token is asked for by one administrator, confirmed by another, taken out once, and revoked by either."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select

from registry.api.models import ApiToken
from registry.api.rules import tokens
from registry.api.rules.scopes import READERS, Scope
from registry.api.rules.tokens import TokenState, state_of
from registry.api.texts import TOKEN_ERRORS
from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db, setting
from registry.base.permissions import Actor, can
from registry.people.models import Office
from registry.people.queries import people
from registry.people.services import founding
from registry.trail.services import trail


def longest(on: date) -> date:
    """The latest last day of a token that is asked for today."""
    return on + timedelta(days=setting("API_TOKEN_DAYS"))


def ask(
    actor: Actor, office: Office, *, name: str, scopes: Iterable[str], expires_on: date, reason: str, at: datetime,
    on: date,
) -> ApiToken:  # fmt: skip
    """Ask for a token of an office; it opens nothing yet. Raises NotAllowed, FieldError, ReasonNeeded."""
    if not can(actor, "token.ask") or actor.user_id is None:
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    wanted = [scope.value for scope in Scope if scope in set(scopes)]
    _check(office, wanted, expires_on, on)
    row = ApiToken(
        name=name.strip(), office_id=office.id, scopes=wanted, expires_on=expires_on, reason=reason.strip(),
        asked_by_id=actor.user_id, asked_by_name=actor.name, at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    after = {"office": office.code, "scopes": wanted, "expires_on": expires_on}
    trail.record(actor, "ask_token", row, at=at, after=after, reason=row.reason)
    return row


def _check(office: Office, wanted: list[str], expires_on: date, on: date) -> None:
    if office.kind not in READERS:
        raise FieldError("office", TOKEN_ERRORS["office"], office=office.short_name)
    if people.is_over(office, on):
        values = {"office": office.short_name, "day": str(office.valid_to)}
        raise FieldError("office", TOKEN_ERRORS["office_over"], **values)
    if not wanted:
        raise FieldError("scopes", TOKEN_ERRORS["scopes"])
    if expires_on < on:
        raise FieldError("expires_on", TOKEN_ERRORS["past"])
    if expires_on > longest(on):
        raise FieldError("expires_on", TOKEN_ERRORS["too_long"], day=longest(on).isoformat())


def confirm(actor: Actor, token: ApiToken, *, at: datetime, on: date) -> None:
    """A second administrator agrees. Raises NotAllowed, RegistryError (before there are three administrators, too)."""
    founding.require(at=at)
    row = _held(token)
    if not can(actor, "token.confirm", row):
        raise NotAllowed
    _require(row, TokenState.WAITING, on)
    row.confirmed_by_id, row.confirmed_by_name, row.confirmed_at = actor.user_id, actor.name, at
    db.session.flush()
    trail.record(actor, "confirm_token", row, at=at, after=_facts(row))


def issue(actor: Actor, token: ApiToken, *, at: datetime, on: date) -> str:
    """The token itself, which exists nowhere else from now on. Raises NotAllowed, RegistryError."""
    row = _held(token)
    if not can(actor, "token.issue", row):
        raise NotAllowed
    _require(row, TokenState.CONFIRMED, on)
    secret = tokens.fresh()
    row.digest, row.issued_at = tokens.digest(secret), at
    db.session.flush()
    trail.record(actor, "issue_token", row, at=at, after=_facts(row))
    return secret


def revoke(actor: Actor, token: ApiToken, *, reason: str, at: datetime) -> None:
    """From this commit on it opens nothing; before it is taken out that refuses it. Raises NotAllowed, ReasonNeeded."""
    row = _held(token)
    if not can(actor, "token.revoke", row):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    row.revoked_by_id, row.revoked_by_name, row.revoked_at = actor.user_id, actor.name, at
    row.revoke_reason = reason.strip()
    db.session.flush()
    trail.record(actor, "revoke_token", row, at=at, before=_facts(row), reason=row.revoke_reason)


def _held(token: ApiToken) -> ApiToken:
    """The row, held to the end of the transaction: of two at once the second sees what the first did."""
    rows = select(ApiToken).where(ApiToken.id == token.id).with_for_update(of=ApiToken)
    return db.session.scalars(rows.execution_options(populate_existing=True)).unique().one()


def _require(token: ApiToken, state: TokenState, on: date) -> None:
    if state_of(token, on) is not state:
        raise RegistryError(TOKEN_ERRORS["moved"])


def _facts(token: ApiToken) -> dict[str, object]:
    return {"office": token.office.code, "scopes": token.scopes, "expires_on": token.expires_on}
