"""The workbench: what waits for somebody, what they did, what they started, and today's picture of the path."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    pages=(
        "pages.home",
        "pages.chasing",
        "pages.progress",
    ),
    provides={"menu_counts": "queries.inbox:counts"},
    adds={"permissions": "rules:PERMISSIONS", "words": "rules:WORDS"},
    menu=(
        MenuEntry(Group.DESK, 10, N_("待办"), "home.inbox", "account", "inbox"),
        MenuEntry(Group.DESK, 30, N_("办理记录"), "home.done", "inbox"),
        MenuEntry(Group.TARGETS, 40, N_("进展图"), "progress.show", "quarter.read"),
    ),
    sections={"home.started": "home.done", "chasing": "home.inbox"},
)
