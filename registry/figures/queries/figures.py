"""Figures and disputes of firms within an actor's reach, and what a new figure looks odd beside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select

from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.base.vocabulary import FigureKind
from registry.documents.models import Document
from registry.documents.queries.documents import documents_of
from registry.figures.models import Dispute, Figure
from registry.figures.queries import beside
from registry.figures.rules import proof
from registry.figures.rules.doubts import Doubt, found
from registry.figures.rules.proof import Counted
from registry.firms.models.firms import Firm
from registry.firms.queries import firms


def one(actor: Actor, figure_id: int) -> Select[Figure]:
    return (
        select(Figure)
        .join(Firm, Firm.id == Figure.firm_id)
        .where(Firm.voided_at.is_(None), firms.within(actor), Figure.id == figure_id)
    )


def disputes_of(firm: Firm) -> list[Dispute]:
    """Every doubt about a figure of the firm, the oldest first."""
    return list(
        db.session.scalars(
            select(Dispute)
            .join(Figure, Figure.id == Dispute.figure_id)
            .where(Figure.firm_id == firm.id)
            .order_by(Dispute.at, Dispute.id)
        )
    )


def doubts(
    firm: Firm, kind: FigureKind, period: Period, amount: Decimal, *, on: date, other: Decimal | None = None
) -> list[Doubt]:
    """What is odd about `amount` beside the firm's other figures and the firm itself; nothing is refused for it.

    `other`: the amount of the other paper (VAT return beside income statement) that is given along with it.
    """
    counted = counted_figures(firm)
    others = {Period(one.line.year, one.line.month): one.line.amount for one in counted if one.line.kind == kind}
    ground = beside.of(firm, kind, period, counted, other=other)
    return found(kind, period, amount, others, limits=beside.limits(on), beside=ground)


@dataclass(frozen=True)
class StatedFigure:
    """A figure of the period a paper speaks of; `on_it`: the one the paper is the proof of."""

    figure: Figure
    period: Period
    proven: bool
    on_it: bool
    beside: tuple[Figure, ...]


def of_paper(firm: Firm, document: Document) -> list[StatedFigure]:
    """What is on record for the period of a paper, the figure that rests on it first."""
    return stated(counted_figures(firm), document)


def stated(figures: Iterable[Counted[Figure]], document: Document) -> list[StatedFigure]:
    """The same, of the figures of its firm that count."""
    found = []
    for counted in figures:
        figure, period = counted.line, Period(counted.line.year, counted.line.month)
        if proof.is_of(document, period):
            on_it = figure.document_id == document.id or proof.covers(document, figure.kind, period)
            found.append(StatedFigure(figure, period, counted.proven, on_it, counted.beside))
    return sorted(found, key=lambda row: (not row.on_it, row.period))


def figures_of(firm: Firm) -> list[Figure]:
    """Every revision of every figure, by kind and period, the latest revision first."""
    return list(
        db.session.scalars(
            select(Figure)
            .where(Figure.firm_id == firm.id)
            .order_by(Figure.kind, Figure.year, Figure.month, Figure.revision.desc())
        )
    )


def counted_figures(firm: Firm) -> list[Counted[Figure]]:
    """The figures that count, with what proves them: of each kind and period the highest proven, else the highest."""
    papers = [document for document in documents_of(firm) if document.voided_at is None]
    return proof.counting((figure for figure in figures_of(firm) if figure.voided_at is None), papers)


def current_figures(firm: Firm) -> list[Figure]:
    """The figures that count, proven or not."""
    return [counted.line for counted in counted_figures(firm)]
