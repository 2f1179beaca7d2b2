"""Nominations (提名): an office puts a firm forward, a bureau reviews it, cells are sent back, the firm is admitted."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=(
        "pages.proposals",
        "pages.reviews",
        "pages.together",
        "pages.passing",
    ),
    menu=(
        MenuEntry(Group.NOMINATIONS, 20, N_("提名"), "proposals.listing", "proposal.list"),
        MenuEntry(Group.NOMINATIONS, 10, N_("审核"), "reviews.queue", "review.list", "review"),
    ),
    provides={"waiting": "queries.pending:WAITING", "belongings": "queries.nominations:BELONGINGS"},
)
