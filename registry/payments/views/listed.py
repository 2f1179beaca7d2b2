"""Cases of a year with their payments, as a file lists them."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import select

from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.permissions import Actor
from registry.cases.models import Case, CaseCohort
from registry.payments.models import Payment
from registry.payments.queries import payable
from registry.payments.rules.accounts import masked
from registry.payments.texts import PAYMENT_LABELS

HEADINGS = (
    N_("卷号"), N_("事项"), N_("申报单位"), N_("经办单位"), N_("办理状态"), N_("核定金额（元）"), N_("支付编号"),
    N_("支付状态"), N_("收款户名"), N_("收款账号"), N_("支付日期"), N_("凭证号"),
)  # fmt: skip


def of(actor: Actor, cohort: CaseCohort) -> Iterator[list[object]]:
    """A line for each payment, and for each case without one."""
    cases = list(db.session.scalars(payable.visible_to(actor).where(Case.cohort_id == cohort.id)).unique())
    rows = select(Payment).where(Payment.case_id.in_([one.id for one in cases])).order_by(Payment.id)
    paid: dict[int, list[Payment]] = {}
    for one in db.session.scalars(rows):
        paid.setdefault(one.case_id, []).append(one)
    for case in cases:
        head = [
            case.number, case.edition.name, case.applicant, case.office.short_name, case.kind.state(case.state).name,
            f"{case.amount or 0:.2f}",
        ]  # fmt: skip
        if case.id not in paid:
            yield [*head, *[""] * 6]
        for one in paid.get(case.id, ()):
            yield [
                *head, one.number, _(PAYMENT_LABELS[one.state]), one.payee.holder, masked(one.payee.number),
                one.paid_on or "", one.voucher,
            ]  # fmt: skip
