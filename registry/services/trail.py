"""The trail's only writer, and its verifier: rows chained by hash in the order of their sequence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from registry.domain.permissions import Actor
from registry.extensions import db
from registry.models import TrailEntry, TrailHead

GENESIS = "0" * 64


@dataclass(frozen=True)
class Act:
    """One act to record; `before` and `after` hold only what changed, as plain JSON values."""

    verb: str
    subject_kind: str
    subject_id: int | None = None
    subject_label: str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str = ""
    source: str = ""


def record(actor: Actor, verb: str, subject: Any, *, at: datetime, **details: Any) -> None:
    """Append one act in the current transaction.

    `subject` is a model row (its table, id and name or code are taken) or the word for what was acted on.
    `details` are the other fields of `Act`.
    """
    record_all(actor, [Act(verb, *_subject(subject), **details)], at=at)


def record_all(actor: Actor, acts: Iterable[Act], *, at: datetime) -> None:
    """Append many acts in one go (a bulk import)."""
    append(db.session(), actor, acts, at=at)


def append(session: Session, actor: Actor, acts: Iterable[Act], *, at: datetime) -> None:
    """Append to the chain in `session`; its end stays locked until that session commits."""
    head = session.scalars(select(TrailHead).with_for_update()).one()
    seq, last = head.seq, head.hash
    rows = []
    for act in acts:
        seq += 1
        row = _row(actor, act, at, seq, last)
        last = row["hash"]
        rows.append(row)
    if rows:
        session.execute(insert(TrailEntry), rows)
        head.seq, head.hash = seq, last
        session.flush()


@dataclass(frozen=True)
class Verification:
    """`rows` checked; `broken` is the first sequence that does not fit, with what is wrong about it."""

    rows: int
    head: str
    broken: int | None = None
    fault: str = ""


def verify(*, anchor: tuple[int, str] | None = None) -> Verification:
    """Walk the chain from its start; `anchor` (sequence, hash) kept outside the database also finds a cut tail."""
    previous, expected, seen = GENESIS, 0, {}
    for entry in db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq).execution_options(yield_per=1000)):
        expected += 1
        if fault := _fault(entry, expected, previous):
            return Verification(expected - 1, previous, expected, fault)
        previous = entry.hash
        if anchor and entry.seq == anchor[0]:
            seen[entry.seq] = entry.hash
        db.session.expunge(entry)
    head = db.session.scalars(select(TrailHead)).one()
    if (head.seq, head.hash) != (expected, previous):
        return Verification(expected, previous, expected + 1, "the chain ends before its recorded head")
    if anchor and seen.get(anchor[0]) != anchor[1]:
        return Verification(expected, previous, anchor[0], "the anchored row is missing or differs")
    return Verification(expected, previous)


def digest(fields: Mapping[str, Any], previous: str) -> str:
    """SHA-256 over the previous hash and the canonical JSON of `fields`."""
    return hashlib.sha256(previous.encode("ascii") + canonical(fields)).hexdigest()


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain).encode()


def plain(value: Any) -> Any:
    """A JSON value for what our columns hold."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no plain form for {type(value).__name__}")


def plain_all(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` as they come back from a JSON column, so that a hash taken before storing fits after it."""
    result: dict[str, Any] = json.loads(canonical(dict(values)))
    return result


_HASHED = (
    "seq", "at", "actor_id", "actor_name", "office_code", "verb", "subject_kind", "subject_id", "subject_label",
    "before", "after", "reason", "source",
)  # fmt: skip


def _row(actor: Actor, act: Act, at: datetime, seq: int, previous: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "seq": seq,
        "at": at,
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "office_code": actor.office_code,
        "verb": act.verb,
        "subject_kind": act.subject_kind,
        "subject_id": act.subject_id,
        "subject_label": act.subject_label[:200],
        "before": None if act.before is None else plain_all(act.before),
        "after": None if act.after is None else plain_all(act.after),
        "reason": act.reason,
        "source": act.source[:200],
    }
    return {**row, "previous_hash": previous, "hash": digest(row, previous)}


def _fault(entry: TrailEntry, expected: int, previous: str) -> str:
    if entry.seq != expected:
        return "a row is missing"
    if entry.previous_hash != previous:
        return "the link to the row before does not fit"
    if digest({name: getattr(entry, name) for name in _HASHED}, previous) != entry.hash:
        return "the row's content was changed"
    return ""


def _subject(subject: Any) -> tuple[str, int | None, str]:
    if isinstance(subject, str):
        return subject, None, ""
    label = getattr(subject, "name", None) or getattr(subject, "filename", None) or ""
    return subject.__tablename__, subject.id, str(label)
