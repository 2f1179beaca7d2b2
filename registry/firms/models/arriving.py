"""What is on its way: firms of an import that is not yet switched on; nobody sees them.

Every query of the ORM that reads firms gets the condition; whoever reads the table `firm` by other means adds
`arrived` by himself. While nothing is on its way the condition costs one look into an empty index.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Boolean, ColumnElement, SQLColumnExpression, column, event, literal, or_, select, table
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from registry.firms.models.firms import Firm

# The batch itself is known to a feature above. An alias of its own: in a statement about batches, SQLAlchemy would
# otherwise take it for the batch of that statement.
_BATCH: Any = table("import_batch", column("id"), column("arriving", Boolean)).alias("arriving")
_BATCHES = select(_BATCH.c.id).where(_BATCH.c.arriving)
_NONE = ~select(literal(1)).select_from(_BATCH).where(_BATCH.c.arriving).exists()

_shown: ContextVar[Any] = ContextVar("shown", default=None)


def arrived(batch_id: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    """Whether a firm with this `batch_id` may be seen."""
    return or_(_NONE, batch_id.is_(None), batch_id.not_in(_BATCHES))


def is_arriving(batch_id: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    """The contrary: the firm is being imported at this moment."""
    return batch_id.in_(_BATCHES)


def told(kind: SQLColumnExpression[str], subject_id: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    """Whether an act on this subject may be shown."""
    firm: Any = Firm.__table__
    hidden = select(firm.c.id).where(firm.c.batch_id.in_(_BATCHES))
    return or_(_NONE, kind != "firm", subject_id.is_(None), subject_id.not_in(hidden))


_CRITERION = with_loader_criteria(Firm, arrived(Firm.batch_id), include_aliases=True)


@contextmanager
def shown(*, but: int | None = None) -> Iterator[None]:
    """Within this block firms on their way are seen too, `but` those of one batch."""
    hiding = None if but is None else Firm.batch_id.is_distinct_from(but)
    token = _shown.set(() if hiding is None else (with_loader_criteria(Firm, hiding, include_aliases=True),))
    try:
        yield
    finally:
        _shown.reset(token)


def install() -> None:
    """Hook the condition to every session. Installing twice does no harm."""
    if not event.contains(Session, "do_orm_execute", _hide):
        event.listen(Session, "do_orm_execute", _hide)


def _hide(asked: ORMExecuteState) -> None:
    if asked.is_select and not asked.is_column_load:
        options = _shown.get()
        asked.statement = asked.statement.options(*((_CRITERION,) if options is None else options))
