"""Figures beside the line of their own period, with what they replaced and who doubts them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from flask_babel import gettext as _

from registry.base.money import in_words
from registry.base.periods import Period
from registry.base.vocabulary import FIGURE_KIND_LABELS, FIGURE_SOURCE_LABELS, FigureKind
from registry.documents.models import Document
from registry.figures.models import Dispute, Figure
from registry.figures.queries import beside, figures
from registry.figures.queries.beside import line_of
from registry.figures.rules.doubts import range_text
from registry.figures.rules.proof import Counted, counting
from registry.firms.models.firms import Firm
from registry.site.display import percent, wan


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
    line = line_of(firm.industry, period) if figure.kind == FigureKind.REVENUE else None
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


def amount_reading(firm: Firm, kind: FigureKind, period: Period, amount: Decimal) -> list[str]:
    """An amount read aloud, and beside what is known of the firm; nothing is judged here, and none is suggested."""
    if kind is FigureKind.EMPLOYEES:
        return []
    ground = beside.of(firm, kind, period, figures.counted_figures(firm))
    lines = [_("读作%(words)s（%(yuan)s 元）", words=in_words(amount), yuan=f"{amount:,}")]
    if ground.line:
        lines.append(_("四上标准 %(amount)s 万元，为其 %(share)s", **_share(amount, ground.line)))
    if ground.capital:
        lines.append(_("注册资本 %(amount)s 万元，为其 %(share)s", **_share(amount, ground.capital)))
    if ground.employees:
        each = wan(amount / ground.employees)
        lines.append(_("从业人员 %(count)s 人，每人 %(amount)s 万元", count=ground.employees, amount=each))
    if ground.other is not None:
        told = {"kind": _(FIGURE_KIND_LABELS[beside.OTHER[kind]]), "amount": wan(ground.other)}
        apart = wan(abs(amount - ground.other))
        lines.append(_("同期%(kind)s %(amount)s 万元，差 %(difference)s 万元", difference=apart, **told))
    if ground.usual:
        usual = range_text(ground.usual.low, ground.usual.high)
        lines.append(_("本行业全年一般范围 %(range)s 万元（四分位数，取整）", range=usual))
    return [str(line) for line in lines]


def _share(amount: Decimal, of: Decimal) -> dict[str, str]:
    return {"amount": wan(of), "share": percent(amount / of)}


def months(rows: Iterable[FigureRow], year: int) -> list[tuple[int, Decimal]]:
    """(month, cumulative yuan) of a year, for the chart."""
    found = [
        (row.period.month, row.figure.amount)
        for row in rows
        if row.kind == FigureKind.REVENUE and row.period.year == year
    ]
    return sorted(pair for pair in found if pair[0])
