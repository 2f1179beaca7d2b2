"""The ledger (台账): the firms of a filter on screen, on paper and as a file, today or on a past day; saved views."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages.ledger", "pages.kept", "pages.ticked"),
    commands=("commands",),
    menu=(MenuEntry(Group.DIRECTORY, 10, N_("名录库"), "ledger.listing", "firm.list"),),
    sections={"ledger_kept.listing": "ledger.listing"},
    provides={"belongings": "queries.views:BELONGINGS"},
    adds={"permissions": "rules:PERMISSIONS", "words": "rules:WORDS"},
)
