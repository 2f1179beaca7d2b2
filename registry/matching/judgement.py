"""What comparing two records comes to: level, band, link and the sentence that says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """What two records agree in, strongest first (domain paper 6.3)."""

    SAME_CODE = "D0"
    SAME_ORGANISATION = "D1"
    SAME_NAME = "D2"
    SAME_PARTS = "D3"
    SAME_CORE = "D4"
    BRANCH = "D5"
    SOUND = "D6"
    CONTROL = "D7"
    NONE = "NONE"


class Band(StrEnum):
    """What is to be done: take as one firm, let a person decide, or leave apart. Merging is always a person's act."""

    SAME = "same"
    REVIEW = "review"
    DIFFERENT = "different"


class Link(StrEnum):
    """How the first record lies to the second when a branch is concerned."""

    BRANCH_OF = "branch_of"
    PARENT_OF = "parent_of"
    SIBLING = "sibling"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of `decide.compare`; translate `template` first, then fill it with `values`.

    A `warning` is a *different* that somebody should still look at: names agree where codes do not. A level from D4 on
    in the band *different* is a hint.
    """

    level: Level
    band: Band
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    link: Link | None = None
    warning: bool = False

    def __str__(self) -> str:
        return self.template % self.values
