"""The trail's only writer, and its verifier: rows chained by hash in the order of their sequence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from registry.base.extensions import db, provided
from registry.base.permissions import Actor
from registry.trail.models import TrailEntry, TrailHead
from registry.trail.services import anchoring

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
    `details` are the other fields of `Act`. What a deputy does to what waits for the absent person says for whom.
    """
    if absent := _absent(actor, subject):
        details["after"] = {**(details.get("after") or {}), "acting_for": absent}
    record_all(actor, [Act(verb, *_subject(subject), **details)], at=at)


def _absent(actor: Actor, subject: Any) -> str:
    """For whom a deputy settles it. What else bears the absent person's name is the deputy's own act: whoever checks
    what a colleague entered is a second person, and does it for nobody."""
    if not actor.stands_in_for:
        return ""
    kinds = (one for declared in provided("belongings") for one in declared if one.for_deputy)
    owners = (getattr(subject, one.owner.key) for one in kinds if isinstance(subject, one.owner.class_))
    return actor.acts_for(next(owners, None))


def record_all(actor: Actor, acts: Iterable[Act], *, at: datetime) -> int:
    """Append many acts in one go (a bulk import); the sequence of the last."""
    return append(db.session(), actor, acts, at=at)


def append(session: Session, actor: Actor, acts: Iterable[Act], *, at: datetime) -> int:
    """Append to the chain in `session`; its end stays locked until that session commits."""
    head = locked_head(session)
    seq, last, seals = head.seq, head.hash, head.seals_hash
    rows = []
    for act in acts:
        seq += 1
        row = _row(actor, act, at, seq, last, seals)
        last = row["hash"]
        rows.append(row)
        if act.verb in anchoring.NOTED_AFTER:
            anchoring.wanted(session, act.verb)
    if rows:
        session.execute(insert(TrailEntry), rows)
        head.seq, head.hash = seq, last
        session.flush()
    return seq


def wait_for_turn() -> None:
    """Wait until no other transaction is about to append; what comes after sees what that one did."""
    locked_head(db.session())


def locked_head(session: Session) -> TrailHead:
    """The ends of the chains, nobody else's until this transaction is over."""
    # a head read before the lock was ours may be behind
    locked = select(TrailHead).with_for_update().execution_options(populate_existing=True)
    return session.scalars(locked).one()


@dataclass(frozen=True)
class Verification:
    """`rows` fit, the last of them with hash `head`; `broken` is the first sequence that does not, and why.

    `fault`: `missing` (a row is), `link` (the hash of the row before differs), `content` (the row's own content does),
    `tail` (the chain and its recorded head disagree), `anchor` (the row noted outside is missing or differs).
    """

    rows: int
    head: str
    broken: int | None = None
    fault: str = ""

    @property
    def anchor(self) -> str:
        """What to note down outside this database: SEQ:HASH."""
        return f"{self.rows}:{self.head}"


def verify(*, anchor: tuple[int, str] | None = None) -> Verification:
    """Walk the chain from its start; `anchor` (sequence, hash) kept outside the database also finds a cut tail.

    Takes no lock: rows appended meanwhile are walked too. About 30,000 rows a second.
    """
    walked, found = Verification(0, GENESIS), None
    while True:
        walked, read, at_anchor = _walk(walked, anchor[0] if anchor else 0)
        found = found or at_anchor
        head = db.session.execute(select(TrailHead.seq, TrailHead.hash)).one()
        if walked.broken or (head.seq, head.hash) == (walked.rows, walked.head) or not read:
            break
    if walked.broken:
        return walked
    if (head.seq, head.hash) != (walked.rows, walked.head):
        return replace(walked, broken=walked.rows + 1, fault="tail")
    if anchor and found != anchor[1]:
        return replace(walked, broken=anchor[0], fault="anchor")
    return walked


def head() -> str:
    """The end of the chain as SEQ:HASH, unchecked."""
    row = db.session.execute(select(TrailHead.seq, TrailHead.hash)).one()
    return f"{row.seq}:{row.hash}"


def _walk(walked: Verification, anchored: int) -> tuple[Verification, int, str | None]:
    """Go on from where `walked` ended: how far it fits now, how many rows were read, the hash at row `anchored`."""
    rows, previous, at_anchor = walked.rows, walked.head, None
    statement = select(*COLUMNS).where(TrailEntry.seq > rows).order_by(TrailEntry.seq)
    for entry in db.session.execute(statement.execution_options(yield_per=1000)):
        if fault := _fault(entry, rows + 1, previous):
            return Verification(rows, previous, rows + 1, fault), 1, at_anchor
        rows, previous = rows + 1, entry.hash
        if rows == anchored:
            at_anchor = entry.hash
    return Verification(rows, previous), rows - walked.rows, at_anchor


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
COLUMNS = tuple(getattr(TrailEntry, name) for name in (*_HASHED, "seals_hash", "previous_hash", "hash"))


def _row(actor: Actor, act: Act, at: datetime, seq: int, previous: str, seals: str) -> dict[str, Any]:
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
        "seals_hash": seals,
    }
    return {**row, "previous_hash": previous, "hash": digest(row, previous)}


def _fault(entry: Any, expected: int, previous: str) -> str:
    if entry.seq != expected:
        return "missing"
    if entry.previous_hash != previous:
        return "link"
    if digest(hashed(entry), previous) != entry.hash:
        return "content"
    return ""


def hashed(entry: Any) -> dict[str, Any]:
    """What the hash of an entry is taken of, beside the hash of the one before."""
    fields = {name: getattr(entry, name) for name in _HASHED}
    if entry.seals_hash is not None:  # entries from before rows were sealed have none
        fields["seals_hash"] = entry.seals_hash
    return fields


def _subject(subject: Any) -> tuple[str, int | None, str]:
    if isinstance(subject, str):
        return subject, None, ""
    label = getattr(subject, "name", None) or getattr(subject, "filename", None) or ""
    return subject.__tablename__, subject.id, str(label)
