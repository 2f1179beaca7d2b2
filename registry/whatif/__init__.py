"""What a draft of rules would do to today's directory; nothing is stored."""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    pages=("pages",),
    commands=("commands",),
    sections={"whatif": "rulesets"},
)
