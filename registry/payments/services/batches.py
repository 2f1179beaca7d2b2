"""A batch of one cohort: collected, checked by another person, sent, paid once however often pressed, or undone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import SHANGHAI, db
from registry.base.permissions import Actor, can
from registry.cases.models import Case, CaseCohort
from registry.cases.services import steps
from registry.payments.models import Payment, PaymentBatch
from registry.payments.queries import asked, budgets, payable, states
from registry.payments.services import holding
from registry.payments.texts import BATCH_ERRORS, BATCH_LABELS
from registry.trail.services import trail


def collect(actor: Actor, cohort: CaseCohort, case_ids: Collection[int], *, at: datetime, on: date) -> PaymentBatch:
    """Approved cases of this cohort and no other, each with its account. Raises NotAllowed, RegistryError.

    Of two who collect the same cases at once, the second finds them taken.
    """
    if actor.user_id is None or not can(actor, "payment.make"):
        raise NotAllowed
    if not case_ids:
        raise FieldError("cases", BATCH_ERRORS["none"])
    holding.hold_cohort(cohort)
    cases = holding.hold_cases(case_ids)
    _refuse_unsound(cohort, cases)
    batch = _batch(actor, cohort, at)
    accounts = payable.standing(case.id for case in cases)
    for rank, case in enumerate(sorted(cases, key=lambda one: one.number), start=1):
        batch.payments.append(
            Payment(
                case_id=case.id, payee_id=accounts[case.id].id, rank=rank, number=f"{batch.number}-{rank:03d}",
                amount=case.amount, by_name=actor.name,
            )
        )  # fmt: skip
    _flush(batch)
    for case in cases:
        steps.take(actor, case, "batch", at=at, on=on, reason=batch.number, money=True)
    after = {"cohort": cohort.name, "count": len(cases), "total": total(batch)}
    trail.record(actor, "collect_batch", batch, at=at, after=after)
    return batch


def _batch(actor: Actor, cohort: CaseCohort, at: datetime) -> PaymentBatch:
    last = db.session.scalar(select(func.max(PaymentBatch.rank)).where(PaymentBatch.cohort_id == cohort.id)) or 0
    number = f"FK{cohort.year}-{cohort.id}-{last + 1:02d}"
    batch = PaymentBatch(
        cohort=cohort, rank=last + 1, number=number, by_id=actor.user_id, by_name=actor.name, at=at, state="open"
    )
    db.session.add(batch)
    return batch


def _flush(batch: PaymentBatch) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:  # the database holds that a case has one payment
        number = batch.number
        db.session.rollback()
        raise RegistryError(BATCH_ERRORS["none"], number=number) from error


def _refuse_unsound(cohort: CaseCohort, cases: Collection[Case]) -> None:
    accounts, changing = payable.standing(case.id for case in cases), payable.waiting(case.id for case in cases)
    gone = payable.paid_though_cancelled(case.id for case in cases)
    for case in cases:
        number = {"number": case.number}
        if case.id in gone:
            raise FieldError("cases", BATCH_ERRORS["gone"], payment=gone[case.id].number, **number)
        if case.cohort_id != cohort.id:
            raise FieldError("cases", BATCH_ERRORS["cohort"], **number)
        if (held := payable.held(case)) is not None:
            raise FieldError("cases", BATCH_ERRORS["taken"], batch=held.batch.number, **number)
        if not states.is_payable(case):
            raise FieldError("cases", BATCH_ERRORS["state"], state=case.kind.state(case.state).name, **number)
        if case.id not in accounts:
            raise FieldError("cases", BATCH_ERRORS["payee"], **number)
        if case.id in changing:
            raise FieldError("cases", BATCH_ERRORS["changing"], by=changing[case.id].by_name, **number)
        if not case.amount:
            raise FieldError("cases", BATCH_ERRORS["amount"], **number)
    _refuse_overdrawn(cohort, sum((case.amount or Decimal(0) for case in cases), Decimal(0)))


def _refuse_overdrawn(cohort: CaseCohort, wanted: Decimal) -> None:
    budget, used = budgets.budget(cohort), budgets.used(cohort)
    if used + wanted > budget:
        values = {"budget": f"{budget:,}", "used": f"{used:,}", "total": f"{wanted:,}"}
        raise FieldError("cases", BATCH_ERRORS["budget"], **values)


def total(batch: PaymentBatch) -> Decimal:
    return sum((one.amount for one in batch.payments if one.state != "cancelled"), Decimal("0.00"))


def check(actor: Actor, batch: PaymentBatch, *, opinion: str, at: datetime) -> None:
    """By another person than the one who collected it. Raises NotAllowed, RegistryError."""
    _hold(batch, "open")
    if actor.user_id == batch.by_id:
        raise RegistryError(BATCH_ERRORS["maker"])
    if not can(actor, "payment.check", batch):
        raise NotAllowed
    batch.state, batch.opinion = "checked", opinion.strip()
    batch.checked_by_id, batch.checked_by_name, batch.checked_at = actor.user_id, actor.name, at
    _record(actor, "check_batch", batch, at, reason=batch.opinion)


def send(actor: Actor, batch: PaymentBatch, *, day: date, at: datetime, on: date) -> None:
    """The list went to the bank on this day. Raises NotAllowed, RegistryError, FieldError."""
    _hold(batch, "checked")
    if not can(actor, "payment.act", batch):
        raise NotAllowed
    checked = batch.checked_at or batch.at
    if not checked.astimezone(SHANGHAI).date() <= day <= on:
        raise FieldError("day", BATCH_ERRORS["sent"])
    batch.state, batch.sent_on, batch.sent_by_name = "sent", day, actor.name
    _record(actor, "send_batch", batch, at, day=day)


def pay(actor: Actor, batch: PaymentBatch, *, day: date, voucher: str, at: datetime, on: date) -> bool:
    """What waits in it was paid; False where somebody has said so already, and nothing is done again.

    Raises NotAllowed, RegistryError, FieldError.
    """
    _hold(batch, "sent", "paid")
    if not can(actor, "payment.act", batch):
        raise NotAllowed
    if batch.state == "paid":
        return False
    refuse_day(batch, day, on)
    waiting = [one for one in batch.payments if one.state == "waiting"]
    if not waiting:
        raise RegistryError(BATCH_ERRORS["empty"])
    for payment in waiting:
        mark_paid(actor, payment, day=day, voucher=voucher, at=at, on=on)
    end_if_paid(actor, batch, at)
    _record(actor, "pay_batch", batch, at, day=day, voucher=voucher.strip())
    return True


def refuse_day(batch: PaymentBatch, day: date, on: date) -> None:
    if batch.sent_on is None or not batch.sent_on <= day <= on:
        raise FieldError("day", BATCH_ERRORS["day"])


def mark_paid(actor: Actor, payment: Payment, *, day: date, voucher: str, at: datetime, on: date) -> None:
    payment.state, payment.paid_on, payment.voucher = "paid", day, voucher.strip()
    payment.by_name = actor.name
    db.session.flush()
    steps.take(actor, payment.case, "pay", at=at, on=on, reason=payment.number, money=True)


def end_if_paid(actor: Actor, batch: PaymentBatch, at: datetime) -> None:
    """A batch in which nothing waits any more is through."""
    if batch.state == "sent" and all(one.state != "waiting" for one in batch.payments):
        batch.state, batch.ended_by_name, batch.ended_at = "paid", actor.name, at
    db.session.flush()


def cancel(actor: Actor, batch: PaymentBatch, *, reason: str, at: datetime, on: date) -> bool:
    """Before anything of it was paid: its cases are approved again. Of a batch that is at the bank one asks, and
    another than who asked cancels; False where it was only asked for.

    Raises NotAllowed, RegistryError, ReasonNeeded.
    """
    _hold(batch, "open", "checked", "sent")
    if not can(actor, "payment.act", batch):
        raise NotAllowed
    if any(one.state != "waiting" for one in batch.payments):
        raise RegistryError(BATCH_ERRORS["cancel"])
    if not reason.strip():
        raise ReasonNeeded
    if batch.state == "sent":
        request = asked.to_cancel(batch)
        if request is None:
            _record(actor, asked.CANCEL, batch, at, reason=reason.strip())
            return False
        if request.actor_id == actor.user_id:
            raise RegistryError(BATCH_ERRORS["asked"], by=request.actor_name)
    for payment in batch.payments:
        payment.state, payment.reason = "cancelled", reason.strip()
    batch.state, batch.reason = "cancelled", reason.strip()
    batch.ended_by_name, batch.ended_at = actor.name, at
    db.session.flush()
    for payment in batch.payments:
        steps.take(actor, payment.case, "unbatch", at=at, on=on, reason=batch.reason, money=True)
    _record(actor, "cancel_batch", batch, at, reason=batch.reason)
    return True


def reveal(actor: Actor, batch: PaymentBatch, *, sha256: str, at: datetime) -> None:
    """The list with whole account numbers is taken: an act on the trail. Raises NotAllowed."""
    if not can(actor, "payment.reveal", batch):
        raise NotAllowed
    live = [one for one in batch.payments if one.state != "cancelled"]
    after = {"count": len(live), "total": total(batch), "sha256": sha256}
    trail.record(actor, "reveal_accounts", batch, at=at, after=after)


def _hold(batch: PaymentBatch, *wanted: str) -> None:
    """Hold the batch and all of its payments as they are now. Raises RegistryError where it has moved on."""
    hold(batch)
    if batch.state not in wanted:
        by = batch.ended_by_name or batch.sent_by_name or batch.checked_by_name or batch.by_name
        raise RegistryError(BATCH_ERRORS["moved"], number=batch.number, by=by, state=(BATCH_LABELS[batch.state],))


def hold(batch: PaymentBatch) -> None:
    holding.hold(batch)
    rows = select(Payment).where(Payment.batch_id == batch.id).execution_options(populate_existing=True)
    db.session.scalars(rows).all()
    holding.hold_cases(payment.case_id for payment in batch.payments)


def _record(actor: Actor, verb: str, batch: PaymentBatch, at: datetime, *, reason: str = "", **after: object) -> None:
    db.session.flush()
    trail.record(actor, verb, batch, at=at, after={"state": batch.state, **after}, reason=reason)
