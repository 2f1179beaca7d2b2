"""The portal without sign-in: what an office released, field by field from a published list, and nothing else.

Owns its switch with the fields that are public, the releases of entries, typical cases with the firm's consent,
published progress of the plan, and `public_row`: the copy that is shown. Its open pages read that copy alone.
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Due, Group, Job, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages.open", "pages.api", "pages.managing", "pages.releasing", "pages.stories"),
    jobs={"renew_portal": Job("jobs:renew", due=Due.MINUTE), "redraw_portal": Job("jobs:redraw", due=Due.HOUR)},
    provides={"waiting": "queries.pending:WAITING", "firm_sections": "views:of_firm"},
    menu=(MenuEntry(Group.TARGETS, 70, N_("公开门户"), "portal.overview", "portal.read"),),
    sections={"portal_releases": "portal", "portal_stories": "portal"},
    adds={
        "permissions": "rules.rights:PERMISSIONS",
        "words": "rules.rights:WORDS",
        "coverage": "rules.rights:COVERAGE",
    },
)
