"""What a person says of one payment where no file does: paid, returned by the bank; and money that is demanded back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.services import steps
from registry.payments.models import ClawBack, Payment
from registry.payments.queries import asked
from registry.payments.rules.amounts import FEN, interest
from registry.payments.services import batches
from registry.payments.texts import BATCH_ERRORS, CLAW_ERRORS, PAYMENT_LABELS
from registry.trail.models import TrailEntry
from registry.trail.services import trail

RATE = "claw_back_interest"
"""The kind's setting: interest a year, as a part of 1."""


def settle(
    actor: Actor, payment: Payment, outcome: str, *, day: date, voucher: str, reason: str, at: datetime, on: date
) -> bool:
    """`outcome`: paid or bank_returned. That a paid one came back is asked for by one person and confirmed by another,
    who is not the one by whom it was paid; False where it was only asked for.

    Raises NotAllowed, RegistryError, FieldError, ReasonNeeded.
    """
    batches.hold(payment.batch)
    if not can(actor, "payment.settle", payment) or payment.batch.state not in ("sent", "paid"):
        raise RegistryError(BATCH_ERRORS["payment"], state=(PAYMENT_LABELS[payment.state],))
    if not reason.strip():
        raise ReasonNeeded
    if outcome == "bank_returned" and payment.state == "paid" and _asks_return(actor, payment, reason, day, at):
        return False
    if outcome == "bank_returned":
        bank_return(actor, payment, reason=reason.strip(), at=at, on=on)
    elif payment.state == "waiting":
        batches.refuse_day(payment.batch, day, on)
        payment.reason = reason.strip()
        batches.mark_paid(actor, payment, day=day, voucher=voucher, at=at, on=on)
    else:
        raise RegistryError(BATCH_ERRORS["payment"], state=(PAYMENT_LABELS[payment.state],))
    batches.end_if_paid(actor, payment.batch, at)
    after = {"state": payment.state, "day": day, "voucher": payment.voucher}
    trail.record(actor, "settle_payment", payment, at=at, after=after, reason=reason.strip())
    return True


def _asks_return(actor: Actor, payment: Payment, reason: str, day: date, at: datetime) -> bool:
    """Keep who asks, where nobody has. Raises RegistryError where the second person is one who was there before."""
    if payment.clawback is not None:
        raise RegistryError(BATCH_ERRORS["clawed"])
    request = asked.to_return(payment)
    if request is None:
        trail.record(actor, asked.BANK_RETURN, payment, at=at, after={"day": day}, reason=reason.strip())
        return True
    if request.actor_id == actor.user_id:
        raise RegistryError(BATCH_ERRORS["asked"], by=request.actor_name)
    if actor.user_id in asked.payers(payment):
        raise RegistryError(BATCH_ERRORS["payer"], by=request.actor_name)
    return False


def bank_return(actor: Actor, payment: Payment, *, reason: str, at: datetime, on: date) -> None:
    """The case may be batched again, with the same or another account; banks return money weeks after they paid it.

    Raises RegistryError where it is demanded back.
    """
    if payment.clawback is not None:
        raise RegistryError(BATCH_ERRORS["clawed"])
    payment.state, payment.reason, payment.by_name = "bank_returned", reason, actor.name
    db.session.flush()
    steps.take(actor, payment.case, "bank_return", at=at, on=on, reason=reason, money=True)


class Demanded(NamedTuple):
    """What a decision demands back: its document and day, until when, and why."""

    document: str
    on: date
    due_on: date
    reason: str


def rate_of(payment: Payment) -> Decimal:
    """The yearly rate of the kind's own edition; 0 where it has none. Raises RegistryError for no part of 1."""
    setting = payment.case.kind.setting(RATE)
    rate = Decimal(setting.value) if setting and setting.value else Decimal(0)
    if not 0 <= rate <= 1:
        raise RegistryError(CLAW_ERRORS["rate"], rate=rate)
    return rate


