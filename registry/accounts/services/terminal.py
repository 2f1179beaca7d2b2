"""What one person at the server's terminal may do to accounts: make the three administrators, and then no more.

Afterwards it stops ordinary accounts, and starts a rescue where too few administrators are left to confirm anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from registry.accounts import rules
from registry.accounts.models import Approval
from registry.accounts.rules import ENOUGH, RESCUE_WAIT, ApprovalOutcome
from registry.accounts.services import two_people
from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import clock, db, setting
from registry.base.permissions import ADMINISTRATORS, SYSTEM_ACTOR
from registry.base.vocabulary import ApprovalKind
from registry.people.models import Office, User, WebSession
from registry.people.services import accounts, founding


def create(*, username: str, name: str, office: Office, roles: Iterable[str], password: str, at: datetime) -> User:
    """One of the three administrators; raises NotAllowed once they exist, FieldError for any other role."""
    held = frozenset(roles)
    _founding(held)
    return accounts.create(
        SYSTEM_ACTOR, username=username, name=name, office=office, roles=held, password=password, at=at
    )


def grant(user: User, roles: Iterable[str], *, at: datetime, reason: str) -> None:
    held = frozenset(roles)
    _founding(held)
    accounts.grant(SYSTEM_ACTOR, user, held, at=at, reason=reason)


def stop(user: User, *, at: datetime, reason: str) -> None:
    """It takes away and gives nothing; only administrators, once they exist, are not stopped by one person."""
    if founding.is_founded() and set(user.roles) & ADMINISTRATORS:
        raise NotAllowed(rules.TERMINAL_CLOSED)
    accounts.set_active(SYSTEM_ACTOR, user, False, at=at, reason=reason)


def restore(user: User, *, at: datetime, reason: str) -> None:
    _founding(user.roles)
    accounts.set_active(SYSTEM_ACTOR, user, True, at=at, reason=reason)


def reset_password(user: User, password: str, *, at: datetime) -> None:
    _founding(user.roles)
    accounts.reset_password(SYSTEM_ACTOR, user, password, at=at)


def rescue(user: User, *, reason: str, at: datetime) -> Approval:
    """The rescue under way for this administrator, begun now where there is none.

    It waits `RESCUE_WAIT` before every administrator's eyes, and any of them may end it.
    """
    if not founding.is_founded():
        raise RegistryError(rules.RESCUE_NEEDLESS)
    if not set(user.roles) & ADMINISTRATORS:
        raise FieldError("username", rules.RESCUE_ADMINISTRATORS)
    if setting("TODAY") is not None:
        raise RegistryError(rules.RESCUE_CLOCK)
    if clock.is_demo():
        raise RegistryError(rules.RESCUE_DEMO)
    two_people.expire(at=at)
    under_way = select(Approval).where(
        Approval.user_id == user.id, Approval.kind == ApprovalKind.RESCUE, Approval.outcome.is_(None)
    )
    return db.session.scalars(under_way).unique().one_or_none() or two_people.ask_rescue(user, reason=reason, at=at)


def rescue_day(approval: Approval) -> datetime:
    """From when on it may be finished."""
    return approval.at + RESCUE_WAIT


def end_needless(approval: Approval, *, at: datetime) -> str:
    """Why there is nothing to rescue: the rescue is then void, and on the trail as such; else nothing."""
    sentence = _still_there(approval)
    if sentence:
        two_people.close(SYSTEM_ACTOR, approval, ApprovalOutcome.REFUSED, "refuse_approval", at=at, answer=sentence)
    return sentence


def finish_rescue(approval: Approval, password: str, *, at: datetime) -> User:
    """Give the administrator a password typed here, and the account back; raises RegistryError before its day."""
    if at < rescue_day(approval):
        raise RegistryError(rules.RESCUE_EARLY, day=f"{rescue_day(approval):%Y-%m-%d %H:%M}")
    if sentence := _still_there(approval):
        raise RegistryError(sentence)
    user = approval.user
    accounts.reset_password(SYSTEM_ACTOR, user, password, at=at, reason=approval.reason)
    accounts.set_active(SYSTEM_ACTOR, user, True, at=at, reason=approval.reason)
    two_people.close(SYSTEM_ACTOR, approval, ApprovalOutcome.CONFIRMED, "rescue_administrator", at=at)
    return user


def _still_there(approval: Approval) -> str:
    """Why there is nothing to rescue: the administrator signed in, or two others who can do it between them did."""
    since = select(WebSession.user_id).where(WebSession.created_at > approval.at).distinct()
    seen = list(db.session.scalars(select(User).where(User.id.in_(since), User.active)).unique())
    able = {user.id for user in seen if set(user.roles) & ADMINISTRATORS}
    if approval.user_id in able:
        return rules.RESCUE_HIMSELF
    return rules.RESCUE_OTHERS if len(able) >= ENOUGH else ""


def _founding(roles: Iterable[str]) -> None:
    """Alone only until the three administrators exist, and only to make them."""
    if founding.is_founded():
        raise NotAllowed(rules.TERMINAL_CLOSED)
    held = set(roles)
    if not held or not held <= ADMINISTRATORS:
        raise FieldError("roles", rules.TERMINAL_ADMINISTRATORS)
