"""Visits (走访): who was at a firm, on which day, and what was heard there.

Owns the table of visits.
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages",),
    menu=(MenuEntry(Group.DIRECTORY, 80, N_("走访"), "visits.listing", "visit.list"),),
    adds={"permissions": "rules:PERMISSIONS", "words": "rules:WORDS", "coverage": "rules:COVERAGE"},
)
