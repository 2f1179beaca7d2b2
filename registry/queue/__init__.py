"""Background jobs: the queue in the database, its lanes, its workers, and the page that shows them.

Features declare their jobs; others put one with `base.extensions.queue`."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages",),
    commands=(
        "commands.jobs",
        "commands.working",
    ),
    provides={"waiting": "queries:WAITING"},
    menu=(MenuEntry(Group.SYSTEM, 30, N_("后台任务"), "jobs.listing", "job.list"),),
)
