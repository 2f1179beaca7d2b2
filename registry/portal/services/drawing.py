"""The copy that is shown is drawn anew from what stands behind it; only what differs is written."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select, update

from registry.base.extensions import db
from registry.matching.normalise import fold
from registry.portal.models import PortalMark, PortalRelease, PublicRow
from registry.portal.queries import public, sources
from registry.portal.queries.public import OpenPortal
from registry.portal.queries.sources import Fields
from registry.portal.rules.catalog import (
    COLLECTIONS,
    ENTRIES,
    NOTICES,
    PROGRESS,
    RESOURCES,
    SEARCHED,
    STORIES,
    chosen,
)
from registry.trail.models import TrailEntry, TrailHead

Item = TypeVar("Item")
_LONGEST = 600
"""Characters of a row that are searched."""
_CHUNK = 500


@dataclass(frozen=True)
class RowChange:
    """What the copy should say of one thing, where it says something else; `values` None: it is not public any more."""

    collection: str
    subject: str
    values: Fields | None


def hold() -> PortalMark:
    """Of several who release, withdraw or draw at once, each sees what the one before did."""
    row = db.session.get(PortalMark, 1, with_for_update=True, populate_existing=True)
    if row is None:
        row = PortalMark(id=1, seq=0)
        db.session.add(row)
        db.session.flush()
    return row


def redraw(*, at: datetime, on: date) -> int:
    """Every collection whole; how many rows were written or taken away."""
    mark = hold()
    seq, changes = everything(on)
    mark.seq, mark.redrawn_at = seq, at
    return write(changes, at=at)


def everything(on: date) -> tuple[int, list[RowChange]]:
    """The end of the trail, and what would have to change; it only reads, and may take its time."""
    seq, open_ = _end_of_trail(), public.portal()
    changes = _closed(open_.collections if open_ else {})
    if open_ is not None:
        changes += [*_entries(open_, None, on), *_others(open_, on)]
    return seq, changes


def touched(on: date) -> tuple[int, list[RowChange]]:
    """The same of firms that the trail names since the last time, and of the collections that are few."""
    seq, open_, mark = _end_of_trail(), public.portal(), db.session.get(PortalMark, 1)
    if open_ is None:
        return seq, []
    firms = _touched(mark.seq if mark else 0, seq)
    return seq, [*(_entries(open_, firms, on) if firms else ()), *_others(open_, on)]


def renew(*, at: datetime, on: date) -> int:
    """What was touched, at once; how many rows were written or taken away."""
    mark = hold()
    mark.seq, changes = touched(on)
    return write(changes, at=at)


def of_firms(firm_ids: Iterable[int], *, at: datetime, on: date) -> int:
    """Entries of these firms, at once."""
    open_ = public.portal()
    return write(_entries(open_, set(firm_ids), on), at=at) if open_ is not None else 0


def of_few(*codes: str, at: datetime, on: date) -> int:
    """These collections beside the entries, at once."""
    open_ = public.portal()
    return write(_others(open_, on, codes), at=at) if open_ is not None else 0


# -- what should change -----------------------------------------------------------------------------
def _entries(open_: OpenPortal, firm_ids: set[int] | None, on: date) -> Iterator[RowChange]:
    if ENTRIES not in open_.collections:
        return
    collection, allowed = open_.collections[ENTRIES]
    seen = set[str]()
    for piece in _pieces(sources.entries(firm_ids, on)):
        wanted = {
            subject: _public(fields, chosen(collection, set(keys) & set(allowed))) for subject, keys, fields in piece
        }
        seen |= wanted.keys()
        yield from _differing(ENTRIES, wanted)
    for subject in sorted(_subjects(ENTRIES, firm_ids) - seen):
        yield RowChange(ENTRIES, subject, None)


def _others(open_: OpenPortal, on: date, codes: Iterable[str] = ()) -> Iterator[RowChange]:
    found: dict[str, Callable[[], Iterable[tuple[str, Fields]]]] = {
        NOTICES: lambda: sources.notices(open_.setting, on),
        STORIES: sources.stories,
        PROGRESS: sources.progress,
        RESOURCES: lambda: sources.resources(on),
    }
    for code in codes or found:
        if code in open_.collections:
            keys = open_.collections[code][1]
            wanted = {subject: _public(fields, keys) for subject, fields in found[code]()}
            for piece in _pieces(wanted.items()):
                yield from _differing(code, dict(piece))
            for subject in sorted(_subjects(code, None) - wanted.keys()):
                yield RowChange(code, subject, None)


def _closed(open_: Mapping[str, Any]) -> list[RowChange]:
    """Collections that are closed leave nothing behind."""
    codes = set(db.session.scalars(select(PublicRow.collection).distinct())) - set(open_)
    return [RowChange(code, subject, None) for code in sorted(codes) for subject in sorted(_subjects(code, None))]


def _public(fields: Fields, keys: Iterable[str]) -> Fields:
    """Of these fields those that are public, in the order of the published list; an empty one is left out."""
    return {key: fields[key] for key in keys if fields.get(key)}


def _differing(code: str, wanted: Mapping[str, Fields]) -> Iterator[RowChange]:
    rows = select(PublicRow.subject, PublicRow.digest).where(
        PublicRow.collection == code, PublicRow.subject.in_(wanted)
    )
    held = {row.subject: row.digest for row in db.session.execute(rows)}
    for subject, values in wanted.items():
        if held.get(subject) != _digest(values):
            yield RowChange(code, subject, values)


# -- it is changed ----------------------------------------------------------------------------------
def write(changes: Iterable[RowChange], *, at: datetime) -> int:
    """Write them; of entries only those that are released still, whatever was read before. How many there were."""
    count = 0
    for piece in _pieces(changes):
        gone = [one for one in piece if one.values is None]
        told = [one for one in _still_released(piece) if one.values is not None]
        for code in {one.collection for one in gone}:
            subjects = [one.subject for one in gone if one.collection == code]
            db.session.execute(delete(PublicRow).where(PublicRow.collection == code, PublicRow.subject.in_(subjects)))
        for one in told:
            _write_one(one, at)
        db.session.flush()
        count += len(gone) + len(told)
    return count


def _still_released(piece: list[RowChange]) -> list[RowChange]:
    ids = {int(one.subject) for one in piece if one.collection == ENTRIES and one.values is not None}
    if not ids:
        return piece
    rows = select(PortalRelease.firm_id).where(PortalRelease.firm_id.in_(ids), PortalRelease.ended_at.is_(None))
    standing = {str(number) for number in db.session.scalars(rows)}
    return [one for one in piece if one.collection != ENTRIES or one.subject in standing]


def _write_one(change: RowChange, at: datetime) -> None:
    values = change.values or {}
    own = PublicRow.collection == change.collection, PublicRow.subject == change.subject
    given = {**_found_by(change.collection, values), "values": values, "digest": _digest(values), "at": at}
    if not db.session.execute(update(PublicRow).where(*own).values(given)).rowcount:  # type: ignore[attr-defined]
        key = secrets.token_hex(6)
        db.session.execute(
            insert(PublicRow).values(collection=change.collection, subject=change.subject, key=key, **given)
        )


def _found_by(code: str, values: Fields) -> dict[str, str]:
    collection = COLLECTIONS[code]
    words = " ".join(fold(values[key]) for key in SEARCHED[code] if key in values)
    return {
        "name_key": words[:_LONGEST],
        "place": values.get(collection.place, ""),
        "facet": values.get(collection.facet, "")[:120],
    }


def _digest(values: Fields) -> str:
    return hashlib.sha256(json.dumps(list(values.items()), ensure_ascii=False).encode()).hexdigest()


# -- what is there ----------------------------------------------------------------------------------
def _subjects(code: str, firm_ids: set[int] | None) -> set[str]:
    rows = select(PublicRow.subject).where(PublicRow.collection == code)
    if firm_ids is not None:
        rows = rows.where(PublicRow.subject.in_([str(number) for number in firm_ids]))
    return set(db.session.scalars(rows))


def _end_of_trail() -> int:
    return db.session.scalar(select(TrailHead.seq)) or 0


def _touched(after: int, last: int) -> set[int]:
    """Firms that an act since then was about; of certificates and the rest the hourly drawing knows."""
    rows = select(TrailEntry.subject_id).where(
        TrailEntry.seq > after, TrailEntry.seq <= last, TrailEntry.subject_kind == "firm"
    )
    return set(_whole(db.session.scalars(rows)))


def _whole(numbers: Iterable[int | None]) -> Iterator[int]:
    return (number for number in numbers if number is not None)


def _pieces(items: Iterable[Item]) -> Iterator[list[Item]]:
    flow = iter(items)
    while piece := list(islice(flow, _CHUNK)):
        yield piece
