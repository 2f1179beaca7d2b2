"""The staged rows of a batch a thousand at a time, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row, select

from registry.base.extensions import db
from registry.base.tables import Base
from registry.base.vocabulary import RowKind
from registry.imports.models import ImportRow

CHUNK = 1_000


def staged(batch_id: int, kind: RowKind, columns: Iterable[Any], *, outcome: str = "") -> Iterator[list[Row[Any]]]:
    """The rows of one kind in chunks, in the order of the file; memory does not grow with their number."""
    last = 0
    wanted = select(*columns).where(
        ImportRow.batch_id == batch_id, ImportRow.kind == kind, ImportRow.outcome == outcome
    )
    while True:
        rows = wanted.where(ImportRow.number > last).order_by(ImportRow.number).limit(CHUNK)
        chunk = list(db.session.execute(rows))
        if not chunk:
            return
        last = chunk[-1].number
        yield chunk


Reached = dict[RowKind, int]
"""How far the turns of one process have come with the rows of each kind, by number."""


def waiting(
    batch_id: int, kind: RowKind, columns: Iterable[Any], size: int, reached: Reached, *, outcome: str = ""
) -> list[Row[Any]]:
    """The next rows of one kind that nothing has come of yet, or what `outcome` says."""
    rows = select(*columns).where(ImportRow.batch_id == batch_id, ImportRow.kind == kind, ImportRow.outcome == outcome)
    rows = rows.where(ImportRow.number > reached.get(kind, 0)).order_by(ImportRow.number).limit(size)
    found = list(db.session.execute(rows)) if size > 0 else []
    if found:
        reached[kind] = found[-1].number
    return found


def let_go(*kinds: type[Base]) -> None:
    """Forget records that were written and are not needed any more."""
    db.session.flush()
    for record in list(db.session):
        if isinstance(record, kinds):
            db.session.expunge(record)
