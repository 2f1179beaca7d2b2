"""The firm (企业): one entry from the first time anybody names it, its former names, and where a merge took it.

Every list and record starts from `queries.firms.visible_to`.
"""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    tables=(
        "models.firms",
        "models.merges",
        "models.arriving",
    ),
)
