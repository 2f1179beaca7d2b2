"""Whoever is waited for in a case is asked to act (催办): by an office once a working day, by the system when late."""

from __future__ import annotations

from datetime import date, datetime

from registry.base.errors import NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR, Actor, can
from registry.base.vocabulary import Role
from registry.cases.models import Case
from registry.cases.queries import cases
from registry.cases.rules.kinds import Doer
from registry.cases.services.entering import hold
from registry.notices.models import Nudge
from registry.notices.rules import NOT_WAITING, Matter
from registry.notices.services import notices
from registry.notices.services.nudges import is_due_again, refuse_twice
from registry.people.models import Office
from registry.reference.queries import reference
from registry.trail.services import trail


def nudge(actor: Actor, case: Case, *, at: datetime, on: date, note: str = "") -> Nudge:
    """Raises NudgedAlready, NotAllowed, RegistryError where nobody is waited for."""
    hold(case)
    if not can(actor, "case.nudge", case) or actor.office_id is None:
        raise NotAllowed
    refuse_twice(Matter.CASE, case.id, actor.office_id, on)
    return _nudge(actor, case, at=at, note=note)


def overdue(*, at: datetime, on: date) -> int:
    """Whatever is late, every `nudge.days` working days; how many. Running it again on the day does nothing more."""
    calendar = reference.calendar()
    if not calendar.is_working(on):
        return 0
    count = 0
    for case in db.session.scalars(cases.late(on)).all():
        if is_due_again(Matter.CASE, case.id, on):
            _nudge(SYSTEM_ACTOR, case, at=at, days=calendar.working_days(case.due_on or on, on))
            count += 1
    return count


def _nudge(actor: Actor, case: Case, *, at: datetime, note: str = "", days: int = 0) -> Nudge:
    office_id, role = asked(case)
    row = Nudge(
        subject_kind=Matter.CASE, subject_id=case.id, firm_id=case.firm_id, office_id=office_id,
        from_office_id=actor.office_id, by_id=actor.user_id, by_name=actor.name if actor.user_id else "",
        automatic=actor.user_id is None, note=note.strip(), at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    office = db.session.get_one(Office, office_id)
    trail.record(actor, "nudge", case, at=at, after={"office": office.code}, reason=note.strip())
    said = {"number": case.number, "applicant": case.applicant}
    by = db.session.get(Office, actor.office_id) if actor.office_id else None
    said |= {"days": str(days)} if by is None else {"office": by.short_name}
    kind = "overdue_case" if by is None else "nudged_case"
    notices.tell(
        office_id, kind, said, at=at, subject_kind="case", subject_id=case.id, role=role, nudge=row
    )  # fmt: skip
    return row


def asked(case: Case) -> tuple[int, str | None]:
    """The office whose step comes, and the role there."""
    doer = cases.next_doer(case)
    if doer is None:
        raise RegistryError(NOT_WAITING)
    whose: dict[Doer, tuple[int, str | None]] = {
        Doer.CITY: (notices.city_office_id(), Role.CITY_OFFICE),
        Doer.BUREAU: (case.bureau_id, Role.OFFICER),
        Doer.CLERK: (case.office_id, None),
    }
    return whose[doer]
