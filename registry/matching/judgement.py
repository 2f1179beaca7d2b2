"""What comparing two records comes to: level, band, link and the sentence that says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple

from registry.matching import sentences


class Level(StrEnum):
    """What two records agree in, strongest first (domain paper 6.3)."""

    SAME_CODE = "D0"
    SAME_ORGANISATION = "D1"
    SAME_NAME = "D2"
    SAME_PARTS = "D3"
    SAME_CORE = "D4"
    NEAR = "NEAR"
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


class Evidence(NamedTuple):
    """One reason of a judgement: its `kind` (labelled by `sentences.evidence`), what it was seen in, its weight.

    `weight` is in log-odds: added up over all evidence, the intercept among it, it gives the score.
    """

    kind: str
    a: str
    b: str
    weight: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of `decide.compare`; `sentence` says it in words.

    `score` is the probability, times 100, that both are one firm; `evidence` says where it comes from, the heaviest
    first. A `warning` is a *different* that somebody should still look at: names agree where codes do not. A level from
    D4 on in the band *different* is a hint.
    """

    level: Level
    band: Band
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    link: Link | None = None
    warning: bool = False
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()

    def __str__(self) -> str:
        return self.sentence()

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """One sentence with the reasons that weigh most, in the language of `translate`."""
        return sentences.said(self.template, self.values, self.evidence, translate)


def in_band(judged: Judgement, band: Band, template: str, values: Mapping[str, Any] | None = None) -> Judgement:
    """The judgement as a list lowers or raises it, with the sentence that goes with the band."""
    return replace(judged, band=band, template=template, values=values or {})
