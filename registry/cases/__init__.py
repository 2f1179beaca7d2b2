"""One engine for cases: a kind is data (fields, conditions, papers, steps, terms, outcome), a case is one of a kind.

Owns kinds in editions, cases and their steps, papers, notices, opinions, certificates, and what is used once only.
"""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    tables=("models",),
    provides={"file_sets": "services.kinds:file_sets"},
    adds={
        "permissions": "rules.rights:PERMISSIONS",
        "words": "rules.rights:WORDS",
        "coverage": "rules.rights:COVERAGE",
    },
)
