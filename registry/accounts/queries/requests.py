"""What waits for a second administrator, and what was decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, case, false, func, or_, select, true

from registry.accounts.models import Approval
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.base.vocabulary import ApprovalKind


def visible_to(actor: Actor) -> Select[Approval]:
    """Every request for administrators, what waits first and of it the oldest; nothing for anybody else."""
    waits = case((Approval.outcome.is_(None), 0), else_=1)
    age = case((Approval.outcome.is_(None), Approval.id), else_=-Approval.id)
    return select(Approval).where(true() if can(actor, "approval.list") else false()).order_by(waits, age)


def one(actor: Actor, approval_id: int) -> Select[Approval]:
    return visible_to(actor).where(Approval.id == approval_id)


def waiting(actor: Actor, *, at: datetime) -> Select[Approval]:
    """What nobody has decided yet, in time."""
    return visible_to(actor).where(Approval.outcome.is_(None), Approval.expires_at > at)


def decided(actor: Actor, *, at: datetime) -> Select[Approval]:
    return visible_to(actor).where(or_(Approval.outcome.is_not(None), Approval.expires_at <= at))


def of_account(actor: Actor, user_id: int, *, at: datetime) -> list[Approval]:
    """What waits about one account."""
    return list(db.session.scalars(waiting(actor, at=at).where(Approval.user_id == user_id)).unique())


def to_confirm(actor: Actor, *, at: datetime) -> Select[Approval]:
    """Requests that are this administrator's to decide: what others asked for, about others.

    A new password for oneself and a rescue count too, to be seen: whoever knows nothing of it must hear of it.
    """
    mine = actor.user_id or -1
    others = or_(Approval.asked_by_id != mine, Approval.asked_by_id.is_(None))
    about = or_(Approval.user_id != mine, Approval.kind.in_((ApprovalKind.PASSWORD, ApprovalKind.RESCUE)))
    return waiting(actor, at=at).where(others, about)


def to_decide(actor: Actor, *, at: datetime) -> int:
    """How many of them there are."""
    rows = to_confirm(actor, at=at).order_by(None).with_only_columns(Approval.id).subquery()
    return db.session.scalar(select(func.count()).select_from(rows)) or 0
