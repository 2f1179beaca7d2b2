"""What waits for somebody (待办), what they have done (已办), what they started (我发起的)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import selectinload

from registry.domain.nudges import Matter
from registry.domain.permissions import SEES_ALL, Actor, can
from registry.domain.vocabulary import BatchState, Role, Stage
from registry.extensions import db
from registry.models import Claim, Firm, ImportBatch, Office, Pairing, PathwayEvent, Proposal
from registry.queries import firms, notices, nudges, pairings, proposals, rulesets
from registry.queries.ledger import containing

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
    row = db.session.execute(
        select(
            _count(to_review(actor)).label("review"),
            _count(to_mend(actor)).label("mend"),
            _count(open_claims(actor)).label("claims"),
            _count(to_confirm(actor)).label("batch"),
            _count(to_judge(actor)).label("pairs"),
            _count(notices.unread(actor)).label("notices"),
            _count(rulesets.to_check(actor)).label("rules"),
        )
    ).one()
    tasks = row.review + row.mend + row.claims + row.batch
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
            Task("claim", c.firm.name, c.id, c.office.short_name, c.at, due_on=nudges.due_on(c))
            for c in db.session.scalars(open_claims(actor).limit(limit))
        ),
        *(
            Task("batch", b.filename, b.id, b.office.short_name, b.created_at, b.new + b.changed)
            for b in db.session.scalars(to_confirm(actor).limit(limit))
        ),
    ]
    return sorted(_with_nudges(found), key=_age)


def to_review(actor: Actor) -> Select[Proposal]:
    """Open proposals before `actor`'s bureau, the longest waiting first."""
    return in_review().where(Proposal.reviewing_office_id == (actor.office_id if actor.holds(Role.OFFICER) else -1))


def queue(actor: Actor) -> Select[Proposal]:
    """The cases under review that `actor` may look at: their bureau's, or everybody's for who sees all."""
    return in_review() if actor.holds(*SEES_ALL) else to_review(actor)


def in_review() -> Select[Proposal]:
    return (
        select(Proposal)
        .join(Proposal.firm)
        .where(Proposal.outcome.is_(None), Firm.voided_at.is_(None))
        .where(Firm.stage.in_((Stage.PROPOSED, Stage.UNDER_REVIEW)))
        .order_by(Proposal.waiting_since, Proposal.id)
    )


def narrowed(statement: Select[Proposal], *, text: str = "", office: str = "", stage: str = "") -> Select[Proposal]:
    """`statement` of `queue` narrowed to a part of the name or code, a proposing office, and a stage."""
    if text:
        statement = statement.where(containing(text))
    if office:
        statement = statement.where(
            Proposal.office_id == select(Office.id).where(Office.code == office).scalar_subquery()
        )
    return statement.where(Firm.stage == stage) if stage else statement


def to_mend(actor: Actor) -> Select[Proposal]:
    """Proposals sent back to `actor`'s office; the city office mends for the bureau its people sit in."""
    return (
        select(Proposal)
        .join(Proposal.firm)
        .where(Proposal.outcome.is_(None), Firm.voided_at.is_(None), Firm.stage == Stage.RETURNED)
        .where(Proposal.office_id == (actor.office_id if actor.holds(Role.CLERK, Role.CITY_OFFICE) else -1))
        .order_by(Proposal.waiting_since, Proposal.id)
    )


def open_claims(actor: Actor) -> Select[Claim]:
    """Claims the city office has yet to decide."""
    statement = select(Claim).where(Claim.decided_at.is_(None)).order_by(Claim.at, Claim.id)
    return statement if actor.holds(Role.CITY_OFFICE) else statement.where(Claim.id == -1)


def to_judge(actor: Actor) -> Select[Pairing]:
    """Suspected pairs that wait for a verdict; a list of their own, worked off when there is time, and no task."""
    statement = pairings.waiting(actor)
    return statement if can(actor, "pairing.judge") else statement.where(Pairing.id == -1)


def to_confirm(actor: Actor) -> Select[ImportBatch]:
    """Checked workbooks that nobody has confirmed or given up yet."""
    return (
        select(ImportBatch)
        .where(ImportBatch.state == BatchState.CHECKED, ImportBatch.by_id == (actor.user_id or -1))
        .order_by(ImportBatch.created_at, ImportBatch.id)
    )


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
    return proposals.visible_to(actor).where(Proposal.proposer_id == (actor.user_id or -1))


def firm_names(firm_ids: Iterable[int]) -> dict[int, str]:
    """The names of firms that a scoped list already holds."""
    rows = db.session.execute(select(Firm.id, Firm.name).where(Firm.id.in_(set(firm_ids))))
    return {row.id: row.name for row in rows}


def _count(statement: Select[Any]) -> ScalarSelect[int]:
    return select(func.count()).select_from(statement.order_by(None).subquery()).scalar_subquery()


def _age(task: Task) -> tuple[bool, datetime | None, str]:
    return task.since is None, task.since, task.subject


def _review_task(proposal: Proposal) -> Task:
    kind = "review_again" if proposal.rounds > 1 else "review"
    return Task(kind, proposal.firm.name, proposal.id, proposal.office.short_name, proposal.waiting_since)


_MATTERS = {"review": Matter.REVIEW, "review_again": Matter.REVIEW, "mend": Matter.MEND, "claim": Matter.CLAIM}


def _with_nudges(found: list[Task]) -> list[Task]:
    """Each task with how often it was nudged since it last moved."""
    if not found:
        return []
    nudged = nudges.open_counts((_MATTERS[task.kind], task.subject_id) for task in found if task.kind in _MATTERS)
    return [
        replace(task, nudged=nudged.get((_MATTERS[task.kind], task.subject_id), 0)) if task.kind in _MATTERS else task
        for task in found
    ]


def _short(office: object) -> str:
    return getattr(office, "short_name", "")


def _cells(proposal: Proposal) -> int:
    return sum(cell.round == proposal.rounds for cell in proposal.returned_cells)
