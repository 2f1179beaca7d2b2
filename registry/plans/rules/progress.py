"""How far a task is: counted from the registry's own acts, or by the day on which its office said that it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from registry.base.vocabulary import Action
from registry.plans.rules.counting import Pace, PaceLight, pace

CELLS = 5
"""As many typed cells an office gives in a quarter, at most: what is held is never asked for."""


class Counted(StrEnum):
    """What of the registry counts as progress of a task."""

    PROPOSALS = "proposals"
    ADMISSIONS = "admissions"
    FILINGS = "filings"
    CONFIRMATIONS = "confirmations"
    MARKS = "marks"


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


def light_of(aim: int | None, done: int, starts_on: date, due_on: date, done_on: date | None, on: date) -> TaskLight:
    """A counted task by its pace; any other is done once its office said so, overdue after its day, else on track."""
    if aim is not None:
        found = pace(aim, done, starts_on, due_on, on)
        return TaskLight(found.light, found)
    if done_on is not None:
        return TaskLight(PaceLight.DONE)
    return TaskLight(PaceLight.OVERDUE if on > due_on else PaceLight.ON_TRACK)
