"""Forms of an upper level (上级表): filled from our rows and handed back in the very file, with a list of what is not.

Owns the forms that were brought, how each heading is understood, and what is written into which cell. What an office
says of a heading lies with the headings of its imports (`imports.services.columns`).
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages.forms", "pages.headings"),
    commands=("commands",),
    menu=(MenuEntry(Group.CASES, 40, N_("上级表回填"), "upper_forms.listing", "upperform.fill"),),
    sections={"upper_form_headings": "upper_forms"},
    adds={"permissions": "rules.rights:PERMISSIONS", "words": "rules.rights:WORDS"},
)
