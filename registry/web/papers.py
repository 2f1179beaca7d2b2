"""What proves a case: the figures that count with their papers, and the papers by material."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext as _

from registry.domain.periods import Period
from registry.domain.position import Position
from registry.domain.vocabulary import FIGURE_KIND_LABELS, FIGURE_SOURCE_LABELS
from registry.models import Document, Firm
from registry.queries import firms
from registry.web import dossier
from registry.web.display import bare
from registry.web.dossier import Paper


class GivenFigure(NamedTuple):
    """A figure as a row of a table; `amount` is 万元, or persons."""

    kind: str
    period: str
    amount: str
    source: str
    paper: Document | None


def figures(firm: Firm) -> list[GivenFigure]:
    """The figures that count, the newest first."""
    rows = sorted(firms.current_figures(firm), key=lambda row: Period(row.year, row.month), reverse=True)
    return [
        GivenFigure(
            _(FIGURE_KIND_LABELS[row.kind]),
            Period(row.year, row.month).label,
            bare(row.amount, row.kind),
            _(FIGURE_SOURCE_LABELS[row.source]),
            row.document,
        )
        for row in rows
    ]


def documents(firm: Firm, position: Position) -> list[Paper]:
    """The papers by material, and what a filing will ask for and is not there."""
    return dossier.papers(firm, firms.documents_of(firm), position)
