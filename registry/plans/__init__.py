"""The city's plans: targets that count rows, measures with the offices that answer for them, dated versions.

Owns plans, splits of targets by document, and the dated marks of high-technology service firms. Whoever reports on a
plan asks `queries.standing.standing(plan, as_of)`: each number there is the length of its rows.
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=(
        "pages.plans",
        "pages.drafts",
        "pages.marks",
        "pages.overview",
        "pages.tasks",
        "pages.milestones",
        "pages.supervision",
    ),
    provides={
        "waiting": "queries.pending:WAITING",
        "belongings": "queries.tasks:BELONGINGS",
        "file_sets": "services.files:file_sets",
    },
    menu=(
        MenuEntry(Group.TARGETS, 10, N_("目标一览"), "overview.show", "plan.read"),
        MenuEntry(Group.TARGETS, 20, N_("工作方案"), "plans.listing", "plan.read"),
        MenuEntry(Group.TARGETS, 30, N_("督办"), "supervision.show", "plan.watch"),
    ),
    sections={"tasks": "plans", "milestones": "plans", "plan_drafts": "plans", "marks": "plans"},
    adds={
        "permissions": "rules.rights:PERMISSIONS",
        "words": "rules.rights:WORDS",
        "coverage": "rules.rights:COVERAGE",
    },
)
