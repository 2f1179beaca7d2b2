"""Days on the way of a task: how each stands, what of a counted task is due by them, and which fit together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from registry.plans.rules.counting import Step, day_number


class TaskDates(Protocol):
    """What of a task makes its light."""

    @property
    def aim(self) -> int | None: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def due_on(self) -> date: ...
    @property
    def done_on(self) -> date | None: ...
    @property
    def milestones(self) -> Sequence[MilestoneDates]: ...


class MilestoneDates(Protocol):
    """What of a milestone makes its state; `number`: how many of a counted task are due by its day."""

    @property
    def due_on(self) -> date: ...
    @property
    def number(self) -> int | None: ...
    @property
    def done_on(self) -> date | None: ...


class MilestoneState(StrEnum):
    """How a milestone stands: reached, past its day and not reached, still to come."""

    REACHED = "reached"
    MISSED = "missed"
    AHEAD = "ahead"


def steps_of(task: TaskDates) -> tuple[Step, ...]:
    """The milestones that carry a number, in the order of their days."""
    numbered = sorted((one.due_on, one.number) for one in task.milestones if one.number is not None)
    return tuple(Step(day_number(task.starts_on, day), number) for day, number in numbered)


def state_of(task: TaskDates, one: MilestoneDates, done: int, on: date) -> MilestoneState:
    """Reached: as many as its number are counted by now; without a number, its office or that of the task said so."""
    reached = one.done_on is not None or task.done_on is not None if one.number is None else done >= one.number
    if reached:
        return MilestoneState.REACHED
    return MilestoneState.MISSED if on > one.due_on else MilestoneState.AHEAD


def misfit(task: TaskDates, day: date, number: int | None, others: Sequence[MilestoneDates]) -> str:
    """Why a milestone cannot stand so between the others; empty where it can."""
    if not task.starts_on <= day < task.due_on:
        return "outside"
    if number is None:
        return ""
    if task.aim is None or not 0 < number <= task.aim:
        return "number"
    numbered = [(one.due_on, one.number) for one in others if one.number is not None]
    if any(on == day for on, _number in numbered):
        return "taken"
    falling = any((on < day and many > number) or (on > day and many < number) for on, many in numbered)
    return "falling" if falling else ""
