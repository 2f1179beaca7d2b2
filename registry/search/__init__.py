"""Search over everything a person may see, from the field in the top bar, and the firms they opened last."""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(pages=("pages",))
