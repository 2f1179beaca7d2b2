"""Nudges (催办): an office asks another to act, at most once a working day; the system asks where a term is over."""

from __future__ import annotations

from registry.base.parts import Due, Job, Parts

PARTS = Parts(
    pages=("pages",),
    commands=("commands",),
    jobs={
        "nudge_overdue": Job("jobs:overdue", due=Due.HOUR),
    },
)
