"""The figures and papers that firms have on record: as they stand now, or at the end of a past day by either clock.

Whatever says what a figure of a firm was, or whether it was documented, reads its rows here and has them judged by
`figures.rules.proof.counting`: ledger, dossier, the pages and exports of a past day, replay and the quarter's book.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from registry.base.clocks import AsOf, Known
from registry.base.extensions import db
from registry.documents.models import Document
from registry.figures.models import Figure
from registry.figures.rules.proof import OF_PERIODS, STATEMENTS, Counted, counting
from registry.firms.models.firms import Firm
from registry.firms.queries import merged

_FIGURES = (
    Figure.id, Figure.firm_id, Figure.kind, Figure.year, Figure.month, Figure.revision, Figure.amount, Figure.source,
    Figure.document_id, Figure.at, Figure.doubts, Figure.settled_at,
)  # fmt: skip
_DOCUMENTS = (
    Document.id, Document.firm_id, Document.material, Document.year, Document.month, Document.first_month, Document.at,
    Document.confirmed_at,
)  # fmt: skip


@dataclass
class Records:
    """Every revision of the figures of a firm and all its papers, as plain rows by id; none of them void."""

    figures: list[Any] = field(default_factory=list)
    documents: list[Any] = field(default_factory=list)

    @cached_property
    def counted(self) -> list[Counted[Any]]:
        """The figures that count, with what proves them."""
        return counting(self.figures, self.documents)


def of_firms(firms: Any, as_of: AsOf | None = None) -> dict[int, Records]:
    """Firm id -> what it has on record, an empty `Records` where that is nothing; `firms` are ids or a select of them.

    With `as_of`, a row is of the firm it belonged to at the end of that day: a merge since then has not touched it.
    """
    found: defaultdict[int, Records] = defaultdict(Records)
    for firm_id, rows in figures(firms, as_of=as_of).items():
        found[firm_id].figures = rows
    for firm_id, rows in documents(firms, as_of=as_of).items():
        found[firm_id].documents = rows
    return found


def rows_of(firm: Firm, as_of: AsOf) -> Records:
    """The same of one firm for its page: mapped rows, figures by kind and period, papers by material; newest first."""
    found = of_firms([firm.id], as_of)[firm.id]
    by_period = (Figure.kind, Figure.year, Figure.month, Figure.revision.desc())
    by_material = (Document.material, Document.year.desc(), Document.month.desc(), Document.id.desc())
    return Records(_mapped(Figure, found.figures, by_period), _mapped(Document, found.documents, by_material))


def figures(firms: Any, *conditions: ColumnElement[bool], as_of: AsOf | None = None) -> dict[int, list[Any]]:
    """Firm id -> every revision of its figures that fits, by id."""
    return _by_firm(Figure, _FIGURES, firms, as_of, conditions)


def documents(firms: Any, *conditions: ColumnElement[bool], as_of: AsOf | None = None) -> dict[int, list[Any]]:
    """Firm id -> its papers that fit, by id."""
    return _by_firm(Document, _DOCUMENTS, firms, as_of, conditions)


def counted(firms: Any, *conditions: ColumnElement[bool]) -> dict[int, list[Counted[Any]]]:
    """Firm id -> its figures that count now, of those that fit the `conditions`."""
    papers = documents(firms, Document.material.in_(sorted(OF_PERIODS)))
    return {firm_id: counting(rows, papers[firm_id]) for firm_id, rows in figures(firms, *conditions).items()}


def names_its_paper(figure: Any = Figure) -> ColumnElement[bool]:
    """The `figure` (the table, or an alias) names a standing paper of its own firm, kind and period.

    This is `rules.proof.covers`, asked in the database. What does not hold here may still be proven by a statement
    that is held; `counted` tells.
    """
    same_month = or_(
        Document.month == figure.month, and_(Document.month.in_((0, 12)), figure.month.in_((0, 12))),
        and_(Document.month.is_(None), figure.month.in_((0, 12))),
        and_(Document.first_month <= figure.month, figure.month <= Document.month),
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


def _by_firm(
    table: Any, columns: tuple[Any, ...], firms: Any, as_of: AsOf | None, conditions: tuple[ColumnElement[bool], ...]
) -> dict[int, list[Any]]:
    """What was recorded and not void by the clock."""
    owners: dict[int, int] = {}
    within = table.firm_id.in_(firms)
    if as_of is not None:
        owners = merged.belonged(table.__tablename__, on=as_of.day)
        within = or_(within, table.id.in_(merged.moved(table.__tablename__, on=as_of.day)))
    statement = select(*columns).where(within, *_standing(table, as_of), *conditions).order_by(table.id)
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(statement):
        found[owners.get(row.id, row.firm_id)].append(row)
    return found


def _standing(table: Any, as_of: AsOf | None) -> tuple[ColumnElement[bool], ...]:
    if as_of is None or as_of.known is Known.NOW:
        return (table.voided_at.is_(None),)
    return table.at < as_of.end, or_(table.voided_at.is_(None), table.voided_at >= as_of.end)


def _mapped(table: Any, rows: list[Any], order: tuple[Any, ...]) -> list[Any]:
    found = select(table).where(table.id.in_([row.id for row in rows])).order_by(*order)
    return list(db.session.scalars(found).unique())
