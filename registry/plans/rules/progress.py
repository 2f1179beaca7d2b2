"""How far a task is: counted from the registry's own acts, or by what its office said; the days on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from registry.base.vocabulary import Action
from registry.plans.rules.counting import Pace, PaceLight, pace
from registry.plans.rules.milestones import MilestoneState, TaskDates, state_of, steps_of

CELLS = 5
"""As many typed cells an office gives in a quarter, at most: what is held is never asked for."""


class Counted(StrEnum):
    """What of the registry counts as progress of a task."""

    PROPOSALS = "proposals"
    ADMISSIONS = "admissions"
    FILINGS = "filings"
    CONFIRMATIONS = "confirmations"
    MARKS = "marks"
    DOCUMENTS = "documents"


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        Counted.PROPOSALS: Action.SUBMIT,
        Counted.ADMISSIONS: Action.ADMIT,
        Counted.FILINGS: Action.FILE,
        Counted.CONFIRMATIONS: Action.CONFIRM,
    }
)


@dataclass(frozen=True, slots=True)
class TaskLight:
    """The light of a task; `pace` is the arithmetic behind it, where its progress is counted."""

    light: PaceLight
    pace: Pace | None = None


def light_of(task: TaskDates, done: int, on: date) -> TaskLight:
    """A counted task by its pace, through its milestones where they carry numbers.

    Any other is done once its office said so, overdue after its day, behind where a milestone is missed, else on track.
    """
    if task.aim is not None:
        found = pace(task.aim, done, task.starts_on, task.due_on, on, steps_of(task))
        return TaskLight(found.light, found)
    if task.done_on is not None and task.done_on <= on:
        return TaskLight(PaceLight.DONE)
    if on > task.due_on:
        return TaskLight(PaceLight.OVERDUE)
    missed = any(state_of(task, one, done, on) is MilestoneState.MISSED for one in task.milestones)
    return TaskLight(PaceLight.BEHIND if missed else PaceLight.ON_TRACK)
