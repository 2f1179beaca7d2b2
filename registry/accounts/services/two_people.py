"""Two people behind every power over an account: one asks, another confirms, and only then something changes.

Whoever asks never confirms, nobody confirms what concerns their own account, and no password is ever known whole to
anybody but its owner: whoever asks sees its first half, whoever confirms its second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from registry.accounts import rules
from registry.accounts.models import Approval
from registry.accounts.rules import ASKED_WITH, KIND_LABELS, LIFETIME, OPEN_ALREADY, ApprovalOutcome
from registry.base import errors
from registry.base.errors import ApprovalDecided, ApprovalMoved, FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import ADMINISTRATORS, SYSTEM_ACTOR, Actor, can
from registry.base.vocabulary import ApprovalKind, OfficeKind
from registry.notices.services import notices
from registry.people.models import User
from registry.people.queries.signed_in import actor_of
from registry.people.services import accounts, founding, passwords
from registry.trail.services import trail

REASON_MOST = 200


def ask(
    actor: Actor, user: User, kind: ApprovalKind, *, reason: str, at: datetime, roles: Iterable[str] = ()
) -> Approval:  # fmt: skip
    """Ask for an act on the account of `user`; of a password the answer's `half` is the first half of the new one.

    Raises NotAllowed, FieldError, RegistryError where it could not be done even if it were confirmed.
    """
    if kind not in ASKED_WITH or not can(actor, ASKED_WITH[kind]):
        raise NotAllowed
    if actor.user_id == user.id:
        raise NotAllowed(_OWN[kind])
    expire(at=at)
    wanted = sorted(set(roles))
    _check(kind, user, wanted)
    approval = _open(actor, user, kind, reason, at, wanted)
    if kind == ApprovalKind.PASSWORD and user.roles:
        _tell(approval, "account_password_asked", at=at)
    return approval


def open_account(actor: Actor, *, username: str, name: str, office: object, at: datetime) -> tuple[User, Approval]:
    """A new account without a role and without a password that anybody knows, and the request for its first one."""
    user = accounts.create(actor, username=username, name=name, office=office, roles=(), at=at)  # type: ignore[arg-type]
    return user, ask(actor, user, ApprovalKind.PASSWORD, reason=rules.FIRST_PASSWORD, at=at)


def ask_rescue(user: User, *, reason: str, at: datetime) -> Approval:
    """The terminal's request (accounts/services/terminal.py), which nobody confirms and every administrator may end."""
    return _open(SYSTEM_ACTOR, user, ApprovalKind.RESCUE, reason, at, [])


def confirm(actor: Actor, approval: Approval, *, at: datetime) -> str:
    """Do what was asked for; of a password the second half of the new one, else nothing.

    Raises NotAllowed, ApprovalDecided, ApprovalMoved, RegistryError (before the three administrators exist, too).
    """
    if not can(actor, "approval.confirm", approval):
        raise NotAllowed
    founding.require(at=at)
    user = _locked(approval)
    db.session.refresh(approval)
    if not is_open(approval, at):
        raise ApprovalDecided
    _check_asker(approval)
    if approval.kind == ApprovalKind.ROLES and sorted(approval.former) != sorted(user.roles):
        raise ApprovalMoved
    first, second = approval.half, passwords.second_half() if approval.kind == ApprovalKind.PASSWORD else ""
    _EFFECTS[approval.kind](actor, user, approval, passwords.whole(first, second), at)
    close(actor, approval, ApprovalOutcome.CONFIRMED, "confirm_approval", at=at)
    if user.roles and approval.kind in _TOLD:
        _tell(approval, _TOLD[approval.kind], at=at, confirmed=actor.name)
    return second


def refuse(actor: Actor, approval: Approval, *, reason: str, at: datetime) -> None:
    """Nothing changes, and the reason is kept; raises NotAllowed, ReasonNeeded, ApprovalDecided."""
    if not can(actor, "approval.refuse", approval):
        raise NotAllowed
    close(actor, approval, ApprovalOutcome.REFUSED, "refuse_approval", at=at, answer=_reason(reason))


def withdraw(actor: Actor, approval: Approval, *, at: datetime) -> None:
    if not can(actor, "approval.withdraw", approval):
        raise NotAllowed
    close(actor, approval, ApprovalOutcome.WITHDRAWN, "withdraw_approval", at=at)


def expire(*, at: datetime) -> int:
    """Void what nobody decided in time, each on the trail; how many there were."""
    late = select(Approval).where(Approval.outcome.is_(None), Approval.expires_at <= at).order_by(Approval.id)
    found = list(db.session.scalars(late.with_for_update(of=Approval)).unique())
    for approval in found:
        close(SYSTEM_ACTOR, approval, ApprovalOutcome.EXPIRED, "expire_approval", at=at)
    return len(found)


