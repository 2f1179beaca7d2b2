"""The figures that count and what proves them, read for many firms in two statements; and the rule as a condition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from registry.domain.proof import OF_PERIODS, STATEMENTS, Counted, counting
from registry.extensions import db
from registry.models import Document, Figure

_FIGURES = (
    Figure.id, Figure.firm_id, Figure.kind, Figure.year, Figure.month, Figure.revision, Figure.amount, Figure.source,
    Figure.document_id, Figure.at,
)  # fmt: skip
_PAPERS = (Document.id, Document.firm_id, Document.material, Document.year, Document.month, Document.at)


def of_firms(firms: Any, *conditions: ColumnElement[bool]) -> dict[int, list[Counted[Any]]]:
    """Firm id -> its figures that count, as plain rows; `firms` are ids or a select of them."""
    return _by_firm(lines(firms, *conditions), papers(firms))


def lines(firms: Any, *conditions: ColumnElement[bool]) -> list[Any]:
    """Every revision that is not void, as plain rows."""
    rows = select(*_FIGURES).where(Figure.firm_id.in_(firms), Figure.voided_at.is_(None), *conditions)
    return list(db.session.execute(rows.order_by(Figure.id)))


def papers(firms: Any) -> list[Any]:
    """Every paper that may prove a figure and is not void, as plain rows."""
    rows = select(*_PAPERS).where(Document.firm_id.in_(firms), Document.voided_at.is_(None))
    return list(db.session.execute(rows.where(Document.material.in_(sorted(OF_PERIODS))).order_by(Document.id)))


def names_its_paper(figure: Any = Figure) -> ColumnElement[bool]:
    """The `figure` (the table, or an alias) names a standing paper of its own firm, kind and period.

    This is `domain.proof.covers`, asked in the database. What does not hold here may still be proven by a statement
    that is held; `of_firms` tells.
    """
    same_month = or_(
        Document.month == figure.month, and_(Document.month.in_((0, 12)), figure.month.in_((0, 12))),
        and_(Document.month.is_(None), figure.month.in_((0, 12))),
    )  # fmt: skip
    of_kind = [
        and_(figure.kind == kind, Document.material == material, same_month) for kind, material in STATEMENTS.items()
    ]
    return exists().where(
        Document.id == figure.document_id,
        Document.voided_at.is_(None),
        Document.firm_id == figure.firm_id,
        Document.year == figure.year,
        or_(*of_kind),
    )


def _by_firm(figures: Iterable[Any], documents: Iterable[Any]) -> dict[int, list[Counted[Any]]]:
    held: defaultdict[int, list[Any]] = defaultdict(list)
    for document in documents:
        held[document.firm_id].append(document)
    given: defaultdict[int, list[Any]] = defaultdict(list)
    for figure in figures:
        given[figure.firm_id].append(figure)
    return {firm_id: counting(rows, held[firm_id]) for firm_id, rows in given.items()}
