"""How an entry is named, edited, renamed, removed, reopened and watched, and what happens when two edit it."""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    pages=("pages.maintenance",),
    sections={"upkeep": "ledger"},
)
