"""Claims (认领争议): two offices, one firm; the city office hears both and decides."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages",),
    provides={"waiting": "queries.pending:WAITING"},
    menu=(MenuEntry(Group.NOMINATIONS, 30, N_("认领争议"), "claims.listing", "claim.list", "claims"),),
)
