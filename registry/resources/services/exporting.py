"""The resources of a query leave as a workbook, and who took them is on the trail; contacts never go along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from sqlalchemy import select

from registry.base.errors import NotAllowed, SheetTooLong
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.base.steady import written_steadily
from registry.reference.queries import reference
from registry.resources import sheets
from registry.resources.models import Resource
from registry.resources.queries import resources
from registry.resources.queries.kinds import kinds
from registry.resources.queries.resources import ResourceQuery
from registry.resources.rules.rights import sees_whole
from registry.resources.rules.states import state_of
from registry.resources.sheets import OfferedWords
from registry.resources.texts import STATE_LABELS
from registry.trail.services import trail
from registry.trail.services.trail import Act

MOST = 20_000
"""Rows of one workbook; whoever wants more narrows the query."""
_CHUNK = 500
_PLAIN = (
    "place",
    "maker",
    "model",
    "capability",
    "price",
    "contact_public",
    "valid_from",
    "valid_to",
    "wishes_release",
)


@dataclass(frozen=True)
class ResourceExport:
    """The finished file, at its beginning, to be closed by whoever sends it."""

    file: IO[bytes]
    rows: int
    digest: str
    filter_text: str


def take(actor: Actor, wanted: ResourceQuery, *, filter_text: str, at: datetime, on: date) -> ResourceExport:
    """Write every row of the query into a temporary file; `record` then puts it on the trail.

    Raises NotAllowed, SheetTooLong.
    """
    if not can(actor, "resource.export"):
        raise NotAllowed
    file, count, digest = written_steadily(lambda file: _write(file, actor, wanted, filter_text, at, on))
    return ResourceExport(file, count, digest, filter_text)


def record(actor: Actor, taken: ResourceExport, *, at: datetime) -> None:
    after = {"filter": taken.filter_text, "rows": taken.rows, "sha256": taken.digest}
    trail.record_all(actor, [Act("export", "resource", subject_label="xlsx", after=after)], at=at)


def offered_words() -> OfferedWords:
    names = [kind.name for kind in kinds().values()]
    return OfferedWords(names, [row.short_name for row in reference.counties_and_zones()])


def _write(file: IO[bytes], actor: Actor, wanted: ResourceQuery, filter_text: str, at: datetime, on: date) -> int:
    statement = resources.matching(actor, wanted, on)
    if resources.count(statement) > MOST:
        raise SheetTooLong(limit=MOST)
    rows, as_of = _rows(actor, statement, on), f"{at:%Y-%m-%d %H:%M}"
    return sheets.write_book(file, rows, offered_words(), filter_text=filter_text, as_of=as_of)


def _rows(actor: Actor, statement: Any, on: date) -> Iterator[dict[str, Any]]:
    ids = list(db.session.scalars(statement.with_only_columns(Resource.id)))
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        held = {row.id: row for row in db.session.scalars(select(Resource).where(Resource.id.in_(chunk))).unique()}
        yield from (_line(actor, held[number], on) for number in chunk)


def _line(actor: Actor, row: Resource, on: date) -> dict[str, Any]:
    """One of another office's is written with what it released, and no serial number nor code."""
    owner, own = row.firm or row.institution, sees_whole(actor, row)
    return {
        "record": str(row.id),
        "title": row.name,
        "kind": kinds()[row.kind].name,
        "name": row.owner_name,
        "credit_code": owner.credit_code if own and owner else None,
        "division": row.where.short_name,
        "serial": row.serial if own else None,
        "state": STATE_LABELS[state_of(row, on)],
        **{name: getattr(row, name) for name in _PLAIN},
    }
