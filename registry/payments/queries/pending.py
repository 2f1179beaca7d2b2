"""What of money waits: accounts to name and to confirm, budgets and batches to check, to send, to reconcile; samples;
what is demanded back.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload

from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.pending import Pending, Task, first_of
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.cases.models import Case
from registry.payments.models import BankFile, BudgetMove, ClawBack, PayeeAccount, Payment, PaymentBatch, SampleItem
from registry.payments.queries import asked, batches, payable, states
from registry.trail.models import TrailEntry

_NAMES = Role.FINANCE, Role.CLERK


def to_name(actor: Actor) -> Select[Case] | None:
    """Cases that may be paid and have no account yet, confirmed or waiting: for their own office, and for finance."""
    if not actor.holds(*_NAMES):
        return None
    named = exists().where(PayeeAccount.case_id == Case.id, PayeeAccount.outcome.is_distinct_from("refused"))
    return payable.visible_to(actor).where(states.payable(), ~named)


def to_confirm(actor: Actor) -> Select[PayeeAccount] | None:
    """Accounts that another person named."""
    if not actor.holds(*_NAMES):
        return None
    reach = payable.visible_to(actor).with_only_columns(Case.id).order_by(None)
    waits = PayeeAccount.outcome.is_(None), PayeeAccount.case_id.in_(reach), PayeeAccount.by_id != (actor.user_id or -1)
    return select(PayeeAccount).where(*waits).order_by(PayeeAccount.id)


def budgets_to_check(actor: Actor) -> Select[BudgetMove] | None:
    """What another person entered; of a carry-over both rows."""
    if not actor.holds(Role.CITY_OFFICE, Role.FINANCE):
        return None
    others = BudgetMove.by_id != (actor.user_id or -1)
    return select(BudgetMove).where(BudgetMove.outcome.is_(None), others).order_by(BudgetMove.id)


def batches_to_check(actor: Actor) -> Select[PaymentBatch] | None:
    if not actor.holds(Role.CITY_OFFICE, Role.FINANCE):
        return None
    others = PaymentBatch.by_id != (actor.user_id or -1)
    return batches.visible_to(actor).where(PaymentBatch.state == "open", others)


def batches_to_send(actor: Actor) -> Select[PaymentBatch] | None:
    return batches.visible_to(actor).where(PaymentBatch.state == "checked") if actor.holds(Role.FINANCE) else None


def batches_to_settle(actor: Actor) -> Select[PaymentBatch] | None:
    """At the bank: its file is still to come, or its result to be entered."""
    return batches.visible_to(actor).where(PaymentBatch.state == "sent") if actor.holds(Role.FINANCE) else None


def files_to_confirm(actor: Actor) -> Select[BankFile] | None:
    return batches.files(actor).where(BankFile.state == "waiting") if actor.holds(Role.FINANCE) else None


def samples_to_record(actor: Actor) -> Select[SampleItem] | None:
    """The city office records them; finance sees how many are open on its own page of samples."""
    if not actor.holds(Role.CITY_OFFICE, Role.FINANCE):
        return None
    return select(SampleItem).where(SampleItem.outcome.is_(None)).order_by(SampleItem.id)


def demands_to_confirm(actor: Actor) -> Select[Payment] | None:
    """Paid payments of which somebody entered that they be demanded back; it counts once another person checked it."""
    if not actor.holds(Role.FINANCE):
        return None
    entered = exists().where(
        TrailEntry.subject_kind == Payment.__tablename__, TrailEntry.subject_id == Payment.id,
        TrailEntry.verb == asked.CLAW_BACK,
    )  # fmt: skip
    demanded = exists().where(ClawBack.payment_id == Payment.id)
    return select(Payment).where(Payment.state == "paid", entered, ~demanded).order_by(Payment.id)


def demands_open(actor: Actor) -> int | None:
    """Demands of which money has not come in; what came in stands on the trail."""
    return len(owing()) if actor.holds(Role.FINANCE) else None


def owing() -> list[tuple[ClawBack, Decimal]]:
    """The demands with what is still owed, the earliest day first."""
    rows = db.session.scalars(select(ClawBack).order_by(ClawBack.due_on, ClawBack.id)).unique()
    found = ((row, asked.owed(row)) for row in rows)
    return [(row, owed) for row, owed in found if owed > 0]


def _number(rows: Callable[[Actor], Select[Any] | None]) -> Callable[[Actor], int | None]:
    """Which states mean that money is due is read from the kinds first: not for every page, but on home."""

    def found(actor: Actor) -> int | None:
        statement = rows(actor)
        if statement is None:
            return None
        return db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0

    return found


def _to_name(actor: Actor, limit: int) -> list[Task]:
    return [
        Task(
            "payee_name", row.applicant, row.id, row.number, None, label=N_("登记收款账户"), endpoint="payees.propose",
            values={"payable_id": row.id},
        )
        for row in first_of(to_name(actor), limit)
    ]  # fmt: skip


def _to_confirm(actor: Actor, limit: int) -> list[Task]:
    return [
        Task(
            "payee_confirm", row.case.applicant, row.id, row.case.number, row.at, label=N_("确认收款账户"),
            endpoint="payees.show", values={"payable_id": row.case_id},
        )
        for row in first_of(to_confirm(actor), limit)
    ]  # fmt: skip


def _budgets(actor: Actor, limit: int) -> list[Task]:
    return [
        Task(
            "budget_check", row.document, row.id, row.by_name, row.at, label=N_("复核预算登记"),
            endpoint="payments.move", values={"move_id": row.id},
        )
        for row in first_of(budgets_to_check(actor), limit)
    ]  # fmt: skip


def _check(actor: Actor, limit: int) -> list[Task]:
    return _batches("batch_check", N_("复核付款批次"), first_of(batches_to_check(actor), limit))


def _send(actor: Actor, limit: int) -> list[Task]:
    return _batches("batch_send", N_("付款批次送银行"), first_of(batches_to_send(actor), limit))


def _settle(actor: Actor, limit: int) -> list[Task]:
    return _batches("batch_settle", N_("上传银行文件或登记结果"), first_of(batches_to_settle(actor), limit))


def _batches(kind: str, label: str, rows: list[PaymentBatch]) -> list[Task]:
    return [
        Task(
            kind, row.number, row.id, row.by_name, row.at, label=label, endpoint="payment_batches.show",
            values={"payment_batch_id": row.id},
        )
        for row in rows
    ]  # fmt: skip


def _files(actor: Actor, limit: int) -> list[Task]:
    return [
        Task(
            "bank_file", row.filename, row.id, row.by_name, row.at, label=N_("确认对账"), endpoint="reconciling.show",
            values={"bank_file_id": row.id},
        )
        for row in first_of(files_to_confirm(actor), limit)
    ]  # fmt: skip


def _samples(actor: Actor, limit: int) -> list[Task]:
    statement = samples_to_record(actor)
    together = joinedload(SampleItem.case)
    return [
        Task(
            "sample", row.case.applicant, row.id, row.case.number, None, label=N_("登记抽查结果"),
            endpoint="samples.show", values={"sample_id": row.sample_id},
        )
        for row in first_of(statement.options(together) if statement is not None else None, limit)
    ]  # fmt: skip


def _demands(actor: Actor, limit: int) -> list[Task]:
    return [
        Task(
            "demand", row.case.applicant, row.id, row.case.number, None, label=N_("复核追回决定"),
            endpoint="payment_batches.claw_back", values={"payment_id": row.id},
        )
        for row in first_of(demands_to_confirm(actor), limit)
    ]  # fmt: skip


def _owing(actor: Actor, limit: int) -> list[Task]:
    if not actor.holds(Role.FINANCE):
        return []
    return [
        Task(
            "demand_open", row.number, row.id, row.by_name, row.at, due_on=row.due_on, label=N_("登记追缴到账"),
            endpoint="payment_batches.demand", values={"clawback_id": row.id},
        )
        for row, _owed in owing()[:limit]
    ]  # fmt: skip


WAITING = (
    Pending("payee_name", N_("待登记收款账户的事项"), "", found=_number(to_name), tasks=_to_name, is_task=False),
    Pending("payee_confirm", N_("收款账户待确认"), "", found=_number(to_confirm), tasks=_to_confirm, is_task=False),
    Pending("budget_check", N_("预算登记待复核"), "", budgets_to_check, tasks=_budgets),
    Pending("batch_check", N_("付款批次待复核"), "", batches_to_check, tasks=_check),
    Pending("batch_send", N_("付款批次待送银行"), "", batches_to_send, tasks=_send),
    Pending("batch_settle", N_("已送银行，待登记结果"), "", batches_to_settle, tasks=_settle),
    Pending("bank_file", N_("银行文件待对账"), "", files_to_confirm, tasks=_files),
    Pending("sample", N_("支付后抽查待登记"), "", samples_to_record, tasks=_samples, is_task=False),
    Pending("demand", N_("追回决定待复核"), "", demands_to_confirm, tasks=_demands),
    Pending("demand_open", N_("追缴未到账"), "", found=demands_open, tasks=_owing, is_task=False),
)
