"""Appraisal (考核) of counties and bureaus: off, until a document is named and a second person has checked it.

Owns schemes: the document, what is scored out of a closed list, the weights and their days. Scores are kept nowhere;
they follow from rows (`queries.scores.lines`). What statistics confirms and what firms earn is never scored.
"""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages",),
    sections={"appraisals": "plans"},
    adds={"permissions": "rules.rights:PERMISSIONS", "words": "rules.rights:WORDS"},
    provides={"waiting": "queries.pending:WAITING"},
)
