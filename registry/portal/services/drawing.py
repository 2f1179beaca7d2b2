"""The copy that is shown is drawn anew from what stands behind it; only what differs is written."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import delete, select

from registry.base.extensions import db
from registry.matching.normalise import fold
from registry.portal.models import PortalMark, PublicRow
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


def redraw(*, at: datetime, on: date) -> int:
    """Every collection whole; how many rows were written or taken away."""
    mark = _mark()
    mark.seq, mark.redrawn_at = _end_of_trail(), at
    open_ = public.portal()
    changed = _drop_closed(open_.collections if open_ else {})
    if open_ is not None:
        changed += _entries(open_, None, at=at, on=on) + _others(open_, at=at, on=on)
    return changed


def renew(*, at: datetime, on: date) -> int:
    """What the trail says was touched since the last time, and the collections that are few; as `redraw`."""
    mark, open_ = _mark(), public.portal()
    seq = _end_of_trail()
    if open_ is None:
        mark.seq = seq
        return 0
    touched = _touched(mark.seq, seq)
    changed = _entries(open_, touched, at=at, on=on) if touched else 0
    mark.seq = seq
    return changed + _others(open_, at=at, on=on)


def of_firms(firm_ids: Iterable[int], *, at: datetime, on: date) -> int:
    """Entries of these firms, at once."""
    open_ = public.portal()
    return _entries(open_, set(firm_ids), at=at, on=on) if open_ is not None else 0


def of_few(*, at: datetime, on: date) -> int:
    """The collections beside the entries, at once."""
    open_ = public.portal()
    return _others(open_, at=at, on=on) if open_ is not None else 0


# -- what is drawn --------------------------------------------------------------------------------
def _entries(open_: OpenPortal, firm_ids: set[int] | None, *, at: datetime, on: date) -> int:
    if ENTRIES not in open_.collections:
        return 0
    collection, allowed = open_.collections[ENTRIES]
    changed, seen = 0, set[str]()
    for piece in _pieces(sources.entries(firm_ids, on)):
        wanted = {
            subject: _public(fields, chosen(collection, set(keys) & set(allowed))) for subject, keys, fields in piece
        }
        seen |= wanted.keys()
        changed += _write(ENTRIES, wanted, at)
    gone = _subjects(ENTRIES, firm_ids) - seen
    return changed + _take_away(ENTRIES, gone)


def _others(open_: OpenPortal, *, at: datetime, on: date) -> int:
    found: dict[str, Iterable[tuple[str, Fields]]] = {
        NOTICES: sources.notices(open_.setting, on),
        STORIES: sources.stories(),
        PROGRESS: sources.progress(),
        RESOURCES: sources.resources(on),
    }
    changed = 0
    for code, rows in found.items():
        if code not in open_.collections:
            continue
        keys = open_.collections[code][1]
        wanted = {subject: _public(fields, keys) for subject, fields in rows}
        for piece in _pieces(wanted.items()):
            changed += _write(code, dict(piece), at)
        changed += _take_away(code, _subjects(code, None) - wanted.keys())
    return changed


def _public(fields: Fields, keys: Iterable[str]) -> Fields:
    """Of these fields those that are public, in the order of the published list; an empty one is left out."""
    return {key: fields[key] for key in keys if fields.get(key)}


def _write(code: str, wanted: Mapping[str, Fields], at: datetime) -> int:
    rows = select(PublicRow).where(PublicRow.collection == code, PublicRow.subject.in_(wanted))
    held = {row.subject: row for row in db.session.scalars(rows)}
    changed = 0
    for subject, values in wanted.items():
        digest = _digest(values)
        row = held.get(subject)
        if row is not None and row.digest == digest:
            continue
        changed += 1
        if row is None:
            row = PublicRow(collection=code, subject=subject, key=secrets.token_hex(6))
            db.session.add(row)
        for name, value in {**_found_by(code, values), "values": values, "digest": digest, "at": at}.items():
            setattr(row, name, value)
    db.session.flush()
    db.session.expire_all()
    return changed


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


def _take_away(code: str, subjects: Iterable[str]) -> int:
    gone = sorted(subjects)
    for piece in _pieces(gone):
        db.session.execute(delete(PublicRow).where(PublicRow.collection == code, PublicRow.subject.in_(piece)))
    return len(gone)


def _drop_closed(open_: Mapping[str, Any]) -> int:
    """Collections that are closed leave nothing behind."""
    codes = set(db.session.scalars(select(PublicRow.collection).distinct())) - set(open_)
    return sum(_take_away(code, _subjects(code, None)) for code in sorted(codes))


def _mark() -> PortalMark:
    row = db.session.get(PortalMark, 1)
    if row is None:
        row = PortalMark(id=1, seq=0)
        db.session.add(row)
    return row


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
