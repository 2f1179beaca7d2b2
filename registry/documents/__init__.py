"""Papers of firms (证明材料): checked by their content, kept under a random name, voided with a reason."""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages",),
    sections={"documents": "ledger"},
)
