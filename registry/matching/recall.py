"""How many duplicates of a list are still unfound: two ways of finding them that know nothing of each other.

Names say that two rows are one firm, or something that has nothing to do with how a name is written does: a code, a
phone, an address, a legal representative, the register. Of the duplicates that names found, `BOTH` over `BOTH` and
`NAMES` tells how often such evidence speaks at all; so often it speaks among those that names missed as well, and of
these we see the ones it did speak for (`EVIDENCE`). People judge a blind sample of each kind of pair, for not all that
is alike is one firm. (Two-sample capture and recapture; Lincoln, Petersen, Chapman.)

    evidence(record)         what may show a duplicate whatever the names are
    shared(rows)             pairs of rows that evidence puts together
    PairGround(...).sample(seed) which of them people judge: the same again from the same seed
    unfound(tallies)         the interval
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.base import credit_code
from registry.matching.records import Record, Side

BOUND = 10
"""Rows that share one thing: what more of them share (an agency's phone, a business park) says nothing of any two."""
CONFIDENCE = 0.95
_DRAWS = 20_000
Pair = tuple[int, int]
Counts = NDArray[np.int64]


class FoundBy(StrEnum):
    """By what a pair came up. `HELPED`: names alone would not have done, evidence made it a suspect all the same."""

    BOTH = "both"
    NAMES = "names"
    HELPED = "helped"
    EVIDENCE = "evidence"


SIZES = {FoundBy.BOTH: 50, FoundBy.NAMES: 50, FoundBy.HELPED: 20, FoundBy.EVIDENCE: 80}
"""How many pairs of each kind people judge."""


def evidence(record: Record) -> dict[str, frozenset[str]]:
    """What a record has that has nothing to do with how its name is written, by kind."""
    side = Side(record)
    codes = {credit_code.organisation_code(side.code)} if side.code else set[str]()
    return {"organisation": frozenset(codes), **side.contacts}


def one_organisation(first: Record, second: Record) -> bool | None:
    """Whether two valid codes are one organisation's; None where there are not two."""
    codes = [side.code for side in (Side(first), Side(second)) if side.code]
    return len({credit_code.organisation_code(code) for code in codes}) == 1 if len(codes) == 2 else None


class Shared(NamedTuple):
    """Pairs of rows, the lower first, each with the kinds of evidence; and how much was shared by too many rows."""

    pairs: dict[Pair, tuple[str, ...]]
    crowded: int


def shared(rows: Iterable[tuple[int, Mapping[str, Iterable[Hashable]]]]) -> Shared:
    """Pairs that share a phone, an address, ... of no more than `BOUND` rows. `rows`: (row, kind -> what it has)."""
    having: defaultdict[tuple[str, Hashable], list[int]] = defaultdict(list)
    for row, kinds in rows:
        for kind, texts in kinds.items():
            for text in set(texts):
                having[kind, text].append(row)
    pairs: defaultdict[Pair, set[str]] = defaultdict(set)
    for (kind, _), group in having.items():
        if len(group) <= BOUND:
            for pair in combinations(sorted(group), 2):
                pairs[pair].add(kind)
    crowded = sum(len(group) > BOUND for group in having.values())
    return Shared({pair: tuple(sorted(pairs[pair])) for pair in sorted(pairs)}, crowded)


def sorted_out(names: Iterable[Pair], evidence: Iterable[Pair], suspected: Iterable[Pair]) -> dict[FoundBy, list[Pair]]:
    """All pairs by what they came up by, in order; `suspected` is what the list found with all it has."""
    by_names, by_evidence = set(names), set(evidence)
    helped = by_evidence.intersection(suspected) - by_names
    return {
        FoundBy.BOTH: sorted(by_names & by_evidence),
        FoundBy.NAMES: sorted(by_names - by_evidence),
        FoundBy.HELPED: sorted(helped),
        FoundBy.EVIDENCE: sorted(by_evidence - by_names - helped),
    }


def drawn(pairs: Iterable[Pair], seed: str, count: int) -> list[Pair]:
    """`count` of the pairs, by the SHA-256 of seed and rows: nobody chooses, and anybody can draw them again."""
    return sorted(pairs, key=lambda pair: hashlib.sha256(f"{seed}:{pair[0]}:{pair[1]}".encode()).digest())[:count]


@dataclass(frozen=True)
class PairGround:
    """The pairs of a list by what they came up by, and those that are one firm's or two for certain."""

    kinds: Mapping[FoundBy, list[Pair]]
    same: frozenset[Pair]
    different: frozenset[Pair]

    def certain(self, kind: FoundBy) -> int:
        return len(self.same.intersection(self.kinds[kind]))

    def open(self, kind: FoundBy) -> list[Pair]:
        """Pairs of which nothing is certain."""
        return [pair for pair in self.kinds[kind] if pair not in self.same and pair not in self.different]

    def sample(self, seed: str) -> dict[Pair, FoundBy]:
        """Open pairs for people to judge, the kinds mixed."""
        chosen = {pair: kind for kind in FoundBy for pair in drawn(self.open(kind), seed, SIZES[kind])}
        return {pair: chosen[pair] for pair in drawn(chosen, seed, len(chosen))}


@dataclass(frozen=True)
class JudgedPairs:
    """The pairs of one kind. `certain` are one firm by what needs no judging (a code of both; people's earlier word).

    `open` are those of which nothing is certain; of `judged` out of them, drawn blind, people called `same` one firm.
    """

    certain: int = 0
    open: int = 0
    judged: int = 0
    same: int = 0


@dataclass(frozen=True)
class Unfound:
    """How many duplicates are still unfound: most likely, and from `low` to `high` 95 times in 100.

    `duplicates`: how many there are in all, `low` to `high`, so that the share found can be said.
    """

    likely: int
    low: int
    high: int
    duplicates: tuple[int, int]


def unfound(tallies: Mapping[FoundBy, JudgedPairs]) -> Unfound | None:
    """The interval; None where of some kind pairs are open and none was judged: nothing can be said then.

    Every unknown share has the prior of Jeffreys; the number that both ways missed is drawn given the number that names
    alone missed. What evidence showed and people called one firm is found. The draws are the same each time.
    """
    if any(tally.open and not tally.judged for tally in tallies.values()):
        return None
    random = np.random.RandomState(1)  # its numbers are promised to stay what they are
    real = {kind: _real(tallies.get(kind, JudgedPairs()), random) for kind in FoundBy}
    spoke = random.beta(real[FoundBy.BOTH] + 0.5, real[FoundBy.NAMES] + 0.5)
    missed = real[FoundBy.EVIDENCE] + real[FoundBy.HELPED]
    neither = random.negative_binomial(missed + 1, np.clip(spoke, 1e-4, 1))
    silent = tallies.get(FoundBy.EVIDENCE, JudgedPairs())
    left = neither + real[FoundBy.EVIDENCE] - silent.certain - silent.same
    total = neither + missed + real[FoundBy.BOTH] + real[FoundBy.NAMES]
    low, likely, high = _quantiles(left)
    return Unfound(likely, low, high, _quantiles(total)[::2])


def _real(tally: JudgedPairs, random: np.random.RandomState) -> Counts:
    """Draws of how many pairs of this kind are one firm."""
    if not tally.open:
        return np.full(_DRAWS, tally.certain)
    share = random.beta(tally.same + 0.5, tally.judged - tally.same + 0.5, _DRAWS)
    return tally.certain + tally.same + random.binomial(tally.open - tally.judged, share)


def _quantiles(draws: Counts) -> tuple[int, int, int]:
    tail = (1 - CONFIDENCE) / 2
    low, middle, high = np.quantile(draws, [tail, 0.5, 1 - tail])
    return int(np.floor(low)), round(float(middle)), int(np.ceil(high))
