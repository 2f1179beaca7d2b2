"""The file of an upper level (上级审核结果): a province's list of who passed and who was sent back, recorded in one go.

Owns the files as they were brought. What a row would do is asked anew until it is settled, and each answer is recorded
by `filings` as if it had been typed in.
"""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages",),
    sections={"level_loads": "filings"},
    provides={"waiting": "queries:WAITING", "belongings": "queries:BELONGINGS"},
    adds={"permissions": "rules:PERMISSIONS", "words": "rules:WORDS"},
)
