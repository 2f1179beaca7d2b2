"""What waits for somebody (待办), what they have done (已办), what they started (我发起的).

The features declare what waits (`base/pending.py`); here it is collected, counted in one statement, and told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, literal, select

from registry.base.extensions import db, once, provided
from registry.base.pending import Pending, Task
from registry.base.permissions import Actor
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.notices.queries.nudged import open_counts
from registry.notices.rules import Matter
from registry.pathway.models import PathwayEvent
from registry.proposals.models import Proposal
from registry.proposals.queries import nominations

TASKS_SHOWN = 50
"""Of each kind; the page says how many there are and where the rest stands."""


@dataclass(frozen=True)
class Queue:
    """A list that waits for somebody, and how many things are on it."""

    pending: Pending
    count: int


def declared() -> list[Pending]:
    """Every list of waiting things, of every feature, from the ground up."""
    return [one for found in provided("waiting") for one in found]


def counts(actor: Actor) -> dict[str, int]:
    """Numbers beside the menu entries, in one statement: they are asked for on every page."""
    found = _once(actor)
    tasks = sum(found.get(one.name, 0) for one in declared() if one.is_task)
    return {"inbox": tasks} | {one.counter: found.get(one.name, 0) for one in declared() if one.counter}


def queues(actor: Actor) -> list[Queue]:
    """Every list with something on it for `actor`, what one has to do first."""
    found = _once(actor) | {
        one.name: number for one in declared() if one.found is not None and (number := one.found(actor)) is not None
    }
    waiting = [Queue(one, found[one.name]) for one in declared() if found.get(one.name)]
    return sorted(waiting, key=lambda one: not one.pending.is_task)


def named(name: str) -> Pending | None:
    return next((one for one in declared() if one.name == name), None)


def count_of(actor: Actor, pending: Pending) -> int:
    """How much of one list waits for `actor`."""
    if pending.found is not None:
        return pending.found(actor) or 0
    statement = pending.rows(actor) if pending.rows is not None else None
    return db.session.scalar(select(_number(statement))) or 0 if statement is not None else 0


def concerns(actor: Actor, pending: Pending) -> bool:
    """Whether the list is one of the actor's, with or without anything on it."""
    asked = pending.rows or pending.found
    return asked is not None and asked(actor) is not None


def tasks(actor: Actor, *, among: Iterable[Queue] | None = None, limit: int = TASKS_SHOWN) -> list[Task]:
    """What waits for `actor`, at most `limit` of each kind, the longest waiting first; `among`: counted already."""
    counted = {one.pending.name: one.count for one in among} if among is not None else _counted(actor)
    lists = (one.tasks for one in declared() if one.is_task and one.tasks is not None and counted.get(one.name))
    return in_order(task for told in lists for task in told(actor, limit))


def in_order(found: Iterable[Task]) -> list[Task]:
    """The longest waiting first, each with how often it was nudged since it last moved."""
    return sorted(_with_nudges(list(found)), key=_age)


def _once(actor: Actor) -> dict[str, int]:
    """For the menu and for the page in it."""
    return once(f"waiting_{actor.people}", lambda: _counted(actor))


def _counted(actor: Actor) -> dict[str, int]:
    """Name -> how many wait, of the lists that a statement can count; nothing of those that do not concern `actor`."""
    asked = {one.name: one.rows(actor) for one in declared() if one.rows is not None}
    concerned = {name: statement for name, statement in asked.items() if statement is not None}
    if not concerned:
        return {}
    row = db.session.execute(select(*(_number(rows).label(name) for name, rows in concerned.items()))).one()
    return dict(zip(concerned, row, strict=True))


def _number(statement: Select[Any]) -> ScalarSelect[int]:
    rows = statement.order_by(None).with_only_columns(literal(1), maintain_column_froms=True).subquery()
    return select(func.count()).select_from(rows).scalar_subquery()


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


def _age(task: Task) -> tuple[bool, datetime | None, str]:
    return task.since is None, task.since, task.subject


def _with_nudges(found: list[Task]) -> list[Task]:
    matters = [(Matter(task.matter), task.subject_id) for task in found if task.matter]
    if not matters:
        return found
    nudged = open_counts(matters)
    return [
        replace(task, nudged=nudged.get((Matter(task.matter), task.subject_id), 0)) if task.matter else task
        for task in found
    ]
