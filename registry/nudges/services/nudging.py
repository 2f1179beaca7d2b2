"""催办: an office asks another to act, at most once a working day; the system asks where a term is over."""

from __future__ import annotations

from datetime import date, datetime

from registry.base.errors import NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR, Actor
from registry.base.vocabulary import Role
from registry.claims.models import Claim
from registry.claims.queries import claims
from registry.claims.services import telling
from registry.firms.models.firms import Firm
from registry.firms.services import holding
from registry.notices.models import Nudge
from registry.notices.rules import NOT_WAITING, Matter
from registry.notices.services import notices
from registry.notices.services.nudges import is_due_again, refuse_twice
from registry.pathway.rules.deadlines import Wait
from registry.proposals.models import Proposal
from registry.proposals.queries import waiting
from registry.reference.queries import reference
from registry.trail.services import trail
from registry.trail.services.trail import Act


def nudge_case(actor: Actor, proposal: Proposal, *, at: datetime, on: date, note: str = "") -> Nudge:
    """The bureau is asked to review, or the proposing office to mend; raises NudgedAlready."""
    holding.hold(proposal.firm)
    db.session.refresh(proposal)
    matter = waiting.matter_of(proposal)
    if matter is None:
        raise RegistryError(NOT_WAITING)
    _refuse_again(actor, matter, proposal.id, on)
    return _nudge(actor, matter, proposal, at=at, note=note)


def nudge_claim(actor: Actor, claim: Claim, *, at: datetime, on: date, note: str = "") -> Nudge:
    """The city office is asked to decide; raises NudgedAlready."""
    holding.hold(claim.firm)
    db.session.refresh(claim)
    if claim.decided_at is not None:
        raise RegistryError(NOT_WAITING)
    _refuse_again(actor, Matter.CLAIM, claim.id, on)
    return _nudge(actor, Matter.CLAIM, claim, at=at, note=note)


def overdue(*, at: datetime, on: date) -> list[Nudge]:
    """Nudge whatever is overdue, in the system's name; every `nudge.days` working days, and on working days only.

    Running it again on the same day does nothing more.
    """
    if not reference.calendar().is_working(on):
        return []
    found = [
        _nudge_if_late(waiting.matter_of(case), case, waiting.wait_of(case, on), at, on)
        for case in waiting.waiting_cases()
    ]
    found += [
        _nudge_if_late(Matter.CLAIM, claim, claims.wait_of_claim(claim, on), at, on) for claim in claims.open_claims()
    ]
    return [nudge for nudge in found if nudge is not None]


def _nudge_if_late(
    matter: Matter | None, subject: Proposal | Claim, wait: Wait | None, at: datetime, on: date
) -> Nudge | None:
    if matter is None or wait is None or not wait.overdue:
        return None
    holding.hold(subject.firm)
    if not is_due_again(matter, subject.id, on):
        return None
    return _nudge(SYSTEM_ACTOR, matter, subject, at=at, days=wait.overdue)


def _refuse_again(actor: Actor, matter: Matter, subject_id: int, on: date) -> None:
    if actor.office_id is None:
        raise NotAllowed
    refuse_twice(matter, subject_id, actor.office_id, on)


def _nudge(
    actor: Actor, matter: Matter, subject: Proposal | Claim, *, at: datetime, note: str = "", days: int = 0
) -> Nudge:
    office_id, role = _asked(matter, subject)
    row = Nudge(
        subject_kind=matter,
        subject_id=subject.id,
        firm_id=subject.firm_id,
        office_id=office_id,
        from_office_id=actor.office_id,
        by_id=actor.user_id,
        by_name=actor.name if actor.user_id else "",
        automatic=actor.user_id is None,
        note=note.strip(),
        at=at,
    )
    db.session.add(row)
    db.session.flush()
    facts = {"matter": matter, "office": row.office.code, "automatic": row.automatic}
    trail.record_all(
        actor,
        [Act("nudge", subject.__tablename__, subject.id, subject.firm.name, after=facts, reason=note.strip())],
        at=at,
    )
    _tell(row, matter, subject.firm, days, role)
    return row


def _asked(matter: Matter, subject: Proposal | Claim) -> tuple[int, str | None]:
    """The office whose turn it is, and the role there."""
    if isinstance(subject, Claim):
        return notices.city_office_id(), Role.CITY_OFFICE
    if matter is Matter.MEND or subject.reviewing_office_id is None:
        return subject.office_id, None
    return subject.reviewing_office_id, Role.OFFICER


_PAGES = {Matter.REVIEW: "review", Matter.MEND: "proposal", Matter.CLAIM: "claim"}


def _tell(row: Nudge, matter: Matter, firm: Firm, days: int, role: str | None) -> None:
    by = {office.id: office.short_name for office in reference.offices().values()}.get(row.from_office_id or 0, "")
    named = {"code": telling.code_of(firm)} if matter is Matter.CLAIM else {"firm": firm.name}
    kind, said = (f"overdue_{matter}", {"days": days}) if row.automatic else (f"nudged_{matter}", {"office": by})
    notices.tell(
        row.office_id, kind, {**named, **said}, at=row.at, firm=firm, subject_kind=_PAGES[matter],
        subject_id=row.subject_id, role=role, nudge=row,
    )  # fmt: skip
