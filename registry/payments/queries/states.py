"""Which states of which kinds mean that money is due, or was promised: kinds are data, and so are their states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, select

from registry.base.extensions import db, once
from registry.cases.models import Case, CaseKind
from registry.cases.rules.kinds import Outcome
from registry.payments.rules.states import of_kind


@dataclass(frozen=True)
class MoneyStates:
    """Of one edition: in which states a case may be batched, and in which its award counts against the budget."""

    kind_id: int
    payable: frozenset[str]
    committed: frozenset[str]


def every() -> list[MoneyStates]:
    """Editions whose cases are paid, in their order."""
    return once("money_states", _every)


def _every() -> list[MoneyStates]:
    rows = db.session.scalars(select(CaseKind).where(CaseKind.state != "draft").order_by(CaseKind.id))
    paid = [row for row in rows if row.definition.get("outcome") == Outcome.PAYMENT]
    return [MoneyStates(row.id, *of_kind(row.kind)) for row in paid]


def is_payable(case: Case) -> bool:
    return case.state in of_kind(case.kind)[0]


def is_committed(case: Case) -> bool:
    return case.state in of_kind(case.kind)[1]


def payable() -> ColumnElement[bool]:
    """A condition on `Case`: it may be batched."""
    return _where(lambda one: one.payable)


def committed() -> ColumnElement[bool]:
    """A condition on `Case`: its award counts against the budget; it is approved, or later."""
    return _where(lambda one: one.committed)


def _where(states: Callable[[MoneyStates], frozenset[str]]) -> ColumnElement[bool]:
    return or_(false(), *(and_(Case.kind_id == one.kind_id, Case.state.in_(sorted(states(one)))) for one in every()))
