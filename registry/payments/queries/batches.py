"""Batches, their payments, the bank's files and what was demanded back, for who reads money."""

from __future__ import annotations

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import joinedload

from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.models import Case, CaseCohort
from registry.payments.models import BankFile, ClawBack, Payment, PaymentBatch


def visible_to(actor: Actor) -> Select[PaymentBatch]:
    """The newest first."""
    found = select(PaymentBatch).order_by(PaymentBatch.id.desc())
    return found if can(actor, "payment.read") else found.where(false())


def one(actor: Actor, batch_id: int) -> Select[PaymentBatch]:
    return visible_to(actor).where(PaymentBatch.id == batch_id)


def of_cohort(actor: Actor, cohort: CaseCohort) -> list[PaymentBatch]:
    return list(db.session.scalars(visible_to(actor).where(PaymentBatch.cohort_id == cohort.id)).unique())


def sums(batch_ids: list[int]) -> dict[int, tuple[int, object]]:
    """Of each batch how many payments were not cancelled, and yuan."""
    rows = db.session.execute(
        select(Payment.batch_id, func.count(Payment.id), func.sum(Payment.amount))
        .where(Payment.batch_id.in_(batch_ids), Payment.state != "cancelled")
        .group_by(Payment.batch_id)
        .order_by(Payment.batch_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def payments(batch: PaymentBatch) -> list[Payment]:
    """With their cases and accounts, in their order."""
    rows = select(Payment).where(Payment.batch_id == batch.id).order_by(Payment.rank)
    together = (
        joinedload(Payment.case).joinedload(Case.edition),
        joinedload(Payment.payee),
        joinedload(Payment.clawback),
    )
    return list(db.session.scalars(rows.options(*together)).unique())


def payment(actor: Actor, payment_id: int) -> Select[Payment]:
    found = select(Payment).where(Payment.id == payment_id)
    return found if can(actor, "payment.read") else found.where(false())


def files(actor: Actor) -> Select[BankFile]:
    found = select(BankFile).order_by(BankFile.id.desc())
    return found if can(actor, "payment.read") else found.where(false())


def file(actor: Actor, file_id: int) -> Select[BankFile]:
    return files(actor).where(BankFile.id == file_id)


def clawback(actor: Actor, clawback_id: int) -> Select[ClawBack]:
    found = select(ClawBack).where(ClawBack.id == clawback_id)
    return found if can(actor, "payment.read") else found.where(false())


def clawbacks(cohort: CaseCohort) -> list[ClawBack]:
    found = (
        select(ClawBack)
        .join(Payment, Payment.id == ClawBack.payment_id)
        .join(PaymentBatch, PaymentBatch.id == Payment.batch_id)
    )
    return list(db.session.scalars(found.where(PaymentBatch.cohort_id == cohort.id).order_by(ClawBack.id)))
