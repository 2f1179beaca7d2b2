"""What was paid of a cohort by a day, in all and quarter by quarter, for whoever reports on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.cases.models import Case, CaseCohort
from registry.payments.models import Payment, PaymentBatch


@dataclass(frozen=True)
class PaidTotal:
    """Payments of a quarter ('' for all): how many, and yuan."""

    quarter: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class PaidTotals:
    """Of one cohort up to and with a day; `quarters` sum to `all`."""

    all: PaidTotal
    quarters: tuple[PaidTotal, ...]


def paid_rows(cohort: CaseCohort, until: date) -> Sequence[Any]:
    """(paid_on, amount, number, office_id) of each payment that the bank made by a day and that did not come back."""
    return db.session.execute(
        select(Payment.paid_on, Payment.amount, Case.number, Case.office_id)
        .join(PaymentBatch, PaymentBatch.id == Payment.batch_id)
        .join(Case, Case.id == Payment.case_id)
        .where(PaymentBatch.cohort_id == cohort.id, Payment.state == "paid", Payment.paid_on <= until)
        .order_by(Payment.paid_on, Payment.id)
    ).all()


def of(cohort: CaseCohort, until: date) -> PaidTotals:
    """By the day on which the bank paid; what came back is not counted, what was demanded back is."""
    rows = paid_rows(cohort, until)
    found: dict[str, list[Decimal]] = {}
    for row in rows:
        found.setdefault(Quarter.of(row.paid_on).label, []).append(row.amount)
    quarters = tuple(_total(label, amounts) for label, amounts in found.items())
    return PaidTotals(_total("", [row.amount for row in rows]), quarters)


def _total(label: str, amounts: list[Decimal]) -> PaidTotal:
    return PaidTotal(label, len(amounts), sum(amounts, Decimal("0.00")))
