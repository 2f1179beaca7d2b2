"""Nudges (催办): an office asks another to act, at most once a working day; the system asks where a term is over."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Due, Group, Job, MenuEntry, Parts

PARTS = Parts(
    pages=("pages",),
    menu=(MenuEntry(Group.DESK, 25, N_("等待其他单位"), "nudges.listing", "nudge.list"),),
    commands=("commands",),
    jobs={
        "nudge_overdue": Job("jobs:overdue", due=Due.HOUR),
    },
)
