"""A firm's dossier: everything about one firm on one page, today or on a past day."""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    pages=(
        "pages.firms",
        "pages.editing",
    ),
    sections={"firms": "ledger"},
)
