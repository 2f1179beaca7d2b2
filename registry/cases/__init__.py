"""One engine for cases: a kind is data (fields, conditions, papers, steps, terms, outcome), a case is one of a kind.

Owns kinds in editions, cases and their steps, papers, notices, opinions, certificates, and what is used once only.
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Due, Group, Job, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=(
        "pages.cases",
        "pages.steps",
        "pages.kinds",
        "pages.files",
        "pages.opinions",
        "pages.certificates",
        "pages.books",
    ),
    jobs={"nudge_cases": Job("jobs:overdue", due=Due.HOUR)},
    menu=(
        MenuEntry(Group.CASES, 10, N_("事项"), "cases.listing", "case.read"),
        MenuEntry(Group.CASES, 20, N_("公示"), "case_steps.listing", "case.read"),
        MenuEntry(Group.CASES, 30, N_("认定证书"), "case_certificates.listing", "certificate.list"),
        MenuEntry(Group.RULES, 30, N_("事项规则"), "case_kinds.listing", "kind.read"),
    ),
    sections={"case_files": "cases", "case_books": "cases", "case_opinions": "cases"},
    provides={
        "waiting": "queries.pending:WAITING",
        "file_sets": "services.kinds:file_sets",
        "case_sections": "pages.certificates:of_case",
        "institution_sections": "pages.certificates:of_institution",
        "firm_sections": "views:of_firm",
        "institutions_recognised": "queries.certificates:institution_ids",
    },
    adds={
        "permissions": "rules.rights:PERMISSIONS",
        "words": "rules.rights:WORDS",
        "coverage": "rules.rights:COVERAGE",
    },
)
