"""Every cell that a merge, or taking it back, changes is written down; and the two act on the trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select

from registry.base.extensions import db
from registry.base.firm_fields import FIELDS
from registry.base.permissions import Actor
from registry.base.vocabulary import Action
from registry.documents.models import Document
from registry.entries.services import entries
from registry.figures.models import Figure
from registry.firms.models.firms import Firm, FormerName
from registry.firms.models.merges import Merge, MergeMove
from registry.firms.services import holding
from registry.merges.queries.plans import Key
from registry.merges.rules import KEPT
from registry.qualifications.models import Qualification
from registry.taxfigures.models import TaxFigure
from registry.trail.services import trail

MOVABLE: Mapping[str, Any] = MappingProxyType(
    {model.__tablename__: model for model in (Figure, Document, Qualification, TaxFigure, FormerName, Firm)}
)
"""Tables a merge writes to, beside its own."""


class Book:
    """Writes a move down for each cell it changes."""

    def __init__(self, merge: Merge, on: date, *, undoing: bool = False) -> None:
        self.merge, self.on, self.undoing = merge, on, undoing
        self._moved: dict[str, int] = {}

    def move(self, row: Any, **cells: Any) -> None:
        for column, after in cells.items():
            self._note(row.__tablename__, row.id, column, getattr(row, column), after)
            setattr(row, column, after)
        self._count(row)

    def told(self) -> dict[str, int]:
        """Rows moved, as the trail has it: {"figure_rows": 3}."""
        return {f"{table}_rows": count for table, count in sorted(self._moved.items())}

    def make(self, row: Any) -> None:
        db.session.add(row)
        db.session.flush()
        self._note(row.__tablename__, row.id, "", None, _cells(row))
        self._count(row)

    def unmake(self, row: Any) -> None:
        """Take away what a merge made; its content stays on record."""
        self._note(row.__tablename__, row.id, "", _cells(row), None)
        db.session.delete(row)
        self._count(row)

    def _count(self, row: Any) -> None:
        self._moved[row.__tablename__] = self._moved.get(row.__tablename__, 0) + 1

    def _note(self, table: str, row_id: int, column: str, before: Any, after: Any) -> None:
        if before != after:
            db.session.add(
                MergeMove(
                    merge_id=self.merge.id,
                    table_name=table,
                    row_id=row_id,
                    column=column,
                    before=before,
                    after=after,
                    on=self.on,
                    undoing=self.undoing,
                )
            )


def _cells(row: Any) -> dict[str, Any]:
    return trail.plain_all({column.name: getattr(row, column.name) for column in row.__table__.columns})


def hold(*either: Firm) -> None:
    """Lock both in one order, whoever is to stay: two people who merge at once wait for each other, never for ever."""
    for firm in sorted(either, key=lambda one: one.id):
        holding.hold(firm)


def state(firm: Firm) -> dict[str, Any]:
    """All that a merge may change of a firm itself, as plain values."""
    kept = {*KEPT, "stage", "stage_on"}
    return trail.plain_all({key: getattr(firm, key) for key in kept})


def set_fields(firm: Firm, values: Mapping[str, Any]) -> None:
    """Set fields and what follows from them."""
    for key, value in entries.with_derived(values).items():
        setattr(firm, key, value)


def highest(firm_id: int) -> dict[Key, int]:
    """The highest number of each period, voided figures included: a number is never used twice."""
    of_period = (Figure.kind, Figure.year, Figure.month)
    rows = select(*of_period, func.max(Figure.revision)).where(Figure.firm_id == firm_id).group_by(*of_period)
    return {(kind, year, month): highest for kind, year, month, highest in db.session.execute(rows)}


def link(book: Book, actor: Actor, branch: Firm, parent_id: int, *, at: datetime) -> None:
    """Give a branch to the other entry; it has its own act on the trail."""
    before = branch.parent_id
    book.move(branch, parent_id=parent_id)
    trail.record(
        actor, "link_parent", branch, at=at, before={"parent_id": before}, after={"parent_id": parent_id},
        reason=book.merge.reason,
    )  # fmt: skip


def record(actor: Actor, book: Book, verb: Action, *, at: datetime, reason: str, before: Mapping[str, Any]) -> None:
    """One act on the winner with every field that changed, and one on the folded entry where its own fields did.

    `before`: {"winner": {field: value}, "folded": {...}} as the act found them; the step of the folded entry has its
    own act.
    """
    merge = book.merge
    _tell(actor, verb, merge.winner, before["winner"], _also(book), at=at, reason=reason)
    _tell(actor, "edit", merge.folded, before["folded"], {}, at=at, reason=reason)


def _also(book: Book) -> dict[str, Any]:
    """What the act says beside the fields: the record, the folded entry by name and code, and the rows moved."""
    folded = book.merge.folded
    return {"merge": book.merge.id, "folded": f"{folded.name} {folded.credit_code or ''}".strip(), **book.told()}


def _tell(
    actor: Actor, verb: str, firm: Firm, before: Mapping[str, Any], also: dict[str, Any], *, at: datetime, reason: str
) -> None:
    old = {key: value for key, value in before.items() if key in FIELDS}
    now = {key: value for key, value in state(firm).items() if key in old and value != old[key]}
    if now or also:
        given_way = entries.recorded({key: old[key] for key in now})
        trail.record(actor, verb, firm, at=at, before=given_way, after=entries.recorded(now) | also, reason=reason)
