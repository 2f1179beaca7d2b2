"""The base of shared resources (科技资源信息库): instruments, laboratories and services of firms and institutions.

Owns the kinds of resource, the resources with their release, the voucher cases that paid for their use, and what
workbooks of them brought. Who publishes asks `queries.released`, and gets no field beside those.
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages.resources", "pages.recording", "pages.loads"),
    menu=(MenuEntry(Group.DIRECTORY, 60, N_("科技资源"), "resources.listing", "resource.list"),),
    sections={"resource_steps": "resources", "resource_loads": "resources"},
    provides={
        "belongings": "queries.resources:BELONGINGS",
        "waiting": "queries.pending:WAITING",
        "file_sets": "services.files:file_sets",
        "entry_folded": "services.releasing:leave",
        "case_sections": "pages.resources:of_case",
        "institution_sections": "pages.resources:of_institution",
    },
    adds={
        "permissions": "rules.rights:PERMISSIONS",
        "words": "rules.rights:WORDS",
        "coverage": "rules.rights:COVERAGE",
        "moved": "models:MOVED",
    },
)
