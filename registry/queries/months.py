"""A firm's figures month by month: revenue, VAT sales and employees side by side, and whether the two papers agree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from registry.domain.crosscheck import Agreement, compare
from registry.domain.periods import Period
from registry.domain.proof import counting
from registry.domain.vocabulary import FigureKind
from registry.extensions import db
from registry.models import Dispute, Document, Figure, Firm
from registry.queries import reference

MATERIAL = "M07"


@dataclass(frozen=True)
class Cell:
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
class Row:
    """One month. `explanation`: the note on the difference (M07) that is at hand."""

    period: Period
    cells: Mapping[FigureKind, Cell]
    agreement: Agreement
    explanation: Document | None = None

    @property
    def spared(self) -> int:
        return sum(cell.is_current for cell in self.cells.values())


@dataclass(frozen=True)
class Held:
    """Everything of a firm that the rows are made of, read once."""

    figures: Iterable[Figure]
    documents: Iterable[Document] = ()
    disputes: Iterable[Dispute] = field(default=())


def years(firm: Firm) -> list[int]:
    """Years of which the firm has any figure, the latest first."""
    rows = select(Figure.year).distinct().where(Figure.firm_id == firm.id, Figure.voided_at.is_(None))
    return sorted(db.session.scalars(rows), reverse=True)


def of_year(held: Held, year: int) -> list[Row]:
    """January to December, and the full year where a figure of it was given."""
    annual = [0] if any(f.year == year and f.month == 0 and f.voided_at is None for f in held.figures) else []
    return [of_month(held, Period(year, month)) for month in (*range(1, 13), *annual)]


def of_month(held: Held, period: Period) -> Row:
    """The figures that count of one period, each with what it replaced and what was said against it."""
    doubts: dict[int, list[Dispute]] = {}
    for dispute in held.disputes:
        doubts.setdefault(dispute.figure_id, []).append(dispute)
    papers = [document for document in held.documents if document.voided_at is None]
    cells = {kind: _cell(kind, held.figures, papers, period, doubts) for kind in FigureKind}
    explanation = next((d for d in held.documents if _explains(d, period)), None)
    revenue, sales = cells[FigureKind.REVENUE].figure, cells[FigureKind.VAT_SALES].figure
    agreement = compare(
        revenue.amount if revenue else None,
        sales.amount if sales else None,
        reference.crosscheck_tolerance(period.end),
        explained=explanation is not None,
    )
    return Row(period, cells, agreement, explanation)


def _cell(
    kind: FigureKind, figures: Iterable[Figure], papers: Collection[Document], period: Period,
    doubts: Mapping[int, list[Dispute]],
) -> Cell:  # fmt: skip
    given = [
        f for f in figures if f.voided_at is None and (f.kind, f.year, f.month) == (kind, period.year, period.month)
    ]
    given.sort(key=lambda figure: figure.revision, reverse=True)
    if not given:
        return Cell(kind)
    (counted,) = counting(given, papers)
    said = tuple(d for f in given for d in doubts.get(f.id, []))
    return Cell(kind, counted.line, counted.older, counted.beside, counted.proven, said)


def _explains(document: Document, period: Period) -> bool:
    """As `FirmFacts.holds`: a note of this period, or of no period in particular."""
    if document.material != MATERIAL or document.voided_at is not None:
        return False
    return document.year is None or Period(document.year, document.month or 0) == period
