"""How often the interval of `matching.recall` holds: invented directories whose duplicates are known.

Names are invented and written wrongly as `noise` does; a row has its firm's phone and address or none or another's, and
unlike firms share an agency's phone. The whole way is gone: the engine, the evidence, a sample judged by who knows. In
every other directory the engine is made to overlook some of what it finds: the interval must hold for a worse one too.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from bench.noise import noisy
from bench.scale import names
from registry.matching import recall
from registry.matching.duplicates import dedupe
from registry.matching.judgement import Band
from registry.matching.lists import ListEntry
from registry.matching.recall import FoundBy, JudgedPairs, Pair, Unfound

DIRECTORIES, FIRMS = 200, 300
SAMPLE = {FoundBy.BOTH: 30, FoundBy.NAMES: 30, FoundBy.HELPED: 0, FoundBy.EVIDENCE: 40}


class Outcome(NamedTuple):
    """What the interval says of one directory, and what is true; `found` by name of `duplicates`."""

    said: Unfound
    left: int
    duplicates: int
    found: int

    @property
    def holds(self) -> bool:
        return self.said.low <= self.left <= self.said.high


def figures() -> Iterator[str]:
    found = [directory(seed) for seed in range(DIRECTORIES)]
    held, width = sum(one.holds for one in found), sum(one.said.high - one.said.low for one in found)
    missed = sum(one.duplicates - one.found for one in found)
    yield "recall certificate"
    yield f"  {DIRECTORIES} directories of {FIRMS} rows: the interval holds in {held}, mean width {width / DIRECTORIES:.1f}"
    yield f"  of {sum(one.duplicates for one in found):,} duplicate pairs names missed {missed:,}"


def directory(seed: int, firms: int = FIRMS) -> Outcome:
    """One invented directory, certified."""
    random = Random(seed)
    chosen = random.sample([name for name, _ in names(firms * 4)], firms)
    rows = noisy(chosen, firms, random.choice([0.06, 0.12, 0.2]), seed)
    owners = [rid for rid, _, _ in rows]
    overlooked = random.choice([0.05, 0.15, 0.3]) if seed % 2 else 0.0
    pairs = dedupe((ListEntry(name, "") for _, name, _ in rows), processes=1)
    by_names = {(pair.a, pair.b) for pair in pairs if _asks(pair.band) and random.random() >= overlooked}
    by_evidence = recall.shared(enumerate(_evidence(owners, random))).pairs
    kinds = recall.sorted_out(by_names, by_evidence, by_names)
    twins = {(a, b) for b in range(len(owners)) for a in range(b) if owners[a] == owners[b]}
    judged = {kind: recall.drawn(pairs, f"{seed}", SAMPLE[kind]) for kind, pairs in kinds.items()}
    tallies = {kind: _tally(pairs, judged[kind], twins) for kind, pairs in kinds.items()}
    said = recall.unfound(tallies)
    assert said is not None
    left = len(twins - by_names - set(judged[FoundBy.EVIDENCE]))
    return Outcome(said, left, len(twins), len(twins & by_names))


def _asks(band: Band) -> bool:
    return band is not Band.DIFFERENT


def _tally(pairs: list[Pair], judged: list[Pair], twins: set[Pair]) -> JudgedPairs:
    return JudgedPairs(open=len(pairs), judged=len(judged), same=len(twins.intersection(judged)))


def _evidence(owners: list[int], random: Random) -> Iterator[dict[str, list[str]]]:
    """Phone and address of each row: its firm's, none, a stranger's, or the agency's of many."""
    there = random.uniform(0.4, 0.9)
    for owner in owners:
        yield {
            kind: [f"{_whose(owner, len(owners), random)}"] if random.random() < there else []
            for kind in ("phone", "address")
        }


def _whose(owner: int, firms: int, random: Random) -> int:
    dice = random.random()
    return owner if dice < 0.85 else random.randrange(firms) if dice < 0.95 else -random.randrange(1, 40)
