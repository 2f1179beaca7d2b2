"""The path toward four-above: stages and steps, guards, a firm's position and standing, and how it was on a past day.

`services.pathway` is the only writer of a stage.
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=(
        "pages.unproven",
        "pages.exits",
    ),
    commands=("commands",),
    provides={"waiting": "queries.pending:WAITING", "renewed": "services.standing:refresh"},
    menu=(MenuEntry(Group.DIRECTORY, 70, N_("出库与退库"), "exits.listing", "exit.list"),),
    sections={"unproven": "ledger"},
)
