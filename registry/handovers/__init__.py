"""What is one person's goes to another: to a deputy for the days of an absence, to a successor for good.

Features declare what of theirs is a person's (`belongings`); this one counts it, moves it, and says so on the trail.
"""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages",),
    sections={"handovers": "users"},
    adds={"permissions": "rules:PERMISSIONS", "words": "texts:WORDS"},
)
