"""A budget is entered from its document, carried over by a decision, and counts once a second person checked it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.models import CaseCohort
from registry.payments.models import BudgetMove
from registry.payments.queries import budgets
from registry.payments.rules.amounts import FEN
from registry.payments.services import holding
from registry.payments.texts import BUDGET_ERRORS
from registry.trail.services import trail


def enter(actor: Actor, cohort: CaseCohort, amount: Decimal, *, document: str, at: datetime) -> BudgetMove:
    """What the document gives in yuan; below 0 what it takes back. Raises NotAllowed, FieldError."""
    _refuse_unsound(actor, amount, document)
    holding.hold_cohort(cohort)
    _refuse_cut(cohort, amount)
    row = _row(actor, cohort, "grant", amount, document, at)
    db.session.flush()
    after = {"kind": "grant", "amount": amount, "cohort": cohort.name}
    trail.record(actor, "enter_budget", row, at=at, after=after, source=row.document)
    return row


def carry(
    actor: Actor, cohort: CaseCohort, into: CaseCohort, amount: Decimal, *, document: str, at: datetime
) -> BudgetMove:
    """What is left of a year goes to a later one: both rows, by one decision. Raises NotAllowed, FieldError."""
    _refuse_unsound(actor, amount, document)
    if into.group != cohort.group:
        raise FieldError("into", BUDGET_ERRORS["same"])
    if into.year <= cohort.year:
        raise FieldError("into", BUDGET_ERRORS["later"])
    for one in sorted((cohort, into), key=lambda one: one.id):
        holding.hold_cohort(one)
    _refuse_more_than_left(cohort, amount)
    out = _row(actor, cohort, "carry_out", amount, document, at)
    db.session.flush()
    _row(actor, into, "carry_in", amount, document, at, out_id=out.id)
    db.session.flush()
    after = {"kind": "carry_out", "amount": amount, "cohort": cohort.name, "into": into.name}
    trail.record(actor, "carry_budget", out, at=at, after=after, source=out.document)
    return out


def decide(actor: Actor, move: BudgetMove, *, sound: bool, opinion: str, at: datetime) -> None:
    """By a second person; of a carry-over both rows at once. Raises NotAllowed, RegistryError, FieldError."""
    holding.hold_cohort(move.cohort)
    db.session.refresh(move)
    if move.outcome is not None:
        raise RegistryError(BUDGET_ERRORS["settled"])
    if not can(actor, "budget.check", move):
        raise NotAllowed
    if not opinion.strip():
        raise FieldError("opinion", BUDGET_ERRORS["opinion"])
    rows = [row for row in (move, budgets.partner(move)) if row is not None]
    if sound:
        for row in rows:
            _refuse_unchecked(row)
    for row in rows:
        row.outcome, row.opinion = "checked" if sound else "refused", opinion.strip()
        row.decided_by_id, row.decided_by_name, row.decided_at = actor.user_id, actor.name, at
    db.session.flush()
    trail.record(actor, "check_budget" if sound else "refuse_budget", move, at=at, reason=opinion.strip())


def _refuse_unchecked(row: BudgetMove) -> None:
    """What was so when it was entered must be so still."""
    if row.kind == "carry_out":
        _refuse_more_than_left(row.cohort, row.amount)
    elif row.kind == "grant":
        _refuse_cut(row.cohort, row.amount)


def _refuse_cut(cohort: CaseCohort, amount: Decimal) -> None:
    budget, committed = budgets.budget(cohort), max(budgets.committed(cohort), budgets.used(cohort))
    if amount < 0 and budget + amount < committed:
        raise FieldError("amount", BUDGET_ERRORS["cut"], budget=f"{budget:,}", committed=f"{committed:,}")


def _refuse_more_than_left(cohort: CaseCohort, amount: Decimal) -> None:
    left = budgets.left(cohort)
    if amount > left:
        raise FieldError("amount", BUDGET_ERRORS["left"], left=f"{left:,}", amount=f"{amount:,}")


def _refuse_unsound(actor: Actor, amount: Decimal, document: str) -> None:
    if actor.user_id is None or not can(actor, "budget.move"):
        raise NotAllowed
    if not amount:
        raise FieldError("amount", BUDGET_ERRORS["zero"])
    if amount != amount.quantize(FEN):
        raise FieldError("amount", BUDGET_ERRORS["fen"])
    if not document.strip():
        raise FieldError("document", BUDGET_ERRORS["document"])


def _row(
    actor: Actor, cohort: CaseCohort, kind: str, amount: Decimal, document: str, at: datetime, out_id: int | None = None
) -> BudgetMove:
    row = BudgetMove(
        cohort=cohort, kind=kind, amount=amount, document=document.strip(), out_id=out_id, by_id=actor.user_id,
        by_name=actor.name, at=at,
    )  # fmt: skip
    db.session.add(row)
    return row
