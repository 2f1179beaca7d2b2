"""A workbook of resources is brought, looked at, and applied in one go or given up."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from registry.base.errors import NotAllowed
from registry.base.permissions import Actor, can
from registry.people.models import Office
from registry.qualifications.services import brought
from registry.resources import sheets, texts
from registry.resources.models import ResourceLoad
from registry.resources.services import judging, recording
from registry.resources.services.judging import WRITES, JudgedResource, ResourceOutcome
from registry.trail.services import trail


def bring(actor: Actor, office: Office, content: bytes, *, filename: str, at: datetime, on: date) -> ResourceLoad:
    """Read a workbook and keep its rows until somebody settles them; no resource is touched.

    Raises NotAllowed, FileRefused, FieldError('file').
    """
    if not can(actor, "resource.load"):
        raise NotAllowed
    rows, reading = brought.opened(
        content, filename, sheets.open_book, sheets.read_rows, sheets.reading, nothing=texts.NO_ROWS
    )
    counts = judging.counts(judging.judge(actor, rows, on))
    brought.refuse_many(counts, WRITES)
    return brought.keep(
        actor, ResourceLoad, office, content, filename=filename, rows=rows, reading=reading, counts=counts,
        verb="bring_resources", at=at,
    )  # fmt: skip


def judged(actor: Actor, load: ResourceLoad, on: date) -> list[JudgedResource]:
    """What the rows would do now."""
    return judging.judge(actor, brought.rows_of(load), on)


def apply(actor: Actor, load: ResourceLoad, *, seen: str, reason: str, at: datetime, on: date) -> Counter[str]:
    """Write what was shown (`seen`: its digest); how many rows of each outcome. Raises RegistryError, FieldError."""
    brought.hold(load)
    found = judged(actor, load, on)
    writing = brought.to_write(
        found, WRITES, ResourceOutcome.CORRECTED, digest=judging.digest(found), seen=seen, reason=reason
    )
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
    brought.hold(load)
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
    brought.settle(actor, load, outcome, at=at)
