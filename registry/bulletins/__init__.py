"""The quarterly bulletin (季度通报): text whose every number is a closed quarter's, confirmed, approved, issued once.

Owns bulletins, their wording and what is archived of them. What a quarter keeps for its bulletin is frozen with it
(`queries.kept`); numbers come from there and from the quarter's rows alone (`queries.numbers`).
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, Job, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages.bulletins", "pages.drafting", "pages.deciding", "pages.wording"),
    jobs={"print_bulletin": Job("jobs:print_bulletin", takes=(int,), long=True)},
    unfinished=("jobs:unprinted",),
    menu=(MenuEntry(Group.TARGETS, 60, N_("季度通报"), "bulletins.listing", "bulletin.read"),),
    sections={"bulletin_drafts": "bulletins", "bulletin_steps": "bulletins", "bulletin_wordings": "bulletins"},
    provides={
        "belongings": "queries.bulletins:BELONGINGS",
        "waiting": "queries.pending:WAITING",
        "beside_quarter": "queries.kept:beside",
        "file_sets": "services.files:file_sets",
    },
    adds={"permissions": "rules.rights:PERMISSIONS", "words": "rules.rights:WORDS"},
)
