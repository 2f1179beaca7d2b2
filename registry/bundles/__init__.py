"""Papers in bulk (材料批量归集): a zip or several files, matched to firms and periods by their names, looked at, filed.

Owns the bundles that wait to be looked at; what is filed is a paper like any other (`documents`).
"""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages",),
    sections={"bundles": "ledger"},
    adds={"permissions": "rules:PERMISSIONS", "words": "rules:WORDS", "coverage": "rules:COVERAGE"},
    provides={"waiting": "queries:WAITING"},
)
