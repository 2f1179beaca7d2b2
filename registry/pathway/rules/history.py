"""A firm's course through the stages by day: where it stood on a date, when it entered the directory and left it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from registry.base.vocabulary import LISTED_STAGES, Action, Stage

LISTED = frozenset(LISTED_STAGES)
EXITS = frozenset({Stage.REMOVED, Stage.DELISTED, Stage.MERGED})


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One dated event of the pathway; steps of one day follow each other by `id`."""

    on: date
    id: int
    action: str
    target: Stage
    note: str = ""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A step into the directory or out of it; `before` is the stage it left, None where it was the first."""

    step: Step
    before: Stage | None

    @property
    def entered(self) -> bool:
        return self.step.target in LISTED


class Course:
    """The steps of one firm in the order of their days, whenever they were recorded."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._steps = tuple(sorted(steps))

    def last_step(self, day: date) -> Step | None:
        """The step that gave the stage of `day`; None before the first."""
        return next((step for step in reversed(self._steps) if step.on <= day), None)

    def stage(self, day: date) -> Stage | None:
        step = self.last_step(day)
        return step.target if step else None

    def since(self, day: date) -> date | None:
        """The day from which the stage of `day` counts; a step that an undone import caused moves it nowhere."""
        step = self.last_step(day)
        if step is None or step.action != Action.UNDO_IMPORT:
            return step.on if step else None
        before = [earlier.on for earlier in self._steps if earlier < step and earlier.target == step.target]
        return before[-1] if before else step.on

    def listed(self, day: date) -> bool:
        return self.stage(day) in LISTED

    def crossings(self, first: date, last: date) -> tuple[Crossing, ...]:
        """Every entry and exit from `first` to `last`; entries less exits is what the directory grew by."""
        stages = (None, *(step.target for step in self._steps))
        return tuple(
            Crossing(step, before)
            for before, step in zip(stages, self._steps, strict=False)
            if first <= step.on <= last and (before in LISTED) != (step.target in LISTED)
        )

    def held(self, first: date, last: date) -> bool:
        """Whether a quarter's directory holds the firm: listed on `last`, or gone from it since `first`."""
        if self.listed(last):
            return True
        return self.stage(last) in EXITS and any(not crossing.entered for crossing in self.crossings(first, last))
