"""What proves a case: the figures that count with their papers, and the papers by material."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext as _

from registry.domain.periods import Period
from registry.domain.position import Position
from registry.domain.proof import Counted
from registry.domain.vocabulary import FIGURE_KIND_LABELS, FIGURE_SOURCE_LABELS
from registry.models import Document, Figure, Firm
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
    """The figures that count and those that stand unproven beside them, the newest first."""
    every = [(row, row is one.line and one.proven) for one in firms.counted_figures(firm) for row in _shown(one)]
    every.sort(key=lambda pair: Period(pair[0].year, pair[0].month), reverse=True)
    return [_given(row, proven=proven) for row, proven in every]


def _shown(counted: Counted[Figure]) -> tuple[Figure, ...]:
    return (counted.line, *counted.beside)


def _given(row: Figure, *, proven: bool) -> GivenFigure:
    source = _(FIGURE_SOURCE_LABELS[row.source])
    return GivenFigure(
        _(FIGURE_KIND_LABELS[row.kind]),
        Period(row.year, row.month).label,
        bare(row.amount, row.kind),
        source if proven else source + _("（%(note)s）", note=_("未证")),
        row.document,
    )


def documents(firm: Firm, position: Position) -> list[Paper]:
    """The papers by material, and what a filing will ask for and is not there."""
    return dossier.papers(firm, firms.documents_of(firm), position)
