"""Tables that a feature shows on the page of something below it: of a firm, of an institution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PanelTable:
    """A cell is a text, or a text and where it leads; `more`: what else may be done there, and where.

    `tab`: on which page of a firm it stands, "cases" or "holdings" (templates/firms/components/firm_tabs.html).
    """

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | tuple[str, str]]]
    more: tuple[str, str] | None = None
    tab: str = "cases"
