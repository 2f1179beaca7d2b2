"""Notices (消息) and letters: offices are told what concerns them, in the transaction of what happened."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Due, Group, Job, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=(
        "pages.notices",
        "pages.mailing",
    ),
    jobs={
        "send_letters": Job("jobs:send", due=Due.MINUTE),
    },
    menu=(MenuEntry(Group.DESK, 20, N_("消息"), "notices.listing", "inbox", "notices"),),
    provides={"waiting": "queries.pending:WAITING", "belongings": "queries.received:BELONGINGS"},
)
