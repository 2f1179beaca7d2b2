"""Offices confirm their numbers, a second person approves, the city office issues; each step stands on the trail."""

from __future__ import annotations

from datetime import date, datetime

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.bulletins import texts
from registry.bulletins.models import Bulletin, BulletinConfirmation
from registry.bulletins.queries import bulletins
from registry.bulletins.queries import numbers as numbering
from registry.bulletins.services import archive
from registry.bulletins.services.drafting import fresh, problem
from registry.bulletins.texts import BULLETIN_ERRORS, BulletinStopped
from registry.notices.services import notices
from registry.people.models import User
from registry.quarters.services import sealed
from registry.trail.services import trail


# -- offices --------------------------------------------------------------------------------------
def confirm(actor: Actor, bulletin: Bulletin, *, seen: str, at: datetime) -> None:
    """Confirm what the actor's office (and those in whose place it stands) has in the bulletin.

    `seen`: the digests of what the person looked at (`seen_digest`). Raises NotAllowed, RegistryError.
    """
    _say(actor, bulletin, seen=seen, refused="", at=at)


def object_to(actor: Actor, bulletin: Bulletin, *, seen: str, reason: str, at: datetime) -> None:
    """Say what is wrong with the office's numbers. Raises as `confirm`, and FieldError('refused')."""
    if not reason.strip():
        raise ReasonNeeded("refused")
    _say(actor, bulletin, seen=seen, refused=reason.strip(), at=at)


def seen_digest(found: list[bulletins.OfficeNumbers]) -> str:
    return " ".join(one.digest for one in found)


def _say(actor: Actor, bulletin: Bulletin, *, seen: str, refused: str, at: datetime) -> None:
    _hold(bulletin)
    if not can(actor, "bulletin.confirm", bulletin) or actor.user_id is None:
        raise NotAllowed
    own = bulletins.own(actor, bulletins.concerned(bulletin))
    if not own:
        raise RegistryError(BULLETIN_ERRORS["not_concerned"])
    if seen_digest(own) != seen:
        raise RegistryError(BULLETIN_ERRORS["changed"])
    for one in own:
        db.session.add(
            BulletinConfirmation(
                bulletin_id=bulletin.id, office_id=one.office.id, digest=one.digest, refused=refused,
                by_id=actor.user_id, by_name=actor.name, at=at,
            )
        )  # fmt: skip
        verb = "refuse_bulletin" if refused else "confirm_bulletin"
        after = {"office": one.office.code, "digest": one.digest}
        trail.record(actor, verb, bulletin, at=at, after=after, reason=refused)
    db.session.flush()
    if refused:
        _tell_drafter(bulletin, "bulletin_objected", {"office": own[0].office.short_name, "reason": refused}, at=at)


# -- the second person ----------------------------------------------------------------------------
def send_back(actor: Actor, bulletin: Bulletin, *, reason: str, at: datetime) -> None:
    """To whoever drafts, with what has to be changed; what offices confirmed holds while their numbers stay."""
    _hold(bulletin)
    if not can(actor, "bulletin.return", bulletin):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    bulletin.state = "drafting"
    bulletin.approved_by_id, bulletin.approved_by_name, bulletin.approved_at = None, "", None
    bulletin.without_reason = ""
    db.session.flush()
    trail.record(actor, "return_bulletin", bulletin, at=at, reason=reason.strip())
    _tell_drafter(bulletin, "bulletin_returned", {"reason": reason.strip()}, at=at)


def _tell_drafter(bulletin: Bulletin, kind: str, told: dict[str, str], *, at: datetime) -> None:
    drafter = db.session.get_one(User, bulletin.drafted_by_id)
    notices.tell(
        drafter.office_id, kind, {"quarter": bulletin.quarter, **told}, at=at, subject_kind="bulletin",
        subject_id=bulletin.id, user=drafter,
    )  # fmt: skip


