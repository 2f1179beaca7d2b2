"""Files of reference data: an empty place is filled at once, into a filled one they propose drafts."""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    commands=("commands",),
)
