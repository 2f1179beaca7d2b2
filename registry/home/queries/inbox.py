"""What waits for somebody (待办), what they have done (已办), what they started (我发起的)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import selectinload

from registry.base.extensions import SHANGHAI, clock, db
from registry.base.permissions import Actor, can
from registry.base.vocabulary import BatchState, Role
from registry.bulletins.models import Bulletin
from registry.bulletins.queries import bulletins
from registry.bundles import queries as bundles
from registry.bundles.models import DocumentBundle
from registry.cases.models import Case
from registry.cases.queries import cases
from registry.claims.models import Claim
from registry.claims.queries import claims
from registry.duplicates.models import Pairing
from registry.duplicates.queries import pairs
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.imports.models import ImportBatch
from registry.notices.queries import received
from registry.notices.queries.nudged import open_counts
from registry.notices.rules import Matter
from registry.pathway.models import PathwayEvent
from registry.plans.queries import tasks as plan_tasks
from registry.proposals.models import Proposal
from registry.proposals.queries import nominations
from registry.proposals.queries.waiting import to_mend, to_review
from registry.quarters.queries import due
from registry.quarters.queries.due import DueQuarter
from registry.rulesets.queries import drafts
from registry.workbooks.models import WorkbookReturn
from registry.workbooks.rules import ReturnState

TASKS_SHOWN = 50
"""Of each kind; the page says how many there are and where the rest stands."""


@dataclass(frozen=True)
class Task:
    """One thing to do: `kind` names its sentence, `subject_id` the record its page is about."""

    kind: str
    subject: str
    subject_id: int
    origin: str
    since: datetime | None
    count: int = 0
    due_on: date | None = None
    nudged: int = 0


def counts(actor: Actor) -> dict[str, int]:
    """Numbers beside the menu entries, in one statement: they are asked for on every page."""
    if not can(actor, "inbox"):
        return {}
    row = db.session.execute(
        select(
            _count(to_review(actor)).label("review"),
            _count(to_mend(actor)).label("mend"),
            _count(open_claims(actor)).label("claims"),
            _count(to_confirm(actor)).label("batch"),
            _count(to_write(actor)).label("workbook"),
            _count(to_file(actor)).label("bundle"),
            _count(to_judge(actor)).label("pairs"),
            _count(received.unread(actor)).label("notices"),
            _count(drafts.to_check(actor)).label("rules"),
            _count(plan_tasks.nudged_of(actor)).label("asked"),
            _count(due.unspoken(actor, clock.today())).label("certify"),
            _count(bulletins.to_do(actor)).label("bulletin"),
            _count(cases.waiting_for(actor)).label("case"),
        )
    ).one()
    tasks = row.review + row.mend + row.claims + row.batch + row.workbook + row.bundle + row.asked + row.certify
    tasks += row.bulletin + row.case
    return {
        "inbox": tasks, "review": row.review, "claims": row.claims, "pairs": row.pairs, "notices": row.notices,
        "rules": row.rules,
    }  # fmt: skip


def tasks(actor: Actor, *, limit: int = TASKS_SHOWN) -> list[Task]:
    """What waits for `actor`, at most `limit` of each kind, the longest waiting first."""
    mend = to_mend(actor).options(selectinload(Proposal.returned_cells)).limit(limit)
    found = [
        *(_review_task(p) for p in db.session.scalars(to_review(actor).limit(limit)).unique()),
        *(
            Task("mend", p.firm.name, p.id, _short(p.reviewing_office), p.waiting_since, _cells(p))
            for p in db.session.scalars(mend).unique()
        ),
        *(
            Task("claim", c.firm.name, c.id, c.office.short_name, c.at, due_on=claims.due_on(c))
            for c in db.session.scalars(open_claims(actor).limit(limit))
        ),
        *(
            Task("batch", b.filename, b.id, b.office.short_name, b.created_at, b.new + b.changed)
            for b in db.session.scalars(to_confirm(actor).limit(limit))
        ),
        *(
            Task("workbook", r.filename, r.id, r.office.short_name, r.at)
            for r in db.session.scalars(to_write(actor).limit(limit))
        ),
        *(Task("bundle", b.filename, b.id, b.by_name, b.at) for b in db.session.scalars(to_file(actor).limit(limit))),
        *(
            Task("task", t.title, t.id, t.measure, None, due_on=t.due_on)
            for t in db.session.scalars(plan_tasks.nudged_of(actor).limit(limit)).unique()
        ),
        *(_quarter_task(one) for one in due.of_office(actor, clock.today())),
        *(
            Task("case_mend" if c.is_draft else "case", c.applicant, c.id, c.number, _since(c), due_on=c.due_on)
            for c in db.session.scalars(cases.waiting_for(actor).limit(limit)).unique()
        ),
        *(
            Task(_of_bulletin(actor, b), bulletins.title_of(b), b.id, b.quarter, b.submitted_at)
            for b in bulletins.told_shortly(bulletins.to_do(actor).limit(limit))
        ),
    ]
    return sorted(_with_nudges(found), key=_age)


def _of_bulletin(actor: Actor, bulletin: Bulletin) -> str:
    if bulletin.state == "approved":
        return "bulletin_issue"
    return "bulletin_confirm" if bulletins.is_asked(actor, bulletin) else "bulletin_approve"


def open_claims(actor: Actor) -> Select[Claim]:
    """Claims the city office has yet to decide."""
    statement = select(Claim).where(Claim.decided_at.is_(None)).order_by(Claim.at, Claim.id)
    return statement if actor.holds(Role.CITY_OFFICE) else statement.where(Claim.id == -1)


def to_judge(actor: Actor) -> Select[Pairing]:
    """Suspected pairs that wait for a verdict; a list of their own, worked off when there is time, and no task."""
    statement = pairs.waiting(actor)
    return statement if can(actor, "pairing.judge") else statement.where(Pairing.id == -1)


def to_confirm(actor: Actor) -> Select[ImportBatch]:
    """Checked workbooks that nobody has confirmed or given up yet."""
    return (
        select(ImportBatch)
        .where(ImportBatch.state == BatchState.CHECKED, ImportBatch.by_id.in_(actor.people))
        .order_by(ImportBatch.created_at, ImportBatch.id)
    )


def to_write(actor: Actor) -> Select[WorkbookReturn]:
    """Office workbooks that came back and were compared, which nobody has written in or given up yet."""
    return (
        select(WorkbookReturn)
        .where(WorkbookReturn.state == ReturnState.COMPARED, WorkbookReturn.by_id.in_(actor.people))
        .order_by(WorkbookReturn.at, WorkbookReturn.id)
    )


def to_file(actor: Actor) -> Select[DocumentBundle]:
    """Papers in bulk of the office that nobody has filed or given up yet: their files are kept until then."""
    found = bundles.visible_to(actor).where(DocumentBundle.outcome.is_(None)).order_by(None)
    return found.order_by(DocumentBundle.at, DocumentBundle.id)


def done(actor: Actor) -> Select[PathwayEvent]:
    """Steps that `actor` took on firms still in reach, the newest first."""
    return (
        select(PathwayEvent)
        .join(Firm, Firm.id == PathwayEvent.firm_id)
        .where(PathwayEvent.actor_id == (actor.user_id or -1), Firm.voided_at.is_(None), firms.within(actor))
        .order_by(PathwayEvent.at.desc(), PathwayEvent.id.desc())
    )


def started(actor: Actor) -> Select[Proposal]:
    """Nominations that `actor` put forward, the newest first."""
    return nominations.visible_to(actor).where(Proposal.proposer_id == (actor.user_id or -1))


def _count(statement: Select[Any]) -> ScalarSelect[int]:
    return select(func.count()).select_from(statement.order_by(None).subquery()).scalar_subquery()


def _age(task: Task) -> tuple[bool, datetime | None, str]:
    return task.since is None, task.since, task.subject


def _review_task(proposal: Proposal) -> Task:
    kind = "review_again" if proposal.rounds > 1 else "review"
    return Task(kind, proposal.firm.name, proposal.id, proposal.office.short_name, proposal.waiting_since)


def _quarter_task(one: DueQuarter) -> Task:
    """A quarter has no number: its page goes by its label. It waits since it is over."""
    over = datetime.combine(one.quarter.next.first, time(), SHANGHAI)
    return Task("certify", one.quarter.label, 0, "", over, due_on=one.until)


_MATTERS = {
    "review": Matter.REVIEW,
    "review_again": Matter.REVIEW,
    "mend": Matter.MEND,
    "claim": Matter.CLAIM,
    "task": Matter.TASK,
    "case": Matter.CASE,
    "case_mend": Matter.CASE,
}


def _with_nudges(found: list[Task]) -> list[Task]:
    """Each task with how often it was nudged since it last moved."""
    if not found:
        return []
    nudged = open_counts((_MATTERS[task.kind], task.subject_id) for task in found if task.kind in _MATTERS)
    return [
        replace(task, nudged=nudged.get((_MATTERS[task.kind], task.subject_id), 0)) if task.kind in _MATTERS else task
        for task in found
    ]


def _since(case: Case) -> datetime:
    """A case waits since it came to where it stands."""
    return datetime.combine(case.since, time(), SHANGHAI)


def _short(office: object) -> str:
    return getattr(office, "short_name", "")


def _cells(proposal: Proposal) -> int:
    return sum(cell.round == proposal.rounds for cell in proposal.returned_cells)
