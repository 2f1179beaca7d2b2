"""Public notices with cases in an actor's reach, and the cases that wait for one."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Select, false, or_, select

from registry.base.extensions import db
from registry.base.permissions import SEES_ALL, Actor
from registry.base.vocabulary import Role
from registry.cases.models import Case, CaseNotice
from registry.cases.queries import cases
from registry.cases.rules.kinds import Guard


def visible_to(actor: Actor) -> Select[CaseNotice]:
    """The newest first."""
    rows = select(CaseNotice)
    if not actor.holds(*SEES_ALL):
        own = cases.within(actor) if actor.holds(Role.CLERK, Role.OFFICER) else false()
        rows = rows.where(CaseNotice.id.in_(select(Case.notice_id).where(own)))
    return rows.order_by(CaseNotice.id.desc())


def one(actor: Actor, notice_id: int) -> Select[CaseNotice]:
    return visible_to(actor).where(CaseNotice.id == notice_id)


def ready() -> dict[int, list[Case]]:
    """Cases whose next decision asks for a notice that they do not have, by their edition."""
    found: defaultdict[int, list[Case]] = defaultdict(list)
    withdrawn = select(CaseNotice.id).where(CaseNotice.withdrawn_at.isnot(None))
    without = or_(Case.notice_id.is_(None), Case.notice_id.in_(withdrawn))
    rows = select(Case).where(Case.is_open.is_(True), without).order_by(Case.kind_id, Case.number)
    for case in db.session.scalars(rows):
        if any(Guard.NOTICED in step.guards for step in case.kind.steps_from(case.state)):
            found[case.kind_id].append(case)
    return dict(found)
