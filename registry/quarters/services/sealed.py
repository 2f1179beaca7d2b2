"""What a snapshot's tables hold for a frozen text, the digest over all of it, and whether both still agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.quarters.models import Snapshot, SnapshotChange, SnapshotRow
from registry.quarters.queries import snapshots
from registry.quarters.rules.certificates import PartsTaken, Standing
from registry.quarters.rules.frozen import Digest, digest, thawed
from registry.trail.models import TrailEntry

REACH = ("office_id", "county", "lead_bureau_id", "co_bureaus")
HEAD = (
    "quarter", "as_of", "closed_at", "closed_by_id", "closed_by_name", "note", "rows", "changes", "chain_seq",
    "chain_hash", "header", "checklist",
)  # fmt: skip


def whole(values: Mapping[str, Any], rows: Iterable[str], told: Iterable[str]) -> str:
    """The digest of a snapshot with these values, from the digests of its rows and changes.

    `header` holds the digest of the snapshot before, so that the quarters are a chain of their own.
    """
    head = {name: values[name] for name in HEAD}
    head["closed_at"] = values["closed_at"].astimezone(UTC)
    found = Digest(head)
    found.add(rows)
    found.add(told)
    return found.hexdigest()


def row_of(snapshot_id: int, number: int, text: str) -> dict[str, Any]:
    row = thawed(text)
    return {
        "snapshot_id": snapshot_id, "number": number, "firm_id": row["firm_id"], "stage": row["stage"],
        "tier": row["tier"], "payload": text, "digest": digest(text), **{key: row[key] for key in REACH},
    }  # fmt: skip


def change_of(snapshot_id: int, number: int, text: str) -> dict[str, Any]:
    row = thawed(text)
    return {
        "snapshot_id": snapshot_id, "number": number, "firm_id": row["firm_id"], "kind": row["kind"], "payload": text,
        **{key: row[key] for key in REACH},
    }  # fmt: skip


# -- checking -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SealCheck:
    """`fault`: `row`, `columns`, `count`, `digest`, `certificates`, `beside`, `trail`, `chain`, or empty.

    `number` is the first wrong row.
    """

    quarter: str
    rows: int
    digest: str
    fault: str = ""
    number: int | None = None


def verify(snapshot: Snapshot) -> SealCheck:
    """Recompute every digest of a closed quarter and look for its closing, with the same digest, on the trail."""
    lines: list[str] = []
    parts = PartsTaken()
    statement = select(SnapshotRow).where(SnapshotRow.snapshot_id == snapshot.id).order_by(SnapshotRow.number)
    for row in db.session.scalars(statement.execution_options(yield_per=snapshots.BATCH)):
        lines.append(digest(row.payload))
        parts.add({"office_id": row.office_id, "lead_bureau_id": row.lead_bureau_id}, lines[-1])
        expected = row_of(snapshot.id, len(lines), row.payload)
        if row.digest != lines[-1]:
            return SealCheck(snapshot.quarter, len(lines), snapshot.digest, "row", row.number)
        if any(getattr(row, key) != value for key, value in expected.items()):
            return SealCheck(snapshot.quarter, len(lines), snapshot.digest, "columns", row.number)
    told = select(SnapshotChange).where(SnapshotChange.snapshot_id == snapshot.id).order_by(SnapshotChange.number)
    texts = [row.payload for row in db.session.scalars(told.execution_options(yield_per=snapshots.BATCH))]
    fault = _fault(snapshot, lines, texts)
    if not fault and digest(snapshot.beside) != snapshot.header.get("beside", digest("")):
        fault = "beside"
    if not fault and not _covered(snapshot, parts):
        fault = "certificates"
    return SealCheck(snapshot.quarter, len(lines), snapshot.digest, fault)


def _covered(snapshot: Snapshot, parts: PartsTaken) -> bool:
    """Every row stands in a certificate over just these rows, or in a part that names why there is none."""
    told = snapshots.certified(snapshot)
    if told is None:
        return True
    settled = all(line.standing is Standing.CERTIFIED or line.without for line in told)
    return settled and {line.office_id: (line.rows, line.digest) for line in told} == {
        part.office_id: (part.rows, part.digest) for part in parts.parts().values()
    }


def _fault(snapshot: Snapshot, rows: list[str], told: list[str]) -> str:
    if (len(rows), len(told)) != (snapshot.rows, snapshot.changes):
        return "count"
    values = {name: getattr(snapshot, name) for name in HEAD}
    if whole(values, rows, (digest(text) for text in told)) != snapshot.digest:
        return "digest"
    closing = select(TrailEntry).where(
        TrailEntry.verb == "close_quarter", TrailEntry.subject_kind == "quarter", TrailEntry.subject_id == snapshot.id
    )
    act = db.session.scalars(closing).one_or_none()
    if act is None or (act.after or {}).get("digest") != snapshot.digest:
        return "trail"
    at_head = select(TrailEntry.hash).where(TrailEntry.seq == snapshot.chain_seq)
    return "" if snapshot.chain_seq == 0 or db.session.scalar(at_head) == snapshot.chain_hash else "chain"
