"""The directory of institutions: laboratories, workstations, institutes, platforms, and to whom each belongs.

An institution is a row of its own and never a firm. Its cases and certificates are declared by features above
(`institution_sections`, `institutions_recognised`).
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages",),
    menu=(MenuEntry(Group.DIRECTORY, 50, N_("研发平台机构"), "institutions.listing", "institution.list"),),
    provides={"firm_sections": "views:of_firm"},
    adds={"permissions": "rules.rights:PERMISSIONS", "words": "rules.rights:WORDS"},
)
