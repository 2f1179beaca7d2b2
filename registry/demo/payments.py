"""The invented city's money of vouchers: budgets of both years, accounts, and a batch of 2020 that is with the bank."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.base.extensions import SHANGHAI, db
from registry.cases.models import Case, CaseCohort
from registry.payments.models import PaymentBatch
from registry.payments.queries import payable, states
from registry.payments.services import batches, budgeting, payees
from registry.payments.services.payees import NamedAccount

if TYPE_CHECKING:
    from registry.demo.story import Teller

_BUDGETED, _NAMED, _COLLECTED, _SENT = date(2021, 3, 16), date(2021, 10, 9), date(2021, 10, 11), date(2021, 10, 12)
_BUDGETS = {2020: "800000", 2021: "3000000"}
_BANK, _NUMBER = "汕尾农村商业银行（虚构）", "62000012{:08d}"


def steps_told() -> Iterable[tuple[date, Callable[[Teller], None]]]:
    yield _BUDGETED, _budget
    yield _NAMED, _name
    yield _COLLECTED, _collect
    yield _SENT, _send


def _budget(teller: Teller) -> None:
    at = _at(teller, time(11, 0))
    for cohort in _cohorts():
        document = f"汕财教〔{cohort.year}〕9号（虚构）"
        amount = Decimal(_BUDGETS[cohort.year])
        move = budgeting.enter(teller.person("cityoffice"), cohort, amount, document=document, at=at)
        budgeting.decide(teller.person("finance"), move, sound=True, opinion="与指标文件一致", at=at)


def _name(teller: Teller) -> None:
    """Of 2021 nobody has confirmed one yet."""
    at = _at(teller, time(11, 10))
    for case in _payable():
        named = NamedAccount(case.applicant, _BANK, _NUMBER.format(case.id))
        row = payees.propose(teller.clerk(case.office.code), case, named, reason="对公账户，见开户许可", at=at)
        if case.cohort is not None and case.cohort.year == 2020:
            payees.decide(teller.person("finance"), row, sound=True, opinion="与开户许可一致", number=row.number, at=at)


def _collect(teller: Teller) -> None:
    at = _at(teller, time(11, 20))
    for cohort in _cohorts():
        ready = [case.id for case, _account in payable.ready(cohort)]
        if ready:
            batch = batches.collect(teller.person("finance"), cohort, ready, at=at, on=teller.day)
            batches.check(teller.person("cityoffice"), batch, opinion="与批准文件一致", at=at)


def _send(teller: Teller) -> None:
    at, finance = _at(teller, time(11, 30)), teller.person("finance")
    for batch in db.session.scalars(select(PaymentBatch).where(PaymentBatch.state == "checked")).unique().all():
        batches.send(finance, batch, day=teller.day, at=at, on=teller.day)


def _cohorts() -> list[CaseCohort]:
    rows = select(CaseCohort).where(CaseCohort.year.in_(_BUDGETS)).order_by(CaseCohort.year)
    return list(db.session.scalars(rows))


def _payable() -> list[Case]:
    return list(db.session.scalars(select(Case).where(states.payable()).order_by(Case.id)).unique())


def _at(teller: Teller, hour: time) -> datetime:
    """Times of their own, so that the story's other moments stay what they were."""
    return datetime.combine(teller.day, hour, SHANGHAI)
