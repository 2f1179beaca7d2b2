"""Imports (导入): a table is read, sorted into five kinds, shown, applied in turns behind one switch, taken back."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, Job, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages",),
    commands=(
        "commands.imports",
        "commands.batches",
    ),
    jobs={
        "find_pairs": Job("jobs:find_pairs", (int,), place="jobs:place"),
        "check_batch": Job("jobs:check", (int,), place="jobs:place", ends="jobs:refuse"),
        "apply_batch": Job("jobs:apply", (int,), place="jobs:place", ends="jobs:send_back"),
        "undo_batch": Job("jobs:undo", (int,), place="jobs:place", ends="jobs:send_back"),
    },
    unfinished=("jobs:unfinished",),
    menu=(MenuEntry(Group.NOMINATIONS, 40, N_("导入"), "imports.listing", "import.list"),),
    provides={"waiting": "queries:WAITING", "belongings": "queries:BELONGINGS"},
)