def approve(actor: Actor, bulletin: Bulletin, *, without: str, seen: int, at: datetime, on: date) -> None:
    """The word of a second person; `without`: why offices that have not confirmed are not waited for, printed with it.

    Raises NotAllowed, BulletinStopped, FieldError('without'), StaleRecord.
    """
    _hold(bulletin)
    if actor.user_id is None or not can(actor, "bulletin.approve", bulletin):
        raise NotAllowed
    fresh(bulletin, seen)
    _sound(bulletin, on)
    missing = bulletins.unconfirmed(bulletin)
    if missing and not without.strip():
        names = texts.NAMES_JOINT.join(one.office.short_name for one in missing)
        raise FieldError("without", texts.PROBLEMS["unconfirmed"], names=names)
    bulletin.state, bulletin.without_reason = "approved", without.strip() if missing else ""
    bulletin.approved_by_id, bulletin.approved_by_name, bulletin.approved_at = actor.user_id, actor.name, at
    db.session.flush()
    after = {"without": [one.office.code for one in missing]}
    trail.record(actor, "approve_bulletin", bulletin, at=at, after=after, reason=bulletin.without_reason)


def issue(actor: Actor, bulletin: Bulletin, day: date | None, *, seen: int, at: datetime, on: date) -> None:
    """Issue it once: its numbers are counted anew from the frozen rows, its content and its paper are kept for ever.

    Raises NotAllowed, BulletinStopped, FieldError('day'), StaleRecord.
    """
    if actor.user_id is None or not can(actor, "bulletin.issue", bulletin) or bulletin.approved_at is None:
        raise NotAllowed
    fresh(bulletin, seen)
    if day is None or day > on or day < bulletin.approved_at.date():
        raise FieldError("day", BULLETIN_ERRORS["day"])
    _sound(bulletin, on)
    if not bulletin.without_reason and (missing := bulletins.unconfirmed(bulletin)):
        names = texts.NAMES_JOINT.join(one.office.short_name for one in missing)
        raise BulletinStopped([texts.PROBLEMS["unconfirmed"] % {"names": names}])
    _from_its_source(bulletin)
    bulletin.issued_by_id, bulletin.issued_by_name, bulletin.issued_at = actor.user_id, actor.name, at
    bulletin.issued_on = day
    archive.keep(bulletin, at=at, on=on)
    after = {"issued_on": day, "digest": bulletin.digest}
    trail.record(actor, "issue_bulletin", bulletin, at=at, after=after)
    for office in {one.office.id for one in bulletins.concerned(bulletin)}:
        told = {"quarter": bulletin.quarter}
        notices.tell(office, "bulletin_issued", told, at=at, subject_kind="bulletin", subject_id=bulletin.id)


def _hold(bulletin: Bulletin) -> None:
    """Lock it until the commit: what an office says and what is decided come one after the other."""
    db.session.flush()
    db.session.refresh(bulletin, with_for_update={"of": Bulletin})


def _sound(bulletin: Bulletin, on: date) -> None:
    found = bulletins.check(bulletin, on)
    if found.faults:
        raise BulletinStopped([problem(fault) for fault in found.faults])
    if found.is_long and not bulletin.long_reason:
        raise BulletinStopped([texts.PROBLEMS["long"] % {"length": found.length, "limit": found.limit}])


def _from_its_source(bulletin: Bulletin) -> None:
    """The frozen rows are what they were, and give the same numbers."""
    if wrong := next((one for one in numbering.sources(bulletin.snapshot) if sealed.verify(one).fault), None):
        raise BulletinStopped([texts.PROBLEMS["source"] % {"quarter": wrong.quarter}])
    now, then = numbering.of(bulletin.snapshot).numbers, bulletins.numbers_of(bulletin).numbers
    of_quarter = (key for key in then if key.partition(":")[0] != texts.OLD_KIND)
    if differing := [key for key in of_quarter if now.get(key) != then[key]]:
        raise BulletinStopped([texts.PROBLEMS["facts"] % {"keys": "、".join(differing[:10])}])
