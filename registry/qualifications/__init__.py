"""Qualifications (资质) of firms and institutions: number, issuer, scope, days and paper, never overwritten.

Owns the kinds of qualification, the certificates with their test items, the warnings before they expire, and what
workbooks of them brought. Who asks which firms hold one asks `queries.held`.
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Due, Group, Job, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages.qualifications", "pages.recording", "pages.loads"),
    jobs={"warn_qualifications": Job("jobs:warn", due=Due.NIGHT)},
    menu=(MenuEntry(Group.DIRECTORY, 30, N_("资质"), "qualifications.listing", "qualification.list"),),
    sections={"qualification_steps": "qualifications", "qualification_loads": "qualifications"},
    provides={
        "belongings": "queries.qualifications:BELONGINGS",
        "waiting": "queries.pending:WAITING",
        "file_sets": "services.files:file_sets",
        "institution_sections": "views:section_of",
    },
    adds={"permissions": "rules.rights:PERMISSIONS", "words": "rules.rights:WORDS"},
)
