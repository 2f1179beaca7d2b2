"""Help where one stands, the glossary, a first-day guide for each role, and the handbook of the same texts."""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    pages=("pages",),
    provides={"page_help": "rules:help_at"},
)
