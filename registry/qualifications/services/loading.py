"""A workbook of qualifications is brought, looked at, and applied in one go or given up."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from registry.base.errors import NotAllowed
from registry.base.permissions import Actor, can
from registry.people.models import Office
from registry.qualifications import sheets, texts
from registry.qualifications.models import QualificationLoad
from registry.qualifications.services import brought, judging, recording
from registry.qualifications.services.judging import WRITES, JudgedRow, RowOutcome
from registry.qualifications.services.recording import CertificateEntry
from registry.trail.services import trail


def bring(actor: Actor, office: Office, content: bytes, *, filename: str, at: datetime, on: date) -> QualificationLoad:
    """Read a workbook and keep its rows until somebody settles them; no certificate is touched.

    Raises NotAllowed, FileRefused, FieldError('file').
    """
    if not can(actor, "qualification.load"):
        raise NotAllowed
    rows, reading = brought.opened(
        content, filename, sheets.open_book, sheets.read_rows, sheets.reading, nothing=texts.NO_ROWS
    )
    counts = judging.counts(judging.judge(actor, rows, on))
    brought.refuse_many(counts, WRITES)
    return brought.keep(
        actor, QualificationLoad, office, content, filename=filename, rows=rows, reading=reading, counts=counts,
        verb="bring_qualifications", at=at,
    )  # fmt: skip


def judged(actor: Actor, load: QualificationLoad, on: date) -> list[JudgedRow]:
    """What the rows would do now."""
    return judging.judge(actor, brought.rows_of(load), on)


def apply(actor: Actor, load: QualificationLoad, *, seen: str, reason: str, at: datetime, on: date) -> Counter[str]:
    """Write what was shown (`seen`: its digest); how many rows of each outcome. Raises RegistryError, FieldError."""
    brought.hold(load)
    found = judged(actor, load, on)
    writing = brought.to_write(
        found, WRITES, RowOutcome.CORRECTED, digest=judging.digest(found), seen=seen, reason=reason
    )
    for one in writing:
        _write(actor, one, reason.strip(), at=at, on=on)
    load.counts, load.reason = judging.counts(found), reason.strip()
    brought.settle(actor, load, "applied", at=at)
    trail.record(
        actor, "load_qualifications", load, at=at, after=load.counts, reason=load.reason, source=load.filename
    )  # fmt: skip
    return Counter(one.outcome.value for one in found)


def give_up(actor: Actor, load: QualificationLoad, *, at: datetime) -> None:
    """放弃: nothing of it is written. Raises RegistryError where it is settled."""
    brought.hold(load)
    brought.settle(actor, load, "given_up", at=at)
    trail.record(actor, "give_up_qualifications", load, at=at, source=load.filename)


def _write(actor: Actor, one: JudgedRow, reason: str, *, at: datetime, on: date) -> None:
    if one.facts is None or one.holder is None:
        raise NotAllowed
    answered = reason if one.doubtful else ""
    if one.target is None:
        recording.add(actor, one.holder, CertificateEntry(one.facts, doubt_reason=answered), at=at, on=on)
    elif one.outcome is RowOutcome.RENEWED:
        recording.renew(actor, one.target, CertificateEntry(one.facts, doubt_reason=answered), at=at, on=on)
    else:
        entry = CertificateEntry(one.facts, one.target.proof, answered)
        recording.correct(actor, one.target, entry, reason=reason, at=at, on=on)
