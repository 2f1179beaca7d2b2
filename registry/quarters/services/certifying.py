"""An office certifies its part of a quarter, or says why not; a certificate ends when the rows under it change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from registry.base.errors import FieldError, NotAllowed, QuarterClosed, QuarterOpen, ReasonNeeded
from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import SYSTEM_ACTOR, Actor, can
from registry.base.steady import steady_view
from registry.notices.services import notices
from registry.people.models import Office
from registry.quarters import texts
from registry.quarters.models import CertifyExtension, QuarterCertificate
from registry.quarters.queries import certificates, closing, quarters, snapshots
from registry.quarters.queries.certificates import PartStanding
from registry.quarters.rules import closing as points
from registry.quarters.rules.certificates import Ended, Standing
from registry.quarters.texts import NothingToCertify, RowsChanged
from registry.reference.queries import reference
from registry.trail.services import trail
from registry.trail.services.trail import Act


def certify(
    actor: Actor, quarter: Quarter, *, seen: str, note: str, at: datetime, on: date
) -> list[QuarterCertificate]:
    """Certify what the actor's office has of the quarter (and what those had in whose place it stands).

    `seen`: the digest of what the person looked at (`seen_digest`). The caller's transaction is let go first.
    Raises NotAllowed, QuarterOpen, QuarterClosed, NothingToCertify, and RowsChanged where the rows are others by now.
    """
    return _say(actor, quarter, seen=seen, note=note, refused="", at=at, on=on)


def refuse(
    actor: Actor, quarter: Quarter, *, seen: str, reason: str, at: datetime, on: date
) -> list[QuarterCertificate]:
    """Say why the office does not certify its part. Raises as `certify`, and ReasonNeeded."""
    if not reason.strip():
        raise ReasonNeeded("refused")
    return _say(actor, quarter, seen=seen, note="", refused=reason.strip(), at=at, on=on)


def seen_digest(own: Iterable[PartStanding]) -> str:
    """What a person looks at who certifies these parts."""
    return "".join(one.part.digest for one in own)


def _say(
    actor: Actor, quarter: Quarter, *, seen: str, note: str, refused: str, at: datetime, on: date
) -> list[QuarterCertificate]:
    if not can(actor, "quarter.certify") or actor.user_id is None:
        raise NotAllowed
    _refuse_unless_open(quarter, on)
    with steady_view():
        parts = quarters.parts(quarter)
    own = certificates.own(actor, certificates.standing(quarter, parts))
    if not own:
        raise NothingToCertify(quarter=quarter.label)
    if seen_digest(own) != seen:
        raise RowsChanged
    return [write(actor, quarter, one, note=note, refused=refused, at=at, on=on) for one in own]


def write(
    actor: Actor, quarter: Quarter, own: PartStanding, *, note: str = "", refused: str = "", at: datetime, on: date
) -> QuarterCertificate:
    """Put down what the office says of `own`, its part as it was read in the present transaction."""
    before = own.certificate
    if before is not None:
        _end(before, Ended.CHANGED if own.standing is Standing.CHANGED else Ended.REPLACED, at=at)
    findings = closing.checklist(quarter, on, [own.office.id])
    said = QuarterCertificate(
        quarter=quarter.label, office_id=own.office.id, rows=own.part.rows, digest=own.part.digest, note=note.strip(),
        refused=refused, points=points.kept(findings), by_id=actor.user_id, by_name=actor.name, at=at,
    )  # fmt: skip
    db.session.add(said)
    try:
        db.session.flush()
    except IntegrityError as error:  # a colleague was faster by a moment
        db.session.rollback()
        raise RowsChanged from error
    after = {"office": own.office.code, "rows": said.rows, "digest": said.digest}
    if not refused:
        after["points"] = sum(finding.count for finding in findings)
    _record(actor, "refuse_quarter" if refused else "certify_quarter", quarter, after, refused or note.strip(), at)
    return said


def extend(
    actor: Actor, quarter: Quarter, office: Office, *, until: date | None, reason: str, at: datetime, on: date
) -> None:
    """Give one office longer; until then the quarter is not closed without its certificate.

    Raises NotAllowed, QuarterOpen, QuarterClosed, ReasonNeeded, FieldError('until').
    """
    if not can(actor, "quarter.extend") or actor.user_id is None:
        raise NotAllowed
    _refuse_unless_open(quarter, on)
    if until is None or until <= on:
        raise FieldError("until", texts.UNTIL_LATER)
    if not reason.strip():
        raise ReasonNeeded("reason")
    db.session.add(
        CertifyExtension(
            quarter=quarter.label, office_id=office.id, until=until, reason=reason.strip(), by_id=actor.user_id,
            by_name=actor.name, at=at,
        )
    )  # fmt: skip
    db.session.flush()
    after = {"office": office.code, "until": until.isoformat()}
    _record(actor, "extend_quarter", quarter, after, reason.strip(), at)
    _tell(office.id, "certificate_extended", quarter, at=at, day=until.isoformat())


def end_changed(quarter: Quarter, *, at: datetime) -> list[int]:
    """End the certificates whose rows have changed since, and tell their offices; the offices' numbers.

    The caller's transaction is let go first.
    """
    if not any(not row.refused for row in certificates.in_force(quarter).values()):
        return []
    with steady_view():
        parts = quarters.parts(quarter)
    said = certificates.in_force(quarter)
    ended = [said[number] for number in sorted(said) if not said[number].refused and _differs(said[number], parts)]
    for row in ended:
        _end(row, Ended.CHANGED, at=at)
        _tell(row.office_id, "certificate_ended", quarter, at=at)
    db.session.flush()
    return [row.office_id for row in ended]


def _differs(row: QuarterCertificate, parts: Any) -> bool:
    return row.office_id not in parts or parts[row.office_id].digest != row.digest


def _end(row: QuarterCertificate, why: Ended, *, at: datetime) -> None:
    row.ended_at, row.ended = at, why
    db.session.flush()
    if why is Ended.CHANGED:
        office = next(one for one in reference.offices().values() if one.id == row.office_id)
        after = {"office": office.code, "digest": row.digest}
        _record(SYSTEM_ACTOR, "end_certificate", Quarter.parse(row.quarter), after, "", at)


def _refuse_unless_open(quarter: Quarter, on: date) -> None:
    if quarter.last >= on:
        raise QuarterOpen(quarter=quarter.label, last=quarter.last.isoformat())
    if snapshots.of(quarter) is not None:
        raise QuarterClosed(quarter=quarter.label)


def waiting(on: date) -> list[Quarter]:
    """The quarters that are over and not closed, the earliest first."""
    first = quarters.first()
    closed = snapshots.closed()
    quarter = Quarter.parse(closed[-1].quarter).next if closed else first
    found = []
    while quarter is not None and quarter.last < on:
        found.append(quarter)
        quarter = quarter.next
    return found


def _tell(office_id: int, kind: str, quarter: Quarter, *, at: datetime, **values: str) -> None:
    told = {"quarter": quarter.label, **values}
    notices.tell(office_id, kind, told, at=at, subject_kind="quarter")


def _record(actor: Actor, verb: str, quarter: Quarter, after: dict[str, Any], reason: str, at: datetime) -> None:
    trail.record_all(actor, [Act(verb, "quarter", subject_label=quarter.label, after=after, reason=reason)], at=at)
