"""What proves a case: the figures that count with their papers, and the papers by material."""

from __future__ import annotations

from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _

from registry.base.extensions import provided
from registry.base.periods import Period
from registry.base.vocabulary import FIGURE_KIND_LABELS, FIGURE_SOURCE_LABELS, FigureKind
from registry.documents.models import Document
from registry.documents.views import Paper
from registry.figures.models import Figure
from registry.figures.queries import figures
from registry.figures.rules.proof import STATEMENTS, Counted
from registry.firms.models.firms import Firm
from registry.site.display import bare
from registry.site.locale import sentence


class GivenFigure(NamedTuple):
    """A figure as a row of a table; `amount` is 万元, or persons."""

    kind: str
    period: str
    amount: str
    source: str
    paper: Document | None
    attach: str | None = None
    """Where the paper that is lacking is attached: its kind and period are chosen, and no amount is typed again."""


def given_figures(firm: Firm) -> list[GivenFigure]:
    """The figures that count and those that stand unproven beside them, the newest first."""
    every = [(row, row is one.line and one.proven) for one in figures.counted_figures(firm) for row in _shown(one)]
    every.sort(key=lambda pair: Period(pair[0].year, pair[0].month), reverse=True)
    return [_given(row, proven=proven) for row, proven in every]


def _shown(counted: Counted[Figure]) -> tuple[Figure, ...]:
    return (counted.line, *counted.beside)


def _given(row: Figure, *, proven: bool) -> GivenFigure:
    source = _(FIGURE_SOURCE_LABELS[row.source])
    if row.is_doubted:
        odd = _("；").join(sentence(doubt) for doubt in row.told)
        source += _("（存疑：%(odd)s。填报单位说明：%(note)s）", odd=odd, note=row.assurance or "--")
    return GivenFigure(
        _(FIGURE_KIND_LABELS[row.kind]),
        Period(row.year, row.month).label,
        bare(row.amount, row.kind),
        source if proven else source + _("（%(note)s）", note=_("未证")),
        row.document,
        None if proven else attaching(row.firm_id, row.kind, Period(row.year, row.month)),
    )


def attaching(firm_id: int, kind: str, period: Period) -> str:
    """The page on which the paper of this figure is attached, with kind and period chosen."""
    material = STATEMENTS[FigureKind(kind)]
    return url_for("documents.new", firm_id=firm_id, material=material, year=period.year, month=period.month)


def papers_of(firm: Firm) -> list[Paper]:
    """The papers by material, and what a filing will ask for and is not there."""
    (found,) = provided("firm_papers")
    return list(found(firm))
