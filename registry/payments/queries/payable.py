"""Cases that are approved or later, in a reader's reach, with the account their money goes to."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, false, select

from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.base.vocabulary import Role
from registry.cases.models import Case, CaseCohort
from registry.payments.models import BankLine, PayeeAccount, Payment, PaymentBatch
from registry.payments.queries import states
from registry.payments.rules.matching import Finding


def visible_to(actor: Actor) -> Select[Case]:
    """Of the whole city for who reads money, else of the clerk's own office; the latest year first."""
    found = select(Case).where(states.committed()).order_by(Case.cohort_id.desc(), Case.number)
    if can(actor, "payment.read"):
        return found
    return found.where(Case.office_id == actor.office_id if actor.holds(Role.CLERK) else false())


def one(actor: Actor, case_id: int) -> Select[Case]:
    return visible_to(actor).where(Case.id == case_id)


def ready(cohort: CaseCohort) -> list[tuple[Case, PayeeAccount]]:
    """Cases of the cohort that may be batched, each with its confirmed account, and none that waits to replace it."""
    rows = list(
        db.session.scalars(
            select(Case).where(states.payable(), Case.cohort_id == cohort.id, Case.amount > 0).order_by(Case.number)
        )
    )
    accounts, changing = standing(one.id for one in rows), waiting(one.id for one in rows)
    return [(one, accounts[one.id]) for one in rows if one.id in accounts and one.id not in changing]


def unready(cohort: CaseCohort) -> list[Case]:
    """Cases of the cohort that could be batched, had they an award and an account that is confirmed and stays."""
    rows = select(Case).where(states.payable(), Case.cohort_id == cohort.id).order_by(Case.number)
    able = {case.id for case, _account in ready(cohort)}
    return [row for row in db.session.scalars(rows) if row.id not in able]


def standing(case_ids: Iterable[int]) -> dict[int, PayeeAccount]:
    """The account of each case that was confirmed last."""
    wanted = PayeeAccount.case_id.in_(set(case_ids)), PayeeAccount.outcome == "confirmed"
    rows = db.session.scalars(select(PayeeAccount).where(*wanted).order_by(PayeeAccount.decided_at, PayeeAccount.id))
    return {row.case_id: row for row in rows}


def waiting(case_ids: Iterable[int]) -> dict[int, PayeeAccount]:
    """The account of each case that waits for a second person."""
    wanted = PayeeAccount.case_id.in_(set(case_ids)), PayeeAccount.outcome.is_(None)
    return {
        row.case_id: row for row in db.session.scalars(select(PayeeAccount).where(*wanted).order_by(PayeeAccount.id))
    }


def paid_though_cancelled(case_ids: Iterable[int]) -> dict[int, Payment]:
    """Payments that were called off and that the bank made all the same, by case, as long as no file has them back."""
    rows = db.session.execute(
        select(Payment, BankLine.finding)
        .join(BankLine, BankLine.payment_id == Payment.id)
        .where(Payment.case_id.in_(set(case_ids)), Payment.state == "cancelled")
        .where(BankLine.finding.in_((Finding.CANCELLED.value, Finding.RETURNED.value)))
        .order_by(BankLine.id)
    )
    last = {one[0]: one[1] for one in rows}
    return {payment.case_id: payment for payment, finding in last.items() if finding == Finding.CANCELLED}


def payees(case: Case) -> list[PayeeAccount]:
    """All that were proposed, the newest first."""
    rows = select(PayeeAccount).where(PayeeAccount.case_id == case.id).order_by(PayeeAccount.id.desc())
    return list(db.session.scalars(rows))


def payee(actor: Actor, payee_id: int) -> Select[PayeeAccount]:
    reach = visible_to(actor).with_only_columns(Case.id).order_by(None)
    return select(PayeeAccount).where(PayeeAccount.id == payee_id, PayeeAccount.case_id.in_(reach))


def payments(case: Case) -> list[Payment]:
    """The newest first."""
    rows = select(Payment).where(Payment.case_id == case.id).order_by(Payment.id.desc())
    return list(db.session.scalars(rows))


def held(case: Case) -> Payment | None:
    """The payment of the case that waits or is paid."""
    rows = select(Payment).where(Payment.case_id == case.id, Payment.state.in_(("waiting", "paid")))
    return db.session.scalars(rows.join(PaymentBatch).order_by(Payment.id)).one_or_none()


def is_shared(case: Case, number: str) -> bool:
    """Whether the account is also somebody else's."""
    other = (
        select(PayeeAccount.id)
        .join(Case, Case.id == PayeeAccount.case_id)
        .where(
            PayeeAccount.number == number,
            Case.applicant != case.applicant,
            PayeeAccount.outcome.is_distinct_from("refused"),
        )
    )
    return db.session.scalar(other.limit(1)) is not None
