"""Money of science-and-technology vouchers (科技创新券): budgets by year, batches, payments, reconciliation, samples.

Owns what is paid for a case and by which row; what a case is, and its steps, are those of `cases`. Whoever reports asks
`queries.totals.of(cohort, until)`; the engine asks `budget_left` before it approves.
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages.money", "pages.payees", "pages.batches", "pages.reconciling", "pages.samples"),
    provides={"waiting": "queries.pending:WAITING", "budget_left": "queries.budgets:left"},
    menu=(
        MenuEntry(Group.FUNDS, 10, N_("创新券资金"), "payments.overview", "payment.read"),
        MenuEntry(Group.CASES, 50, N_("待支付事项"), "payees.listing", "payment.cases"),
        MenuEntry(Group.FUNDS, 20, N_("付款批次"), "payment_batches.listing", "payment.read"),
        MenuEntry(Group.FUNDS, 30, N_("银行对账"), "reconciling.listing", "payment.read"),
        MenuEntry(Group.FUNDS, 40, N_("支付后抽查"), "samples.listing", "payment.read"),
    ),
    adds={"permissions": "rules.rights:PERMISSIONS", "words": "rules.rights:WORDS"},
)
