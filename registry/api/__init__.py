"""The read API `/api/v1`: what an office may read, for programs of other systems, by tokens of that office.

Owns the tokens, the counts of their use and the description. A feature above adds resources of its own with
`pages.answering.answers`: one without a scope is open to all.
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Due, Group, Job, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages.resources", "pages.tokens", "pages.guide"),
    jobs={"sum_up_api_use": Job("jobs:sum_up", due=Due.HOUR)},
    menu=(MenuEntry(Group.SYSTEM, 10, N_("接口令牌"), "api_tokens.listing", "token.list", "tokens"),),
    sections={"api_guide": "api_tokens"},
    provides={"error_answers": "views.problems:of_path", "waiting": "queries.pending:WAITING"},
    adds={"permissions": "rules.rights:PERMISSIONS", "words": "rules.rights:WORDS"},
)