def close(
    actor: Actor, approval: Approval, outcome: ApprovalOutcome, verb: str, *, at: datetime, answer: str = ""
) -> None:  # fmt: skip
    """The one way an open request ends; of two who decide at once the second is told. Raises ApprovalDecided."""
    due = Approval.expires_at > at if outcome is not ApprovalOutcome.EXPIRED else Approval.expires_at <= at
    done = db.session.execute(
        update(Approval)
        .where(Approval.id == approval.id, Approval.outcome.is_(None), due)
        .values(
            outcome=outcome,
            decided_by_id=actor.user_id,
            decided_by_name=actor.name,
            decided_at=at,
            answer=answer,
            half="",
        )
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(approval)
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise ApprovalDecided
    trail.record(actor, verb, approval.user, at=at, after=_facts(approval), reason=answer or approval.reason)


def is_open(approval: Approval, at: datetime) -> bool:
    return approval.outcome is None and at < approval.expires_at


def _open(actor: Actor, user: User, kind: ApprovalKind, reason: str, at: datetime, roles: list[str]) -> Approval:
    """One open request of a kind for an account, as the database keeps it."""
    approval = Approval(
        user_id=user.id,
        kind=kind,
        roles=roles,
        former=sorted(user.roles),
        reason=_reason(reason),
        half=passwords.first_half() if kind == ApprovalKind.PASSWORD else "",
        asked_by_id=actor.user_id,
        asked_by_name=actor.name if actor.user_id is not None else rules.TERMINAL,
        at=at,
        expires_at=at + (rules.RESCUE_LIFETIME if kind == ApprovalKind.RESCUE else LIFETIME),
        decided_by_name="",
        answer="",
    )
    try:
        with db.session.begin_nested():
            db.session.add(approval)
    except IntegrityError as clash:
        raise RegistryError(OPEN_ALREADY, kind=KIND_LABELS[kind]) from clash
    trail.record(actor, "ask_approval", user, at=at, after=_facts(approval), reason=approval.reason)
    return approval


def _check(kind: ApprovalKind, user: User, roles: list[str]) -> None:
    """What would be refused when it is confirmed is refused when it is asked for."""
    if kind == ApprovalKind.ROLES:
        accounts.check_roles(frozenset(roles), user.office)
        if roles == sorted(user.roles):
            raise FieldError("roles", errors.ROLES_SAME)
        founding.keep_all_three(user, roles)
    if kind == ApprovalKind.STOP:
        if not user.active:
            raise RegistryError(rules.STOPPED_ALREADY)
        if not set(user.roles) & ADMINISTRATORS:
            raise RegistryError(rules.STOPPED_AT_ONCE)
        founding.keep_all_three(user)
    if kind == ApprovalKind.RESTORE and user.active:
        raise RegistryError(rules.NOT_STOPPED)


def _check_asker(approval: Approval) -> None:
    """Whoever asked must still be entitled to: a stolen account that was stopped leaves nothing to be confirmed."""
    asker = db.session.get(User, approval.asked_by_id, populate_existing=True) if approval.asked_by_id else None
    if asker is None or not asker.active or not can(actor_of(asker), ASKED_WITH[approval.kind]):
        raise ApprovalMoved(errors.ASKER_GONE, who=approval.asked_by_name)


def _locked(approval: Approval) -> User:
    """The account, held until the transaction ends: two changes of it wait for each other."""
    statement = select(User).where(User.id == approval.user_id).with_for_update(of=User)
    return db.session.scalars(statement.execution_options(populate_existing=True)).unique().one()


def _roles(actor: Actor, user: User, approval: Approval, _password: str, at: datetime) -> None:
    accounts.grant(actor, user, approval.roles, at=at, reason=approval.reason)


def _password(actor: Actor, user: User, approval: Approval, password: str, at: datetime) -> None:
    accounts.reset_password(actor, user, password, at=at, reason=approval.reason)


def _stop(actor: Actor, user: User, approval: Approval, _password: str, at: datetime) -> None:
    accounts.set_active(actor, user, False, at=at, reason=approval.reason)


def _restore(actor: Actor, user: User, approval: Approval, _password: str, at: datetime) -> None:
    accounts.set_active(actor, user, True, at=at, reason=approval.reason)


_EFFECTS: Mapping[str, Callable[[Actor, User, Approval, str, datetime], None]] = MappingProxyType(
    {
        ApprovalKind.ROLES: _roles,
        ApprovalKind.PASSWORD: _password,
        ApprovalKind.STOP: _stop,
        ApprovalKind.RESTORE: _restore,
    }
)
_OWN: Mapping[str, str] = MappingProxyType(
    {
        ApprovalKind.ROLES: errors.OWN_ROLES,
        ApprovalKind.PASSWORD: errors.OWN_PASSWORD,
        ApprovalKind.STOP: errors.OWN_ACCOUNT,
        ApprovalKind.RESTORE: errors.OWN_ACCOUNT,
    }
)
_TOLD: Mapping[str, str] = MappingProxyType(
    {
        ApprovalKind.ROLES: "account_roles",
        ApprovalKind.PASSWORD: "account_password",
        ApprovalKind.RESTORE: "account_restored",
    }
)


def _tell(approval: Approval, kind: str, *, at: datetime, **more: str) -> None:
    """The person whose account it is; administrators read their requests on the page of requests."""
    user = approval.user
    if user.office.kind != OfficeKind.SYSTEM:
        notices.tell(user.office_id, kind, {"asked": approval.asked_by_name, **more}, at=at, user=user)


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonNeeded
    return text.strip()[:REASON_MOST]


def _facts(approval: Approval) -> dict[str, object]:
    facts: dict[str, object] = {"asked_for": approval.kind, "asked_by": approval.asked_by_name, "approval": approval.id}
    if approval.kind == ApprovalKind.ROLES:
        facts["roles"] = list(approval.roles)
    return facts
