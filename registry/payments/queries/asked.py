"""What one person asked for and another has to confirm, and who did what before: as the trail has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, or_, select

from registry.base.extensions import db
from registry.payments.models import ClawBack, Payment, PaymentBatch
from registry.trail.models import TrailEntry

CANCEL, BANK_RETURN, CLAW_BACK = "ask_cancel_batch", "ask_bank_return", "ask_claw_back"
"""Verbs by which something is asked for that one person alone does not do."""
RECEIVE = "receive_claw_back"


@dataclass(frozen=True)
class Receipt:
    """Money that came in of what is demanded back, in yuan, with the number of the treasury's paper."""

    amount: Decimal
    day: date
    voucher: str
    by_name: str


def to_cancel(batch: PaymentBatch) -> TrailEntry | None:
    """Who asked last that a batch which is at the bank be cancelled, and why; None where it is not there."""
    return _last(batch, CANCEL) if batch.state == "sent" else None


def to_return(payment: Payment) -> TrailEntry | None:
    """Who asked last that a paid payment be called returned, and why."""
    return _last(payment, BANK_RETURN) if payment.state == "paid" else None


def to_claw_back(payment: Payment) -> TrailEntry | None:
    """Who entered last that the payment be demanded back: `after` has the decision, its day and until when."""
    return _last(payment, CLAW_BACK) if payment.state == "paid" and payment.clawback is None else None


def demanding(payments: Iterable[Payment]) -> set[int]:
    """Ids of those whose demand waits for its second person."""
    able = {one.id for one in payments if one.state == "paid" and one.clawback is None}
    wanted = TrailEntry.subject_kind == Payment.__tablename__, TrailEntry.verb == CLAW_BACK
    found = db.session.scalars(select(TrailEntry.subject_id).where(*wanted, TrailEntry.subject_id.in_(able)))
    return {one for one in found if one is not None}


def receipts(demand: ClawBack) -> list[Receipt]:
    """What came in of it, in the order in which it was entered."""
    wanted = _are([(demand.__tablename__, demand.id, RECEIVE)])
    return [
        Receipt(
            Decimal(one.after["amount"]), date.fromisoformat(one.after["day"]), one.after["voucher"], one.actor_name
        )
        for one in db.session.scalars(select(TrailEntry).where(wanted).order_by(TrailEntry.seq))
        if one.after
    ]


def owed(demand: ClawBack) -> Decimal:
    """Yuan that have not come in."""
    return demand.amount + demand.interest - sum((one.amount for one in receipts(demand)), Decimal(0))


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
