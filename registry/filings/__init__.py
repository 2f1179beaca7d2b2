"""Filings (申报纳统): intake windows, papers, filings through the chain of levels, and the yearly re-check."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=(
        "pages.checklists",
        "pages.windows",
        "pages.filings",
        "pages.together",
        "pages.packets",
        "pages.rechecks",
    ),
    provides={
        "waiting": "queries.pending:WAITING",
        "statements_filed": "queries.filings:statements_filed",
        "firm_papers": "views.papers:of_firm",
        "paper_voided": "services.rechecking:paper_voided",
    },
    menu=(
        MenuEntry(Group.FILINGS, 20, N_("申报窗口"), "windows.listing", "window.read"),
        MenuEntry(Group.FILINGS, 10, N_("纳统申报"), "filings.listing", "filing.list"),
        MenuEntry(Group.FILINGS, 30, N_("年度复核"), "rechecks.listing", "recheck.list"),
    ),
    sections={"checklists": "ledger"},
)
