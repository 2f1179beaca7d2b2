"""A firm's figures month by month: revenue, VAT sales and employees side by side, and whether the two papers agree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.vocabulary import FigureKind
from registry.documents.models import Document
from registry.figures.models import Dispute, Figure
from registry.figures.rules.crosscheck import Agreement, Bounds, Note, compare, differences
from registry.figures.rules.proof import counting
from registry.firms.models.firms import Firm
from registry.reference.queries import reference

MATERIAL = "M07"


@dataclass(frozen=True)
class MonthCell:
    """What is known of one kind in one month.

    `older` are the revisions it replaced, the latest first; `beside` those given since that no paper proves.
    """

    kind: FigureKind
    figure: Figure | None = None
    older: tuple[Figure, ...] = ()
    beside: tuple[Figure, ...] = ()
    proven: bool = False
    disputes: tuple[Dispute, ...] = ()

    @property
    def is_current(self) -> bool:
        """Held and proven, and nothing else was given since: nobody is asked for it again."""
        return self.proven and not self.beside


@dataclass(frozen=True)
class MonthRow:
    """One month. `explanation`: the note on the difference (M07) that is at hand."""

    period: Period
    cells: Mapping[FigureKind, MonthCell]
    agreement: Agreement
    explanation: Document | None = None

    @property
    def spared(self) -> int:
        return sum(cell.is_current for cell in self.cells.values())


@dataclass(frozen=True)
class MonthOnFile:
    """Everything of a firm that the rows are made of, read once."""

    figures: Iterable[Figure]
    documents: Iterable[Document] = ()
    disputes: Iterable[Dispute] = field(default=())


def years(firm: Firm) -> list[int]:
    """Years of which the firm has any figure, the latest first."""
    rows = select(Figure.year).distinct().where(Figure.firm_id == firm.id, Figure.voided_at.is_(None))
    return sorted(db.session.scalars(rows), reverse=True)


def of_year(held: MonthOnFile, year: int) -> list[MonthRow]:
    """January to December, and the full year where a figure of it was given."""
    annual = [0] if any(f.year == year and f.month == 0 and f.voided_at is None for f in held.figures) else []
    return [of_month(held, Period(year, month)) for month in (*range(1, 13), *annual)]


def of_month(held: MonthOnFile, period: Period) -> MonthRow:
    """The figures that count of one period, each with what it replaced and what was said against it."""
    doubts: dict[int, list[Dispute]] = {}
    for dispute in held.disputes:
        doubts.setdefault(dispute.figure_id, []).append(dispute)
    papers = [document for document in held.documents if document.voided_at is None]
    cells = {kind: _cell(kind, held.figures, papers, period, doubts) for kind in FigureKind}
    notes = [document for document in held.documents if _explains(document, period)]
    explanation = next(iter(notes), None)
    revenue, sales = cells[FigureKind.REVENUE].figure, cells[FigureKind.VAT_SALES].figure
    counted = counting([f for f in held.figures if f.voided_at is None and Period(f.year, f.month) == period], papers)
    agreement = compare(
        revenue.amount if revenue else None,
        sales.amount if sales else None,
        Bounds(reference.crosscheck_tolerance(period.end), reference.crosscheck_confirm(period.end)),
        notes=[Note(differences(counted, d.at).get(period), d.confirmed_at is not None) for d in notes],
    )
    return MonthRow(period, cells, agreement, explanation)


def _cell(
    kind: FigureKind, figures: Iterable[Figure], papers: Collection[Document], period: Period,
    doubts: Mapping[int, list[Dispute]],
) -> MonthCell:  # fmt: skip
    given = [
        f for f in figures if f.voided_at is None and (f.kind, f.year, f.month) == (kind, period.year, period.month)
    ]
    given.sort(key=lambda figure: figure.revision, reverse=True)
    if not given:
        return MonthCell(kind)
    (counted,) = counting(given, papers)
    said = tuple(d for f in given for d in doubts.get(f.id, []))
    return MonthCell(kind, counted.line, counted.older, counted.beside, counted.proven, said)


def _explains(document: Document, period: Period) -> bool:
    """As `FirmFacts.notes`: a note of this period, or of no period in particular."""
    if document.material != MATERIAL or document.voided_at is not None:
        return False
    return document.year is None or Period(document.year, document.month or 0) == period
