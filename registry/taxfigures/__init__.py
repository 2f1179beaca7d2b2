"""Tax-authorised figures (税务授权数据): what the tax office provides with a firm's consent, a source of its own.

Owns the figures as they came, file by file, and what each file would add. They stand beside the firm's own figures and
neither replace nor prove them: nothing below this feature reads them, and nothing above it counts by them.
"""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=("pages.figures", "pages.loads"),
    menu=(MenuEntry(Group.DIRECTORY, 40, N_("税务授权数据"), "tax_figures.listing", "taxfigure.list"),),
    sections={"tax_loads": "tax_figures"},
    adds={"permissions": "rules.rights:PERMISSIONS", "words": "rules.rights:WORDS"},
    provides={"waiting": "queries.pending:WAITING", "belongings": "queries.figures:BELONGINGS"},
)
