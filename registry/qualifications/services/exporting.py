"""The qualifications of a query leave as a workbook, and who took them is on the trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from sqlalchemy import func, select

from registry.base.errors import NotAllowed, SheetTooLong
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.base.pieces import pieces
from registry.base.steady import written_steadily
from registry.qualifications import sheets
from registry.qualifications.models import Qualification
from registry.qualifications.queries import qualifications
from registry.qualifications.queries.kinds import kinds, warning_days
from registry.qualifications.queries.qualifications import QualificationQuery
from registry.qualifications.rules.states import WarningDays, state_of
from registry.qualifications.texts import HOLDER_LABELS, STATE_LABELS, WITHIN
from registry.trail.services import trail
from registry.trail.services.trail import Act

MOST = 20_000
"""Rows of one workbook; whoever wants more narrows the query."""
_CHUNK = 500


@dataclass(frozen=True)
class QualificationExport:
    """The finished file, at its beginning, to be closed by whoever sends it."""

    file: IO[bytes]
    rows: int
    digest: str
    filter_text: str


def take(actor: Actor, wanted: QualificationQuery, *, filter_text: str, at: datetime, on: date) -> QualificationExport:
    """Write every row of the query into a temporary file; `record` then puts it on the trail.

    Raises NotAllowed, SheetTooLong.
    """
    if not can(actor, "qualification.export"):
        raise NotAllowed
    file, count, digest = written_steadily(lambda file: _write(file, actor, wanted, filter_text, at, on))
    return QualificationExport(file, count, digest, filter_text)


def record(actor: Actor, taken: QualificationExport, *, at: datetime) -> None:
    after = {"filter": taken.filter_text, "rows": taken.rows, "sha256": taken.digest}
    trail.record_all(actor, [Act("export", "qualification", subject_label="xlsx", after=after)], at=at)


def _write(file: IO[bytes], actor: Actor, wanted: QualificationQuery, filter_text: str, at: datetime, on: date) -> int:
    statement = qualifications.matching(actor, wanted, on, warning_days(on))
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    if total > MOST:
        raise SheetTooLong(limit=MOST)
    names = [kind.name for kind in kinds().values()]
    return sheets.write_book(file, _rows(statement, on), names, filter_text=filter_text, as_of=f"{at:%Y-%m-%d %H:%M}")


def _rows(statement: Any, on: date) -> Iterator[dict[str, Any]]:
    days, named = warning_days(on), kinds()
    ids = list(db.session.scalars(statement.with_only_columns(Qualification.id)))
    for chunk in pieces(ids, _CHUNK):
        rows = select(Qualification).where(Qualification.id.in_(chunk))
        held = {row.id: row for row in db.session.scalars(rows).unique()}
        lines = qualifications.items_of(chunk)
        for number in chunk:
            row = held[number]
            yield {
                "record": str(row.id),
                "name": row.holder.name,
                "credit_code": row.holder.credit_code,
                "holder": HOLDER_LABELS[row.holder.__tablename__],
                "kind": named[row.kind].name,
                "items": lines.get(row.id, ()),
                "state": _state(row, on, days),
                **{key: getattr(row, key) for key in ("number", "issuer", "scope", "valid_from", "valid_to")},
            }


def _state(row: Qualification, on: date, days: WarningDays) -> str:
    state = state_of(row, on, days)
    within = {"first": days.first, "last": days.last}.get(state)
    return STATE_LABELS[state] if within is None else WITHIN % {"days": within}
