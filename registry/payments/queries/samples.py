"""Draws of paid cases, and what they are drawn from."""

from __future__ import annotations

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload

from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.models import Case, CaseCohort
from registry.payments.models import Payment, PaymentBatch, PaymentSample, SampleItem
from registry.payments.rules.sampling import PaidCase


def visible_to(actor: Actor) -> Select[PaymentSample]:
    """The newest first."""
    found = select(PaymentSample).order_by(PaymentSample.id.desc())
    return found if can(actor, "payment.read") else found.where(false())


def one(actor: Actor, sample_id: int) -> Select[PaymentSample]:
    return visible_to(actor).where(PaymentSample.id == sample_id)


def of_cohort(cohort: CaseCohort) -> list[PaymentSample]:
    rows = select(PaymentSample).where(PaymentSample.cohort_id == cohort.id).order_by(PaymentSample.id.desc())
    return list(db.session.scalars(rows).unique())


def items(sample: PaymentSample) -> list[SampleItem]:
    together = joinedload(SampleItem.case), joinedload(SampleItem.payment)
    rows = select(SampleItem).where(SampleItem.sample_id == sample.id).order_by(SampleItem.rank).options(*together)
    return list(db.session.scalars(rows).unique())


def item(actor: Actor, item_id: int) -> Select[SampleItem]:
    found = select(SampleItem).where(SampleItem.id == item_id)
    return found if can(actor, "payment.read") else found.where(false())


def paid(cohort: CaseCohort) -> list[PaidCase]:
    """Every case of the cohort that was paid, by its kind and the office that entered it."""
    rows = db.session.execute(
        select(Payment, Case)
        .join(PaymentBatch, PaymentBatch.id == Payment.batch_id)
        .join(Case, Case.id == Payment.case_id)
        .where(PaymentBatch.cohort_id == cohort.id, Payment.state == "paid")
        .order_by(Case.number)
    ).unique()
    return [
        PaidCase(case.id, payment.id, case.number, case.edition.name, case.office.short_name) for payment, case in rows
    ]