def ask_claw_back(actor: Actor, payment: Payment, demanded: Demanded, *, at: datetime, on: date) -> None:
    """It counts once another person has checked it; entered anew, the last counts. Raises NotAllowed, FieldError."""
    _refuse_claw_back(actor, payment)
    if payment.paid_on is None or not payment.paid_on <= demanded.on <= on:
        raise FieldError("on", CLAW_ERRORS["day"])
    if demanded.due_on < demanded.on:
        raise FieldError("due_on", CLAW_ERRORS["due"])
    if not demanded.reason.strip():
        raise ReasonNeeded
    rate_of(payment)
    after = {"document": demanded.document.strip(), "on": demanded.on, "due_on": demanded.due_on}
    trail.record(actor, asked.CLAW_BACK, payment, at=at, after=after, reason=demanded.reason.strip())


def _refuse_claw_back(actor: Actor, payment: Payment) -> None:
    batches.hold(payment.batch)
    if actor.user_id is None or payment.state != "paid" or payment.paid_on is None:
        raise RegistryError(CLAW_ERRORS["state"])
    if payment.clawback is not None:
        raise RegistryError(BATCH_ERRORS["clawed"])
    if not can(actor, "payment.claw_back", payment):
        raise NotAllowed


def demanded_by(request: TrailEntry) -> Demanded:
    """What was entered, as the trail has it."""
    after = request.after or {}
    on, due_on = date.fromisoformat(after["on"]), date.fromisoformat(after["due_on"])
    return Demanded(after["document"], on, due_on, request.reason)


def claw_back(actor: Actor, payment: Payment, *, shown: int, opinion: str, at: datetime, on: date) -> ClawBack:
    """By another than who entered it; `shown`: the trail's number of what was seen. Interest runs from the day of
    payment to the day of the decision.

    Raises NotAllowed, RegistryError, ReasonNeeded.
    """
    _refuse_claw_back(actor, payment)
    request = asked.to_claw_back(payment)
    if request is None or request.seq != shown or request.actor_id is None or payment.paid_on is None:
        raise RegistryError(CLAW_ERRORS["changed"])
    if request.actor_id == actor.user_id:
        raise RegistryError(BATCH_ERRORS["asked"], by=request.actor_name)
    if not opinion.strip():
        raise ReasonNeeded
    demanded, rate = demanded_by(request), rate_of(payment)
    days = (demanded.on - payment.paid_on).days
    row = ClawBack(
        number=f"ZH{payment.number[2:]}", payment=payment, amount=payment.amount,
        interest=interest(payment.amount, rate, days), rate=rate, days=days, document=demanded.document,
        reason=demanded.reason, on=demanded.on, due_on=demanded.due_on, by_id=request.actor_id,
        by_name=request.actor_name, at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    steps.take(actor, payment.case, "claw_back", at=at, on=on, reason=row.reason, money=True)
    after = {"payment": payment.number, "amount": row.amount, "interest": row.interest, "due_on": row.due_on}
    trail.record(actor, "claw_back", row, at=at, after=after, reason=opinion.strip(), source=row.document)
    return row


def receive(
    actor: Actor, demand: ClawBack, amount: Decimal, *, day: date, voucher: str, at: datetime, on: date
) -> Decimal:
    """Money came in, all or a part; what is still owed, in yuan. Raises NotAllowed, FieldError."""
    batches.hold(demand.payment.batch)
    if not can(actor, "payment.claw_back", demand.payment):
        raise NotAllowed
    owed = asked.owed(demand)
    if not 0 < amount <= owed or amount != amount.quantize(FEN):
        raise FieldError("amount", CLAW_ERRORS["owed"], owed=f"{owed:,.2f}")
    if not demand.on <= day <= on:
        raise FieldError("day", CLAW_ERRORS["received"])
    after = {"amount": amount.quantize(FEN), "day": day, "voucher": voucher.strip()}
    trail.record(actor, asked.RECEIVE, demand, at=at, after=after)
    return owed - amount
