"""What is overdue in the city, office by office, and whom the asking office has nudged for it already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.queries import cases
from registry.cases.rules.kinds import Doer
from registry.notices.queries import nudged
from registry.notices.rules import Matter
from registry.people.models import Office
from registry.plans.models import PlanTask
from registry.plans.queries import tasks
from registry.plans.rules.counting import PaceLight
from registry.proposals.queries import waiting
from registry.reference.queries import reference


@dataclass(frozen=True)
class Late:
    """Something overdue: whose turn it is, `days` working days over; `nudged_on` where it was asked for since the last
    working day, so that it may not be asked for again.
    """

    office: Office
    matter: Matter
    subject: str
    subject_id: int
    days: int
    endpoint: str
    values: Mapping[str, Any]
    record: Any
    nudged_on: date | None = None

    @property
    def key(self) -> str:
        return f"{self.matter}:{self.subject_id}"


@dataclass(frozen=True)
class LateOffice:
    office: Office
    counts: Mapping[Matter, int]
    most: int
    open: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def overdue(actor: Actor, on: date) -> list[Late]:
    """The most days over first. What waits for the asking office itself is not among it: nobody nudges themselves."""
    if not can(actor, "overdue.nudge"):
        return []
    found = [*_proposals(on), *_tasks(actor, on), *_cases(actor, on)]
    mine = [one for one in found if one.office.id != actor.office_id]
    return sorted(_with_nudges(actor, mine, on), key=lambda one: (-one.days, one.office.id, one.key))


def by_office(found: Iterable[Late]) -> list[LateOffice]:
    """Those with most overdue first."""
    table: dict[int, list[Late]] = {}
    for one in found:
        table.setdefault(one.office.id, []).append(one)
    lines = (
        LateOffice(
            rows[0].office, {matter: sum(row.matter is matter for row in rows) for matter in Matter},
            max(row.days for row in rows), sum(row.nudged_on is None for row in rows),
        )
        for rows in table.values()
    )  # fmt: skip
    return sorted(lines, key=lambda line: (-line.total, -line.most, line.office.id))


def _proposals(on: date) -> Iterable[Late]:
    for case in waiting.waiting_cases():
        matter, wait = waiting.matter_of(case), waiting.wait_of(case, on)
        office = case.reviewing_office if matter is Matter.REVIEW else case.office
        if matter is None or office is None or wait is None or not wait.overdue:
            continue
        endpoint = "reviews.show" if matter is Matter.REVIEW else "proposals.show"
        yield Late(office, matter, case.firm.name, case.id, wait.overdue, endpoint, {"proposal_id": case.id}, case)


def _tasks(actor: Actor, on: date) -> Iterable[Late]:
    calendar = reference.calendar()
    asked = tasks.visible_to(actor).where(PlanTask.due_on < on, PlanTask.done_on.is_(None))
    for line in tasks.lines(asked, on):
        if line.light.light == PaceLight.OVERDUE:
            task = line.task
            days = max(1, calendar.working_days(task.due_on, on))
            yield Late(task.office, Matter.TASK, task.title, task.id, days, "tasks.show", {"task_id": task.id}, task)


def _cases(actor: Actor, on: date) -> Iterable[Late]:
    calendar, offices = reference.calendar(), {one.id: one for one in reference.offices().values()}
    for case in db.session.scalars(cases.late(on)).unique():
        doer = cases.next_doer(case)
        if doer in (None, Doer.CITY) or case.due_on is None or not can(actor, "case.nudge", case):
            continue
        office = offices[case.bureau_id if doer is Doer.BUREAU else case.office_id]
        days = max(1, calendar.working_days(case.due_on, on))
        yield Late(office, Matter.CASE, case.applicant, case.id, days, "cases.show", {"case_id": case.id}, case)


def _with_nudges(actor: Actor, found: list[Late], on: date) -> Iterable[Late]:
    """As `notices.services.nudges.refuse_twice` would say of each."""
    last = nudged.latest_of_office([(one.matter, one.subject_id) for one in found], actor.office_id)
    for one in found:
        nudge = last.get((one.matter, one.subject_id))
        if nudge is None or nudged.may_ask_again(nudge, on):
            yield one
        else:
            yield replace(one, nudged_on=nudge.at.date())
