"""Looking at the trail: who did what, searched, verified and exported; and what one act changed, in words."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    pages=("pages",),
    commands=("commands",),
    menu=(MenuEntry(Group.DESK, 40, N_("操作留痕"), "trail.listing", "trail.read"),),
)
