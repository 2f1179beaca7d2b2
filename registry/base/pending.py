"""What waits for somebody: a feature declares its lists of it (`provides: waiting`), home collects and counts them.

A list is a statement limited to the actor, so that all of them are counted at once on every page; what no statement
can count is counted by itself, on home alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select

from registry.base.extensions import db
from registry.base.permissions import Actor

Row = TypeVar("Row")


@dataclass(frozen=True)
class Task:
    """One thing to do: `kind` names its sentence (`label`), `subject_id` the record that its page is about.

    `endpoint` with `values`: where it is done. `due_on`: its last day, where it has one of its own; `matter`: as what
    it may be nudged, `termed`: that the matter's working days run from `since`.
    """

    kind: str
    subject: str
    subject_id: int
    origin: str
    since: datetime | None
    count: int = 0
    due_on: date | None = None
    nudged: int = 0
    label: str = ""
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    matter: str = ""
    termed: bool = False


@dataclass(frozen=True)
class Pending:
    """A list of things that wait: its name, what it is called, the page (`where` with `values`) that holds them.

    `rows`: the things that wait for an actor; None for whom it does not concern. `found` instead: how many, where rows
    have to be worked out. `tasks`: the first of them, one by one, the longest waiting first. `is_task`: something one
    has to do, and part of the number beside 待办; else it is worked off when there is time. `counter`: under which name
    the menu shows the number.
    """

    name: str
    label: str
    where: str
    rows: Callable[[Actor], Select[Any] | None] | None = None
    found: Callable[[Actor], int | None] | None = None
    tasks: Callable[[Actor, int], Iterable[Task]] | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    is_task: bool = True
    counter: str = ""


def first_of(statement: Select[Row] | None, limit: int) -> list[Row]:
    """The rows of a list to be told one by one; none of a list that does not concern the actor."""
    return list(db.session.scalars(statement.limit(limit)).unique()) if statement is not None else []
