"""A step of a case: who may, what it asks for, what it does; each stands on the timeline and on the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from registry.base.errors import Blocked, FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db, provided
from registry.base.permissions import Actor
from registry.base.vocabulary import LISTED_STAGES, Role, UnitKind
from registry.cases.models import Case, CaseCell, CaseEvent
from registry.cases.queries import cases, opinions
from registry.cases.rules import awards
from registry.cases.rules.awards import Slip
from registry.cases.rules.kinds import CaseStep, Doer, Effect, Guard, StateKind
from registry.cases.rules.rights import takes
from registry.cases.rules.values import missing
from registry.cases.rules.verdicts import Met
from registry.cases.services import certificates, uses
from registry.cases.services.entering import hold
from registry.cases.texts import CASE_ERRORS, GUARD_ERRORS
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.notices.rules import Matter
from registry.notices.services import notices
from registry.notices.services.nudges import answer
from registry.reference.queries import reference
from registry.trail.services import trail


def _lacks(why: str, **values: Any) -> RegistryError:
    """What a guard asks for and is not there."""
    return RegistryError(GUARD_ERRORS[why], **values)


def take(
    actor: Actor, case: Case, verb: str, *, at: datetime, on: date, reason: str = "",
    cells: Mapping[str, str] | None = None, money: bool = False,
) -> CaseEvent:  # fmt: skip
    """Take the step `verb`. `cells`: what goes back, with the reason of each; `money`: paying takes it.

    Raises NotAllowed, Blocked with every guard that is not met, FieldError, RegistryError.
    """
    hold(case)
    step = step_of(case, verb, on)
    if step is None:
        raise RegistryError(CASE_ERRORS["no_step"], state=case.kind.state(case.state).name)
    if (Effect.MONEY in step.effects) != money:
        raise RegistryError(CASE_ERRORS["money"])
    if not takes(actor, case, step):
        raise NotAllowed
    if Guard.REASON in step.guards and not reason.strip():
        raise ReasonNeeded
    if Guard.BUDGET in step.guards:
        trail.wait_for_turn()  # of two who approve at once the second sees what is left after the first
    if found := lacking(actor, case, step, on):
        raise Blocked(tuple(found), action=step.name)
    _effects(actor, case, step, reason, cells or {}, at=at, on=on)
    return _moved(actor, case, step, reason.strip(), cells or {}, at=at, on=on)


def step_of(case: Case, verb: str, on: date) -> CaseStep | None:
    """The step of that name from where the case stands; of two, the one whose amount it is."""
    found = [step for step in case.kind.steps_from(case.state) if step.verb == verb]
    return next((step for step in found if _is_of_amount(case, step, on)), None)


def _is_of_amount(case: Case, step: CaseStep, on: date) -> bool:
    if not {Guard.WITHIN, Guard.ABOVE} & set(step.guards):
        return True
    amount = case.amount if case.amount is not None else _amount(case, on)
    is_above = amount is not None and amount > case.kind.number("second_above")
    return is_above == (Guard.ABOVE in step.guards)


def is_offered(case: Case, step: CaseStep, on: date) -> bool:
    """Whether it is the one that would be taken, of two of one name."""
    return step_of(case, step.verb, on) is step


# -- what it asks for -----------------------------------------------------------------------------
def lacking(actor: Actor, case: Case, step: CaseStep, on: date) -> list[RegistryError]:
    """Everything that is in the way of the step."""
    found = [one for guard in step.guards for one in _GUARDS.get(guard, _nothing)(actor, case, on)]
    if Effect.ENTER in step.effects and case.cohort is not None and case.round == 0:
        first, last = case.cohort.opens_on, case.cohort.closes_on
        if on < first or (last is not None and on > last):
            raise RegistryError(
                CASE_ERRORS["cohort_closed"], year=case.cohort.year, first=first.isoformat(),
                last=last.isoformat() if last else "--",
            )  # fmt: skip
    return found


def lacking_quietly(actor: Actor, case: Case, step: CaseStep, on: date) -> list[RegistryError]:
    """The same for a page, where a window that is closed is one thing among others."""
    try:
        return lacking(actor, case, step, on)
    except RegistryError as error:
        return [error]


def _nothing(_actor: Actor, _case: Case, _on: date) -> Iterator[RegistryError]:
    return iter(())


def _complete(_actor: Actor, case: Case, _on: date) -> Iterator[RegistryError]:
    labels = case.kind.labels()
    lists = {one.code for one in case.kind.lists}
    for code in missing(case.kind, case.values, case.rows):
        yield _lacks("rows" if code in lists else "field", cell=labels[code])
    for paper in cases.missing_papers(case):
        year = cases.paper_year(case, paper)
        yield _lacks("paper_year" if year else "paper", cell=paper.name, year=year)


def _met(_actor: Actor, case: Case, on: date) -> Iterator[RegistryError]:
    for verdict in cases.verdicts_of(case, on):
        if verdict.met is Met.NO:
            name = verdict.condition.name
            yield _lacks("not_met", condition=name, value=verdict.value, line=verdict.line)
        elif verdict.met is Met.NO_DATA:
            yield _lacks("no_data", condition=verdict.condition.name)


def _noticed(_actor: Actor, case: Case, on: date) -> Iterator[RegistryError]:
    notice = case.notice
    if notice is None or notice.withdrawn_at is not None:
        yield _lacks("no_notice")
        return
    if on <= notice.last_day:
        yield _lacks("notice_runs", day=notice.last_day.isoformat())
    for other in case.about_this:
        if other.is_open:
            yield _lacks("objection", number=other.number)
        elif other.kind.about == "noticed" and other.kind.state(other.state).kind is StateKind.BAD:
            yield _lacks("founded", number=other.number)


def _opinions(_actor: Actor, case: Case, _on: date) -> Iterator[RegistryError]:
    if not opinions.enough(case):
        yield _lacks("opinions")


def _another(actor: Actor, case: Case, _on: date) -> Iterator[RegistryError]:
    hands = {case.by_id, *(event.by_id for event in case.events if event.round == case.round)}
    if case.about is not None:  # an appeal is not answered by whoever decided
        ended = case.about.kind.codes(StateKind.BAD)
        hands |= {event.by_id for event in case.about.events if event.decides or event.end in ended}
    if actor.user_id in hands:
        yield _lacks("another")


def _follows(actor: Actor, case: Case, _on: date) -> Iterator[RegistryError]:
    if case.events and case.events[-1].by_id == actor.user_id:
        yield _lacks("follows")


def _firm(_actor: Actor, case: Case, _on: date) -> Iterator[RegistryError]:
    if case.firm_id is None:
        yield _lacks("firm")


def _listed(_actor: Actor, case: Case, _on: date) -> Iterator[RegistryError]:
    if case.firm_id is not None:
        firm = firms.survivor(db.session.get_one(Firm, case.firm_id))
        if firm.unit_kind == UnitKind.BRANCH:
            return  # a branch is in no directory of its own; what it would take is said on the page
        if firm.stage not in LISTED_STAGES:
            yield _lacks("listed")


def _budget(_actor: Actor, case: Case, on: date) -> Iterator[RegistryError]:
    amount = case.amount if case.amount is not None else _amount(case, on)
    if case.cohort is None or amount is None:
        return
    for left_of in provided("budget_left"):
        left: Decimal | None = left_of(case.cohort)
        if left is not None and left < amount:
            yield _lacks("budget", year=case.cohort.year, left=f"{left:,}", amount=f"{amount:,}")


_GUARDS: Mapping[Guard, Callable[[Actor, Case, date], Iterator[RegistryError]]] = {
    Guard.COMPLETE: _complete, Guard.MET: _met, Guard.NOTICED: _noticed, Guard.OPINIONS: _opinions,
    Guard.ANOTHER: _another, Guard.FOLLOWS: _follows, Guard.FIRM: _firm, Guard.LISTED: _listed, Guard.BUDGET: _budget,
}  # fmt: skip


# -- what it does ---------------------------------------------------------------------------------
def slip_of(case: Case, on: date) -> Slip | None:
    """How the award is worked out: as it was decided, or as it would be today."""
    if case.slip is not None:
        return awards.slip_of(case.slip)
    left = [
        max(Decimal(0), Decimal(cap.value) - cases.awarded(case, of_kind=code == "cap_of_kind"))
        for code in ("cap_per_year", "cap_of_kind")
        if (cap := case.kind.setting(code)) is not None and Decimal(cap.value)
    ]
    return awards.slip(case.kind, case.values, case.rows, on, min(left, default=None))


def _amount(case: Case, on: date) -> Decimal | None:
    found = slip_of(case, on)
    return found.amount if found else None


def _effects(
    actor: Actor, case: Case, step: CaseStep, reason: str, cells: Mapping[str, str], *, at: datetime, on: date
) -> None:
    if Effect.BACK in step.effects:
        _send_back(case, cells)
    if Effect.ENTER in step.effects:
        uses.take(actor, case, at=at)
        case.round += 1
    if Effect.AWARD in step.effects:
        award(case, on)
    if Effect.RELEASE in step.effects:
        uses.release(case, at=at)
    if Effect.CERTIFY in step.effects:
        certificates.issue(case, at=at, on=on)
    if Effect.WITHDRAW in step.effects:
        certificates.withdraw(case, reason=reason, at=at, on=on)


def _send_back(case: Case, cells: Mapping[str, str]) -> None:
    """Cells with a reason each; the round in which they came back is the one that was submitted."""
    labels = case.kind.labels()
    chosen = {cell: reason.strip() for cell, reason in cells.items() if cell in labels}
    if not chosen:
        raise FieldError("cells", CASE_ERRORS["cells"])
    for cell, reason in chosen.items():
        if not reason:
            raise FieldError(f"reason_{cell}", CASE_ERRORS["cell_reason"], cell=labels[cell])
        db.session.add(CaseCell(case_id=case.id, round=case.round, cell=cell, reason=reason))
    db.session.flush()
    db.session.expire(case, ["cells"])


def award(case: Case, on: date) -> None:
    """Worked out by the rules of its edition and what it says; what was posted must be what comes out."""
    case.slip = None
    found = slip_of(case, on)
    if found is None or (found.amount <= 0 and found.headroom is None):
        raise RegistryError(CASE_ERRORS["no_award"])
    if found.amount <= 0:
        raise RegistryError(CASE_ERRORS["no_headroom"], cap=case.kind.line("cap_per_year"))
    if (
        case.notice is not None
        and case.notice.withdrawn_at is None
        and case.amount is not None
        and found.amount != case.amount
    ):
        raise RegistryError(CASE_ERRORS["posted"], posted=f"{case.amount:,}", amount=f"{found.amount:,}")
    case.amount, case.slip = found.amount, found.as_json()


def _moved(
    actor: Actor, case: Case, step: CaseStep, reason: str, cells: Mapping[str, str], *, at: datetime, on: date
) -> CaseEvent:
    start, case.state, case.since = case.state, step.end, on
    state = case.kind.state(step.end)
    case.is_open = state.kind in (StateKind.DRAFT, StateKind.OPEN)
    case.turn = case.kind.turn(step.end)
    term = int(case.kind.line(step.term)) if step.term else 0
    case.due_on = reference.calendar().due_day(on, term) if term and case.is_open else None
    event = CaseEvent(
        case_id=case.id, verb=step.verb, step=step.name, start=start, end=step.end, round=case.round, reason=reason,
        decides=Effect.DECIDE in step.effects, due_on=case.due_on, office_id=actor.office_id, by_id=actor.user_id,
        by_name=actor.name, on=on, at=at,
    )  # fmt: skip
    db.session.add(event)
    db.session.flush()
    db.session.expire(case, ["events"])
    if step.end != start:
        answer(case.id, Matter.CASE, at=at)
    labels = case.kind.labels()
    after: dict[str, Any] = {"state": state.name, "step": step.name}
    after |= {"amount": case.amount} if Effect.AWARD in step.effects else {}
    after |= {"cells": [labels[cell] for cell in cells if cell in labels]} if Effect.BACK in step.effects else {}
    before = {"state": case.kind.state(start).name}
    trail.record(actor, "step_case", case, at=at, before=before, after=after, reason=reason)
    _tell(actor, case, step, at=at)
    return event


def _tell(actor: Actor, case: Case, step: CaseStep, *, at: datetime) -> None:
    """The two offices of the case, but the one that acted; the city office where the next step is its."""
    state = case.kind.state(case.state)
    values = {"number": case.number, "applicant": case.applicant, "step": step.name, "state": state.name}
    for office_id in sorted({case.office_id, case.bureau_id} - {actor.office_id}):
        notices.tell(office_id, "case_moved", values, at=at, subject_kind="case", subject_id=case.id)
    if case.is_open and any(one.who is Doer.CITY for one in case.kind.steps_from(case.state)):
        notices.tell(
            notices.city_office_id(), "case_moved", values, at=at, subject_kind="case", subject_id=case.id,
            role=Role.CITY_OFFICE,
        )  # fmt: skip
