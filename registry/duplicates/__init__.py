"""Duplicates (查重): suspected pairs, found and kept in step with both records, and what people say of them."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Due, Group, Job, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=(
        "pages.pairings",
        "pages.groups",
        "pages.verdicts",
        "pages.certificates",
    ),
    commands=("commands.duplicates",),
    bare_commands=("commands.matching",),
    jobs={
        "scan_pairs": Job("jobs:scan", long=True),
        "rekey_names": Job("jobs:rekey", due=Due.NIGHT, long=True),
        "draw_sample": Job("jobs:draw", takes=(int,), long=True),
    },
    unfinished=("jobs:unfinished",),
    menu=(MenuEntry(Group.DUPLICATES, 10, N_("疑似重复"), "pairings.queue", "pairing.list", "pairs"),),
    sections={"groups": "pairings", "verdicts": "pairings", "certificates": "pairings"},
    provides={"waiting": "queries.pending:WAITING"},
)
