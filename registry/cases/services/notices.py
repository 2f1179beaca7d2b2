"""Public notices of cases: their text from a template, from a day for so many working days, withdrawn with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.models import Case, CaseNotice
from registry.cases.rules.kinds import Guard, Kind
from registry.cases.services import steps
from registry.cases.services.entering import hold
from registry.cases.texts import CASE_ERRORS, NOTICE_NUMBER
from registry.institutions.models import Institution
from registry.notices.services import notices as telling
from registry.papers.rules import day_of
from registry.reference.queries import reference
from registry.trail.services import trail

_EVE = timedelta(days=1)
NOTICE_DAYS = 7
"""Working days, where the kind does not say."""


def length_of(kind: Kind) -> int:
    """Working days of a notice of the kind."""
    return kind.whole("notice_days", NOTICE_DAYS)


def days_of(case: Case, first: date) -> tuple[date, str]:
    """The last day of a notice that begins on `first`, and the year whose holidays nobody announced yet ("": none)."""
    calendar = reference.calendar()
    last = calendar.due_day(first - _EVE, length_of(case.kind))
    return last, unannounced(first, last)


def unannounced(on: date, due: date | None) -> str:
    """Years of a term whose holidays nobody announced yet; "" where there are none."""
    known = reference.calendar().years
    return "、".join(str(year) for year in range(on.year, due.year + 1) if year not in known) if due else ""


def can_be_noticed(case: Case) -> bool:
    """Whether the next decision asks for a notice that the case does not have."""
    return _waits(case) and (case.notice is None or case.notice.withdrawn_at is not None)


def _waits(case: Case) -> bool:
    """Whether its next decision asks for a notice."""
    return any(Guard.NOTICED in step.guards for step in case.kind.steps_from(case.state))


def post(actor: Actor, chosen: Sequence[Case], *, first: date, at: datetime, on: date) -> CaseNotice:
    """A notice of cases of one edition. Raises FieldError, RegistryError, NotAllowed."""
    if not can(actor, "case.notice"):
        raise NotAllowed
    if not chosen:
        raise FieldError("cases", CASE_ERRORS["notice_cases"])
    if first < on:
        raise FieldError("first_day", CASE_ERRORS["notice_days"])
    trail.wait_for_turn()
    for case in sorted(chosen, key=lambda one: one.id):
        hold(case)
        if case.kind_id != chosen[0].kind_id:
            raise RegistryError(CASE_ERRORS["notice_kind"], number=case.number)
        if not can_be_noticed(case):
            raise RegistryError(CASE_ERRORS["notice_state"], number=case.number)
        if case.amount is not None:
            steps.award(case, on)  # as it stands today is what is posted
    last, unannounced = days_of(chosen[0], first)
    kind = chosen[0].kind
    count = db.session.scalar(select(func.count(CaseNotice.id)).where(CaseNotice.first_day >= date(on.year, 1, 1))) or 0
    notice = CaseNotice(
        number=NOTICE_NUMBER.format(year=on.year, serial=count + 1), kind_id=chosen[0].kind_id,
        title=kind.texts.get("notice_title") or kind.name, text=filled(chosen, first, last),
        lines=[line_of(case, on) for case in sorted(chosen, key=lambda one: one.number)], first_day=first,
        last_day=last, unannounced=unannounced, by_id=actor.user_id, by_name=actor.name, at=at,
    )  # fmt: skip
    db.session.add(notice)
    db.session.flush()
    for case in chosen:
        case.notice_id = notice.id
    db.session.flush()
    after = {"cases": [case.number for case in chosen], "first_day": first, "last_day": last}
    trail.record(actor, "post_notice", notice, at=at, after=after)
    for case in chosen:
        _tell(case, "case_posted", {"first": first.isoformat(), "last": last.isoformat()}, at=at)
    return notice


def _tell(case: Case, kind: str, values: dict[str, str], *, at: datetime) -> None:
    """The two offices of a case."""
    said = {"number": case.number, "applicant": case.applicant} | values
    for office_id in sorted({case.office_id, case.bureau_id}):
        telling.tell(office_id, kind, said, at=at, subject_kind="case", subject_id=case.id)


def filled(chosen: Sequence[Case], first: date, last: date) -> str:
    """The text of the kind, with what it names in braces."""
    case = chosen[0]
    values = {
        "count": str(len(chosen)), "kind": case.edition.name, "first": day_of(first), "last": day_of(last),
        "days": str(length_of(case.kind)), "bureau": case.bureau.name,
        "year": str(case.cohort.year if case.cohort else first.year),
    }  # fmt: skip
    text = case.kind.texts.get("notice", "")
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def line_of(case: Case, on: date) -> list[str]:
    """Number, applicant, place, what it is about and the amount, as the notice says them."""
    slip = steps.slip_of(case, on)
    amount = f"{slip.amount:,}" if slip else ""
    return [case.number, case.applicant, _place(case), case.edition.name, amount]


def _place(case: Case) -> str:
    """The county or zone of whoever the case is for; the office that entered it, where none is known."""
    held = case.firm or (db.session.get(Institution, case.institution_id) if case.institution_id else None)
    names = reference.division_names()
    return names.get(held.division or "", case.office.short_name) if held else case.office.short_name


def withdraw(actor: Actor, notice: CaseNotice, *, reason: str, at: datetime) -> None:
    """Taken down: its cases need another."""
    if not can(actor, "case.notice"):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    db.session.refresh(notice, with_for_update={"of": CaseNotice})
    if notice.withdrawn_at is not None:
        raise RegistryError(CASE_ERRORS["notice_withdrawn"])
    if decided := next((one for one in notice.cases if not _waits(one)), None):
        raise RegistryError(CASE_ERRORS["notice_decided"], number=decided.number)
    notice.withdrawn_at, notice.withdrawn_reason = at, reason.strip()
    db.session.flush()
    trail.record(actor, "withdraw_notice", notice, at=at, reason=notice.withdrawn_reason)
    for case in notice.cases:
        _tell(case, "case_unposted", {"reason": notice.withdrawn_reason}, at=at)
