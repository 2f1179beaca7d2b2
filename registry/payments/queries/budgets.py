"""What a cohort may spend, has promised and has paid: sums of rows, to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.models import Case, CaseCohort, CaseKind
from registry.payments.models import BudgetMove, Payment, PaymentBatch
from registry.payments.queries import states

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class CohortStanding:
    """Yuan. `budget`: checked moves; `entered`: those that wait; `committed`: approved cases; `waiting`: in batches."""

    cohort: CaseCohort
    budget: Decimal
    entered: Decimal
    committed: Decimal
    waiting: Decimal
    paid: Decimal
    cases: int
    payments: int

    @property
    def left(self) -> Decimal:
        return self.budget - self.committed


def cohorts() -> Select[CaseCohort]:
    """Those with cases or money of kinds that are paid; the latest year first."""
    groups = [row.kind_id for row in states.every()]
    found = select(Case.cohort_id).where(Case.kind_id.in_(groups)).union(select(BudgetMove.cohort_id))
    rows = select(CaseCohort).where(CaseCohort.id.in_(found) | CaseCohort.group.in_(paid_groups()))
    return rows.order_by(CaseCohort.year.desc(), CaseCohort.id)


def paid_groups() -> list[str]:
    """Groups that have a kind whose cases are paid."""
    ids = [row.kind_id for row in states.every()]
    return list(
        db.session.scalars(select(CaseKind.group).where(CaseKind.id.in_(ids)).distinct().order_by(CaseKind.group))
    )


def one(actor: Actor, cohort_id: int) -> Select[CaseCohort]:
    found = cohorts().where(CaseCohort.id == cohort_id)
    return found if can(actor, "payment.read") else found.where(CaseCohort.id == -1)


def left(cohort: CaseCohort) -> Decimal:
    """What the budget has beyond the awards of approved cases, in yuan; below 0 where it is overdrawn."""
    return budget(cohort) - committed(cohort)


def budget(cohort: CaseCohort) -> Decimal:
    return sum((signed(move) for move in moves(cohort) if move.outcome == "checked"), NOTHING)


def committed(cohort: CaseCohort) -> Decimal:
    return _sum(select(func.sum(Case.amount)).where(Case.cohort_id == cohort.id, states.committed()))


def used(cohort: CaseCohort) -> Decimal:
    """What was paid or waits in a batch."""
    return _sum(_payments(cohort, "waiting", "paid"))


def moves(cohort: CaseCohort) -> Sequence[BudgetMove]:
    return db.session.scalars(select(BudgetMove).where(BudgetMove.cohort_id == cohort.id).order_by(BudgetMove.id)).all()


def move(actor: Actor, move_id: int) -> Select[BudgetMove]:
    found = select(BudgetMove).where(BudgetMove.id == move_id)
    return found if can(actor, "payment.read") else found.where(BudgetMove.id == -1)


def partner(row: BudgetMove) -> BudgetMove | None:
    """The other row of a carry-over."""
    if row.out_id is not None:
        return row.taken
    return db.session.scalars(select(BudgetMove).where(BudgetMove.out_id == row.id)).unique().one_or_none()


def signed(row: BudgetMove) -> Decimal:
    return -row.amount if row.kind == "carry_out" else row.amount


def standing(cohort: CaseCohort) -> CohortStanding:
    rows = moves(cohort)
    approved = select(func.count(Case.id)).where(Case.cohort_id == cohort.id, states.committed())
    number = (
        select(func.count(Payment.id))
        .join(PaymentBatch)
        .where(PaymentBatch.cohort_id == cohort.id, Payment.state == "paid")
    )
    return CohortStanding(
        cohort, budget(cohort), sum((signed(one) for one in rows if one.outcome is None), NOTHING), committed(cohort),
        _sum(_payments(cohort, "waiting")), _sum(_payments(cohort, "paid")), db.session.scalar(approved) or 0,
        db.session.scalar(number) or 0,
    )  # fmt: skip


def by_state(cohort: CaseCohort) -> list[tuple[str, int, Decimal]]:
    """Name of a state, how many cases of the cohort are in it, and their awards; in the order of the kinds' states."""
    ids = [row.kind_id for row in states.every()]
    found = db.session.execute(
        select(Case.kind_id, Case.state, func.count(Case.id), func.sum(Case.amount))
        .where(Case.cohort_id == cohort.id, Case.kind_id.in_(ids))
        .group_by(Case.kind_id, Case.state)
        .order_by(Case.kind_id)
    ).all()
    order: dict[str, list[Any]] = {}
    for kind in db.session.scalars(
        select(CaseKind).where(CaseKind.id.in_({row[0] for row in found})).order_by(CaseKind.id)
    ):
        for state in kind.kind.states:
            told = order.setdefault(state.name, [0, NOTHING])
            for row in found:
                if row[:2] == (kind.id, state.code):
                    told[0] += row[2]
                    told[1] += row[3] or NOTHING
    return [(name, count, amount) for name, (count, amount) in order.items() if count]


def _payments(cohort: CaseCohort, *wanted: str) -> Select[Any]:
    summed = select(func.sum(Payment.amount)).join(PaymentBatch, PaymentBatch.id == Payment.batch_id)
    return summed.where(PaymentBatch.cohort_id == cohort.id, Payment.state.in_(wanted))


def _sum(statement: Select[Any]) -> Decimal:
    return db.session.scalar(statement) or NOTHING
