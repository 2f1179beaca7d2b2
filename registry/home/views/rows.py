"""A task as a row: its page, how long it has waited and, where a term runs, its light."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from registry.base.extensions import clock
from registry.base.pending import Task
from registry.notices.rules import TERMS, Matter
from registry.pathway.rules import deadlines
from registry.pathway.rules.deadlines import Wait
from registry.proposals.views import cases
from registry.reference.queries import reference


@dataclass(frozen=True)
class TaskRow:
    task: Task
    href: str
    wait: Wait | None
    due: bool


def row(task: Task) -> TaskRow:
    wait, since = None, task.since
    if since is not None and task.due_on is not None:
        wait = deadlines.until(task.due_on, since.date(), clock.today(), reference.calendar())
    elif since is not None:
        wait = cases.wait_of(since, Matter(task.matter) if task.matter in TERMS else Matter.REVIEW)
    return TaskRow(task, url_for(task.endpoint, **task.values), wait, task.termed or task.due_on is not None)
