"""Figures beside the line of their own period, with what they replaced and who doubts them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from registry.base.periods import Period
from registry.base.vocabulary import FIGURE_SOURCE_LABELS, FigureKind
from registry.documents.models import Document
from registry.figures.models import Dispute, Figure
from registry.figures.rules.proof import Counted, counting
from registry.firms.models.firms import Firm
from registry.reference.queries import reference


@dataclass(frozen=True)
class FigureRow:
    """A figure beside the line of its own period.

    `revisions` are those it replaced, `beside` those given since that no paper proves, the latest first.
    """

    figure: Figure
    period: Period
    kind: str
    source: str
    line: Decimal | None
    rate: Decimal | None
    proven: bool
    revisions: Sequence[Figure] = ()
    beside: Sequence[Figure] = ()
    disputes: list[Dispute] = field(default_factory=list)


def figure_rows(
    firm: Firm, figures: Iterable[Figure], disputes: Iterable[Dispute], documents: Iterable[Document]
) -> list[FigureRow]:
    """The figures that count, the latest period first, revenue before VAT sales, each with all its revisions.

    Of `figures` and `documents` those that are void are passed over.
    """
    papers = [document for document in documents if document.voided_at is None]
    counted = counting((figure for figure in figures if figure.voided_at is None), papers)
    doubts: dict[int, list[Dispute]] = {}
    for dispute in disputes:
        doubts.setdefault(dispute.figure_id, []).append(dispute)
    rows = [_figure_row(firm, one, doubts) for one in counted]
    rows.sort(key=lambda row: row.kind != FigureKind.REVENUE)
    return sorted(rows, key=lambda row: row.period, reverse=True)


def _figure_row(firm: Firm, counted: Counted[Figure], doubts: Mapping[int, list[Dispute]]) -> FigureRow:
    figure = counted.line
    period, every = Period(figure.year, figure.month), (*counted.beside, figure, *counted.older)
    line = _line(firm, period) if figure.kind == FigureKind.REVENUE else None
    return FigureRow(
        figure,
        period,
        figure.kind,
        FIGURE_SOURCE_LABELS[figure.source],
        line,
        figure.amount / line if line else None,
        counted.proven,
        counted.older,
        counted.beside,
        [dispute for revision in every for dispute in doubts.get(revision.id, [])],
    )


def _line(firm: Firm, period: Period) -> Decimal | None:
    if not firm.industry:
        return None
    section = reference.classification().section_of(firm.industry) or ""
    rule = reference.rules().statutory(firm.industry, period, section=section)
    return rule.amount_yuan if rule else None


def months(rows: Iterable[FigureRow], year: int) -> list[tuple[int, Decimal]]:
    """(month, cumulative yuan) of a year, for the chart."""
    found = [
        (row.period.month, row.figure.amount)
        for row in rows
        if row.kind == FigureKind.REVENUE and row.period.year == year
    ]
    return sorted(pair for pair in found if pair[0])
