"""Merges (合并): two entries of one firm become one; the plan, the record for ever, and the way back."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    pages=("pages",),
    menu=(MenuEntry(Group.DUPLICATES, 20, N_("合并记录"), "merges.listing", "merge.list"),),
    provides={"onward": "pages:onward"},
)
