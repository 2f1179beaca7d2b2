"""Figures of firms: from a paper, corrected by appending, doubted by others; which one counts, what proves it."""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    tables=("models",),
    pages=(
        "pages.figures",
        "pages.months",
        "pages.year",
    ),
    provides={"waiting": "queries.pending:WAITING", "figures_of_paper": "queries.figures:of_paper"},
    sections={"figures": "ledger", "months": "ledger"},
)
