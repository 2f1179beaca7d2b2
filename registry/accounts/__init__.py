"""Accounts and acts on them that need two people: one administrator asks, another confirms."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Due, Group, Job, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=(
        "pages.own_account",
        "pages.users",
        "pages.approvals",
    ),
    commands=("commands",),
    jobs={
        "expire_approvals": Job("jobs:expire", due=Due.HOUR),
    },
    provides={"waiting": "queries.pending:WAITING"},
    menu=(
        MenuEntry(Group.ACCOUNTS, 10, N_("用户与角色"), "users.listing", "user.list"),
        MenuEntry(Group.ACCOUNTS, 20, N_("账号申请"), "approvals.listing", "approval.list", "approvals"),
    ),
)
