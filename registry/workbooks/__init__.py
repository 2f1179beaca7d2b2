"""The workbook round trip: an office takes its workbook, with room for new firms, and brings it back filled in."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, Job, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages",),
    jobs={
        "compare_workbook": Job("jobs:compare", (int,), place="jobs:place", ends="jobs:refuse"),
        "apply_workbook": Job("jobs:apply", (int,), place="jobs:place", ends="jobs:send_back"),
    },
    unfinished=("jobs:unfinished",),
    adds={"words": "rules:WORDS"},
    menu=(MenuEntry(Group.NOMINATIONS, 50, N_("离线填报"), "workbooks.listing", "workbook.list"),),
    provides={"waiting": "queries:WAITING", "belongings": "queries:BELONGINGS"},
)
