"""The register of registered firms (市场主体库): loads, look-up, differences from the directory, candidates."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages.register",),
    commands=("commands",),
    adds={"words": "rules:WORDS"},
    menu=(
        MenuEntry(Group.DIRECTORY, 20, N_("市场主体库"), "register.lookup", "register.read"),
        MenuEntry(Group.SYSTEM, 20, N_("市场主体库装入"), "register.loads", "register.load"),
    ),
)
