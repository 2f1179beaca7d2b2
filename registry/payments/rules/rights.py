"""Who keeps the budget, names accounts, pays, reconciles and verifies, and what that is called."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.payments.rules.states import is_promised
from registry.trail.texts import Words

_READERS = (Role.FINANCE, Role.CITY_OFFICE, Role.LEADER, Role.AUDITOR)


def _reads(actor: Actor, _: Any) -> bool:
    return actor.holds(*_READERS)


def _lists(actor: Actor, _: Any) -> bool:
    """A clerk sees the cases of its office, to name their accounts."""
    return actor.holds(*_READERS, Role.CLERK)


def _reads_payee(actor: Actor, case: Any) -> bool:
    """As `queries.payable.visible_to`: nothing before the award was decided."""
    if not is_promised(case.kind, case.state):
        return False
    return actor.holds(*_READERS) or _is_of_office(actor, case)


def _is_of_office(actor: Actor, case: Any) -> bool:
    return actor.holds(Role.CLERK) and actor.office_id == case.office_id


def _proposes_payee(actor: Actor, case: Any) -> bool:
    return actor.holds(Role.FINANCE) or _is_of_office(actor, case)


def _confirms_payee(actor: Actor, payee: Any) -> bool:
    """Another person than the one who proposed it."""
    return payee.outcome is None and _proposes_payee(actor, payee.case) and actor.user_id != payee.by_id


def _checks_move(actor: Actor, move: Any) -> bool:
    checks = actor.holds(Role.CITY_OFFICE, Role.FINANCE)
    return checks and move.outcome is None and actor.user_id != move.by_id


def _checks_batch(actor: Actor, batch: Any) -> bool:
    """Another officer of the finance bureau; the city office stands in where it has only one."""
    return actor.holds(Role.FINANCE, Role.CITY_OFFICE) and batch.state == "open" and actor.user_id != batch.by_id


def _pays(actor: Actor, _: Any) -> bool:
    return actor.holds(Role.FINANCE)


def _verifies(actor: Actor, _: Any) -> bool:
    return actor.holds(Role.CITY_OFFICE)


PERMISSIONS = {
    "payment.read": _reads,
    "payment.cases": _lists,
    "payment.export": _reads,
    "payment.make": _pays,
    "payment.check": _checks_batch,
    "payment.act": lambda actor, _batch: actor.holds(Role.FINANCE),
    "payment.reveal": lambda actor, batch: batch.state in ("checked", "sent") and actor.holds(Role.FINANCE),
    "payment.settle": lambda actor, payment: payment.state in ("waiting", "paid") and actor.holds(Role.FINANCE),
    "payment.claw_back": lambda actor, payment: payment.state == "paid" and actor.holds(Role.FINANCE),
    "payment.reconcile": lambda actor, file: file.state == "waiting" and actor.holds(Role.FINANCE),
    "budget.move": _verifies,
    "budget.check": _checks_move,
    "payee.read": _reads_payee,
    "payee.propose": _proposes_payee,
    "payee.confirm": _confirms_payee,
    "sample.draw": _verifies,
    "sample.record": lambda actor, item: actor.holds(Role.CITY_OFFICE) and item.outcome is None,
}
WORDS = Words(
    verbs={
        "enter_budget": N_("登记预算"),
        "carry_budget": N_("登记预算结转"),
        "check_budget": N_("复核预算"),
        "refuse_budget": N_("不予认可预算登记"),
        "propose_payee": N_("登记收款账户"),
        "confirm_payee": N_("确认收款账户"),
        "refuse_payee": N_("不予认可收款账户"),
        "collect_batch": N_("编制付款批次"),
        "check_batch": N_("复核付款批次"),
        "send_batch": N_("付款批次送银行"),
        "pay_batch": N_("登记批次已支付"),
        "cancel_batch": N_("撤销付款批次"),
        "ask_cancel_batch": N_("申请撤销已送银行的批次"),
        "reveal_accounts": N_("导出含完整账号的付款清单"),
        "settle_payment": N_("人工登记付款结果"),
        "ask_bank_return": N_("申请登记银行退回"),
        "return_payment": N_("银行退回付款"),
        "ask_claw_back": N_("登记追回决定"),
        "claw_back": N_("复核追回决定"),
        "receive_claw_back": N_("登记追缴到账"),
        "read_bank_file": N_("上传银行文件"),
        "reconcile_file": N_("确认对账"),
        "drop_bank_file": N_("放弃银行文件"),
        "draw_payment_sample": N_("抽取核查样本"),
        "record_payment_sample": N_("登记核查结果"),
    },
    subjects={
        "budget_move": N_("预算登记"),
        "payee_account": N_("收款账户"),
        "payment_batch": N_("付款批次"),
        "case_payment": N_("付款"),
        "bank_file": N_("银行文件"),
        "claw_back": N_("追回"),
        "payment_sample": N_("核查样本"),
        "sample_item": N_("核查事项"),
    },
    fields={
        ("budget_move", "kind"): N_("类别"),
        ("budget_move", "amount"): N_("金额"),
        ("budget_move", "cohort"): N_("年度"),
        ("budget_move", "into"): N_("转入年度"),
        ("payee_account", "case"): N_("卷号"),
        ("payee_account", "holder"): N_("户名"),
        ("payee_account", "bank"): N_("开户银行"),
        ("payee_account", "account"): N_("账号（末四位）"),
        ("payee_account", "doubts"): N_("疑点"),
        ("payment_batch", "cohort"): N_("年度"),
        ("payment_batch", "count"): N_("笔数"),
        ("payment_batch", "total"): N_("合计"),
        ("payment_batch", "state"): N_("状态"),
        ("payment_batch", "day"): N_("日期"),
        ("payment_batch", "sha256"): N_("文件摘要"),
        ("payment_batch", "voucher"): N_("凭证号"),
        ("case_payment", "state"): N_("状态"),
        ("case_payment", "day"): N_("日期"),
        ("case_payment", "voucher"): N_("凭证号"),
        ("case_payment", "document"): N_("追回决定"),
        ("case_payment", "on"): N_("决定日期"),
        ("case_payment", "due_on"): N_("缴还期限"),
        ("bank_file", "batch"): N_("批次"),
        ("bank_file", "sha256"): N_("文件摘要"),
        ("bank_file", "totals"): N_("合计"),
        ("claw_back", "payment"): N_("付款"),
        ("claw_back", "amount"): N_("本金"),
        ("claw_back", "day"): N_("到账日期"),
        ("claw_back", "voucher"): N_("凭证号"),
        ("claw_back", "interest"): N_("利息"),
        ("claw_back", "due_on"): N_("缴还期限"),
        ("payment_sample", "cohort"): N_("年度"),
        ("payment_sample", "count"): N_("件数"),
        ("payment_sample", "population"): N_("总件数"),
        ("sample_item", "outcome"): N_("结果"),
        ("sample_item", "day"): N_("核查日期"),
    },
    permissions={
        "payment.read": N_("查看资金"),
        "payment.cases": N_("查看待支付事项"),
        "payment.export": N_("导出资金清单"),
        "payment.make": N_("编制付款批次"),
        "payment.check": N_("复核付款批次"),
        "payment.act": N_("办理付款批次"),
        "payment.reveal": N_("导出含完整账号的付款清单"),
        "payment.settle": N_("人工登记付款结果"),
        "payment.claw_back": N_("追回款项"),
        "payment.reconcile": N_("确认对账"),
        "budget.move": N_("登记预算"),
        "budget.check": N_("复核预算"),
        "payee.read": N_("查看收款账户"),
        "payee.propose": N_("登记收款账户"),
        "payee.confirm": N_("确认收款账户"),
        "sample.draw": N_("抽取核查样本"),
        "sample.record": N_("登记核查结果"),
    },
)
