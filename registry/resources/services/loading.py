"""A workbook of resources is brought, looked at, and applied in one go or given up."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from registry.base import independence
from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.people.models import Office
from registry.qualifications.services.loading import hold, settle
from registry.resources import sheets, texts
from registry.resources.models import ResourceLoad
from registry.resources.services import judging, recording
from registry.resources.services.judging import WRITES, JudgedResource, ResourceOutcome
from registry.sheets.brought import BroughtRow
from registry.sheets.uploaded import shown_name
from registry.trail.services import trail

ROWS_MOST, CHANGES_MOST = 5_000, 500
"""Rows of one workbook, and rows that it may write: the database is held for as long as they take."""


def bring(actor: Actor, office: Office, content: bytes, *, filename: str, at: datetime, on: date) -> ResourceLoad:
    """Read a workbook and keep its rows until somebody settles them; no resource is touched.

    Raises NotAllowed, FileRefused, FieldError('file').
    """
    if not can(actor, "resource.load") or actor.user_id is None:
        raise NotAllowed
    if word := independence.named_in(filename):
        raise FieldError("file", independence.REFUSED, word=word)
    rows, reading = _read(content, filename)
    if not rows:
        raise FieldError("file", texts.NO_ROWS)
    if len(rows) > ROWS_MOST:
        raise FieldError("file", texts.ROWS_MANY, count=len(rows), limit=ROWS_MOST)
    counts = judging.counts(judging.judge(actor, rows, on))
    if (writes := sum(counts[outcome] for outcome in WRITES)) > CHANGES_MOST:
        raise FieldError("file", texts.CHANGES_MANY, count=writes, limit=CHANGES_MOST)
    load = ResourceLoad(
        office=office, by_id=actor.user_id, by_name=actor.name, at=at, filename=shown_name(filename),
        sha256=sha256(content).hexdigest(), rows=[row.plain() for row in rows], reading=reading, counts=counts,
    )  # fmt: skip
    db.session.add(load)
    db.session.flush()
    trail.record(actor, "bring_resources", load, at=at, after=counts, source=load.filename)
    return load


def _read(content: bytes, filename: str) -> tuple[list[BroughtRow], dict[str, object]]:
    with tempfile.NamedTemporaryFile(prefix="registry-") as file:
        file.write(content)
        file.flush()
        with sheets.open_book(Path(file.name), name=filename) as table:
            rows = sheets.read_rows(table)
            return rows, sheets.reading(table)


def judged(actor: Actor, load: ResourceLoad, on: date) -> list[JudgedResource]:
    """What the rows would do now."""
    return judging.judge(actor, [BroughtRow.of(row) for row in load.rows], on)


def apply(actor: Actor, load: ResourceLoad, *, seen: str, reason: str, at: datetime, on: date) -> Counter[str]:
    """Write what was shown (`seen`: its digest); how many rows of each outcome. Raises RegistryError, FieldError."""
    hold(load)
    found = judged(actor, load, on)
    if judging.digest(found) != seen:
        raise RegistryError(texts.MOVED)
    writing = [one for one in found if one.outcome in WRITES]
    if not writing:
        raise RegistryError(texts.NOTHING_TO_APPLY)
    if not reason.strip() and any(one.doubtful or one.outcome is ResourceOutcome.CORRECTED for one in writing):
        raise FieldError("reason", texts.REASON_NEEDED)
    for one in writing:
        _write(actor, one, reason.strip(), at=at, on=on)
    load.counts, load.reason = judging.counts(found), reason.strip()
    _settle(actor, load, "applied", at=at)
    trail.record(
        actor, "load_resources", load, at=at, after=load.counts, reason=load.reason, source=load.filename
    )  # fmt: skip
    return Counter(one.outcome.value for one in found)


def give_up(actor: Actor, load: ResourceLoad, *, at: datetime) -> None:
    """放弃: nothing of it is written. Raises RegistryError where it is settled."""
    hold(load)
    _settle(actor, load, "given_up", at=at)
    trail.record(actor, "give_up_resources", load, at=at, source=load.filename)


def _write(actor: Actor, one: JudgedResource, reason: str, *, at: datetime, on: date) -> None:
    if one.facts is None or one.owner is None:
        raise NotAllowed
    answered = reason if one.doubtful else ""
    if one.target is None:
        recording.enter(actor, one.owner, one.facts, doubt_reason=answered, at=at, on=on)
    else:
        recording.correct(
            actor, one.target, one.facts, seen=one.target.revision, reason=reason, doubt_reason=answered, at=at, on=on
        )  # fmt: skip


def _settle(actor: Actor, load: ResourceLoad, outcome: str, *, at: datetime) -> None:
    """Contacts are kept no longer than they are needed."""
    load.rows = []
    settle(actor, load, outcome, at=at)
