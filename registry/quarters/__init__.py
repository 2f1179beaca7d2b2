"""Quarters: the directory of a day, its changes, closing and freezing it, comparing two, and the book to sign."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Due, Group, Job, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=(
        "pages.quarters",
        "pages.closing",
        "pages.certifying",
        "pages.rows",
    ),
    commands=("commands",),
    jobs={
        "draw_quarters": Job("jobs:draw_quarters", long=True, due=Due.MINUTE),
    },
    menu=(MenuEntry(Group.TARGETS, 50, N_("季度名录"), "quarters.listing", "quarter.read"),),
    sections={"closing": "quarters", "certifying": "quarters", "quarter_rows": "quarters"},
    adds={"permissions": "rules.certificates:PERMISSIONS", "words": "rules.certificates:WORDS"},
    provides={"waiting": "queries.pending:WAITING"},
)
