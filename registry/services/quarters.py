"""A quarter's directory leaves the house as a workbook; who took it and when is on the trail only."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from registry.domain.errors import NotAllowed, QuarterOpen
from registry.domain.periods import Quarter
from registry.domain.permissions import Actor, can
from registry.extensions import db
from registry.models import sqlite
from registry.queries import quarters
from registry.services import refusals, trail
from registry.services.trail import Act
from registry.sheets.quarterly import write_quarterly

PERMISSION = "quarter.export"


@dataclass(frozen=True)
class Workbook:
    """The finished file; `digest` is of its canonical rows."""

    quarter: Quarter
    content: bytes
    firms: int
    changes: int
    digest: str

    @property
    def filename(self) -> str:
        return f"{self.quarter.label}.xlsx"


def over(text: str, today: date) -> Quarter:
    """The quarter named by `text`. Raises PeriodRefused, and QuarterOpen while it is not over on `today`."""
    quarter = Quarter.parse(text)
    if quarter.last >= today:
        raise QuarterOpen(quarter=quarter.label, last=quarter.last.isoformat())
    return quarter


def workbook(quarter: Quarter) -> Workbook:
    """The quarter's directory of the whole city as a file: the same data give the same bytes.

    Reads from one steady view and holds no lock meanwhile, so the caller's transaction is let go first.
    """
    with _steady_view():
        book = quarters.book(quarter)
    stream = io.BytesIO()
    digest = write_quarterly(stream, book)
    return Workbook(quarter, stream.getvalue(), len(book.rows()), len(book.changes), digest)


def record_export(actor: Actor, taken: Workbook, *, at: datetime) -> None:
    """Put on the trail who took the quarter's directory."""
    after = {"quarter": taken.quarter.label, "rows": taken.firms, "digest": taken.digest}
    trail.record_all(actor, [Act("export", "quarter", subject_label=taken.quarter.label, after=after)], at=at)


def allow(actor: Actor, *, at: datetime) -> None:
    """For those who act without a route in front of them. Raises NotAllowed, and the attempt is recorded."""
    if actor.user_id is not None and not can(actor, PERMISSION):
        refusals.record_refusal(actor, PERMISSION, "registry export", at=at)
        raise NotAllowed


@contextmanager
def _steady_view() -> Iterator[None]:
    if db.session.new or db.session.dirty:
        raise RuntimeError("the view of a quarter would lose the unsaved changes of this request")
    db.session.rollback()
    with sqlite.reading():
        if db.engine.dialect.name == "postgresql":
            db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        try:
            yield
        finally:
            db.session.rollback()
