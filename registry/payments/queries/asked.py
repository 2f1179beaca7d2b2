"""What one person asked for and another has to confirm, and who did what before: as the trail has it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, select

from registry.base.extensions import db
from registry.payments.models import Payment, PaymentBatch
from registry.trail.models import TrailEntry

CANCEL, BANK_RETURN = "ask_cancel_batch", "ask_bank_return"
"""Verbs by which something is asked for that one person alone does not do."""


def to_cancel(batch: PaymentBatch) -> TrailEntry | None:
    """Who asked last that a batch which is at the bank be cancelled, and why; None where it is not there."""
    return _last(batch, CANCEL) if batch.state == "sent" else None


def to_return(payment: Payment) -> TrailEntry | None:
    """Who asked last that a paid payment be called returned, and why."""
    return _last(payment, BANK_RETURN) if payment.state == "paid" else None


def payers(payment: Payment) -> set[int]:
    """Ids of all who have said that it was paid: by hand, with its batch, or by confirming the bank's file."""
    acts = [
        ("case_payment", payment.id, "settle_payment"),
        ("payment_batch", payment.batch_id, "pay_batch"),
        ("bank_file", payment.file_id, "reconcile_file"),
    ]
    return {one for one in db.session.scalars(select(TrailEntry.actor_id).where(_are(acts))) if one is not None}


def _last(subject: Payment | PaymentBatch, verb: str) -> TrailEntry | None:
    wanted = _are([(subject.__tablename__, subject.id, verb)])
    return db.session.scalars(select(TrailEntry).where(wanted).order_by(TrailEntry.seq.desc()).limit(1)).first()


def _are(acts: Iterable[tuple[str, int | None, str]]) -> ColumnElement[bool]:
    return or_(
        *(
            and_(TrailEntry.subject_kind == kind, TrailEntry.subject_id == number, TrailEntry.verb == verb)
            for kind, number, verb in acts
        )
    )
