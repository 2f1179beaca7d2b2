"""The file of an upper level is brought, looked at, and recorded in one go or given up."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from registry.base.errors import FieldError, NotAllowed
from registry.base.permissions import Actor, can
from registry.filings.rules.chain import ChainLevel
from registry.filings.services import filing as filings
from registry.levelfiles import sheets, texts
from registry.levelfiles.models import LevelLoad
from registry.levelfiles.services import judging
from registry.levelfiles.services.judging import WRITES, JudgedAnswer, LevelOutcome
from registry.people.models import Office
from registry.qualifications.services import brought
from registry.trail.services import trail


def bring(
    actor: Actor, office: Office, content: bytes, *, filename: str, level: str, day: date | None, reference: str,
    at: datetime, on: date,
) -> LevelLoad:  # fmt: skip
    """Read a file and keep its rows until they are settled; no filing is touched.

    `day` and `reference` stand for rows that say none. Raises NotAllowed, FileRefused, FieldError('file', 'day').
    """
    if not can(actor, "levelfile.load"):
        raise NotAllowed
    if day is not None and day > on:
        raise FieldError("day", texts.DAY_FUTURE, day=day.isoformat())
    rows, reading = brought.opened(
        content, filename, sheets.open_file, sheets.read_rows, sheets.reading, nothing=texts.NO_ROWS
    )
    about = LevelLoad(level=ChainLevel(level).value, day=day, reference=reference.strip())
    counts = judging.counts(judging.judge(actor, rows, about, on))
    brought.refuse_many(counts, WRITES)
    return brought.keep(
        actor, LevelLoad, office, content, filename=filename, rows=rows, reading=reading, counts=counts,
        verb="bring_level_file", at=at, more={"level": about.level, "day": day, "reference": about.reference},
    )  # fmt: skip


def judged(actor: Actor, load: LevelLoad, on: date) -> list[JudgedAnswer]:
    """What the rows would record now."""
    return judging.judge(actor, brought.rows_of(load), load, on)


def apply(
    actor: Actor, load: LevelLoad, *, seen: str, reason: str, reason_code: str | None, at: datetime, on: date
) -> Counter[str]:  # fmt: skip
    """Record what was shown (`seen`: its digest), each filing with its rows on the trail.

    `reason_code`: of rows that were sent back without one. Raises RegistryError, FieldError.
    """
    if not can(actor, "levelfile.settle", load):
        raise NotAllowed
    brought.hold(load)
    found = judged(actor, load, on)
    writing = brought.to_write(found, WRITES, LevelOutcome.SAME, digest=judging.digest(found), seen=seen, reason=reason)
    if any(one.uncoded for one in writing) and not reason_code:
        raise FieldError("reason_code", texts.CODE_NEEDED)
    for one in writing:
        _record(actor, load, one, reason_code, at=at, on=on)
    load.counts, load.reason = judging.counts(found), reason.strip()
    brought.settle(actor, load, "applied", at=at)
    trail.record(actor, "load_level_file", load, at=at, after=load.counts, reason=load.reason, source=load.filename)
    return Counter(one.outcome.value for one in found)


def _record(
    actor: Actor, load: LevelLoad, one: JudgedAnswer, reason_code: str | None, *, at: datetime, on: date
) -> None:
    if one.filing is None or one.day is None:
        raise NotAllowed
    filings.record_level(
        actor, one.filing, load.level, passed=one.outcome is LevelOutcome.PASSED, day=one.day, at=at, on=on,
        reference_no=one.reference, reason_code=one.reason_code or reason_code, note=one.note,
    )  # fmt: skip


def give_up(actor: Actor, load: LevelLoad, *, at: datetime) -> None:
    """放弃: nothing of it is recorded. Raises RegistryError where it is settled."""
    brought.hold(load)
    brought.settle(actor, load, "given_up", at=at)
    trail.record(actor, "give_up_level_file", load, at=at, source=load.filename)
