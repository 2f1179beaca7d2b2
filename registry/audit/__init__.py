"""Looking at the trail: who did what, searched, verified and exported; and what one act changed, in words.

Each hour its end is noted outside the database, each night every row is held against its seal.
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Due, Group, Job, MenuEntry, Parts

PARTS = Parts(
    pages=("pages",),
    commands=("commands",),
    jobs={"anchor": Job("jobs:anchor", due=Due.HOUR), "recount": Job("jobs:recount", long=True, due=Due.NIGHT)},
    provides={"health": "views.health:health"},
    menu=(MenuEntry(Group.DESK, 40, N_("操作留痕"), "trail.listing", "trail.read"),),
)
