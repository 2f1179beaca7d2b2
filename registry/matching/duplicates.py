"""One list against itself: every pair of entries that is the same firm or has to be looked at, and what hangs together.

Rows of one name key stand together from the start; each distinct key is looked up in an index of all of them, the
pairs found are weighed, and each is judged beside the strongest other partner of either side (`list_model`). A valid
code that is the same makes a pair whatever the names; one that differs rules a pair out, and is said where the names
are equal. Time grows with the list, not with its square: of more than `WHOLE` equal rows each is paired with the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from registry.matching import list_model, parallel
from registry.matching.index import Index, Ints, Shares, Texts
from registry.matching.judgement import Band
from registry.matching.list_model import Numbers, rivals, standing_facts
from registry.matching.lists import Groups, ListEntry, contested, differ, processes_for, voiced
from registry.matching.normalise import key_of

WHOLE = 12
"""Rows of one name of which every pair is told."""
BANDS = SAME, REVIEW = 95.0, 40.0
TOLD = 30.0
"""Scores in a list against itself from which two rows are one firm's, have to be looked at, and are told at all."""
BUDGET, NEAREST, LEAST = 2_000, 4, np.float32(0.68)
_NEARLY_MOST, _MUCH = np.float32(0.97), np.float32(1.02)
_CHUNK, _SCORED = 1_024, 4_096
_HEAD = 6
Progress = Callable[[str, int, int], None]


class Pair(NamedTuple):
    """Two rows, from 0, `a` before `b`; `cluster` numbers, from 1, what pairs of *same* and *review* hold together.

    It is 0 for a pair that is *different*.
    """

    a: int
    b: int
    score: float
    band: Band
    reasons: str
    cluster: int


class Weighed(NamedTuple):
    """Pairs of distinct keys by their places, `a` before `b`, in order."""

    a: Ints
    b: Ints
    likeness: Shares
    shared: Shares


def dedupe(
    entries: Iterable[ListEntry], *, processes: int | None = None, progress: Progress = lambda stage, done, total: None
) -> list[Pair]:
    """The pairs in the order of their rows; those that score less than `TOLD` only where equal names have two codes."""
    listed = Listed(entries)
    processes = processes_for(processes, len(listed.names))
    found = candidates(listed, processes, progress)
    standing = _standing(listed, found, processes, progress)
    ends = np.concatenate([found.a, found.b])
    rival = rivals(ends, np.concatenate([standing, standing])).reshape(2, -1).max(axis=0) if len(ends) else standing
    scores = contested("dedupe", standing, rival, len(listed.names))
    kept = np.flatnonzero((scores >= TOLD) | (standing >= list_model.SURE))
    rows = _rows(listed, zip(found.a[kept].tolist(), found.b[kept].tolist(), scores[kept].tolist(), strict=True))
    return _told(listed, sorted((a, b, score) for (a, b), score in rows.items()))


class Listed:
    """The list, its rows by name and by code, and the index of its names."""

    def __init__(self, entries: Iterable[ListEntry]) -> None:
        self.codes: dict[int, str] = {}
        self.names = Texts(self._noted(entries))
        self.groups = Groups(map(key_of, self.names))
        self.index = Index(self.groups.keys, budget=BUDGET)
        self.lone = self.index.lone().astype(float)

    def _noted(self, entries: Iterable[ListEntry]) -> Iterator[str]:
        for row, (name, code) in enumerate(entries):
            if code:
                self.codes[row] = code
            yield name

    def neighbours(self, places: Ints) -> Ints:
        """The order in which names that begin alike come one after the other: what is worked out of them is kept."""
        heads = self.index.keys.heads(_HEAD)[places]
        return np.lexsort((places, *heads.T[::-1]))

    def entry(self, row: int) -> ListEntry:
        return ListEntry(self.names[row], self.codes.get(row, ""))


def candidates(listed: Listed, processes: int, progress: Progress) -> Weighed:
    """Every pair of keys of which one is among the other's nearest."""
    total = len(listed.groups)
    parts = []
    for part in parallel.in_order(_near, listed, _ranges(total, _CHUNK), processes):
        parts.append(part)
        progress("near", min(len(parts) * _CHUNK, total), total)
    if not parts:
        return Weighed(*_near(listed, (0, 0)))
    a, b, likeness, shared = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((b, a))
    a, b, likeness, shared = a[order], b[order], likeness[order], shared[order]
    heads = np.flatnonzero((np.diff(a, prepend=-1) != 0) | (np.diff(b, prepend=-1) != 0))
    if not len(heads):
        return Weighed(a, b, likeness, shared)
    return Weighed(a[heads], b[heads], np.maximum.reduceat(likeness, heads), np.maximum.reduceat(shared, heads))


def _near(listed: Listed, task: tuple[int, int]) -> Weighed:
    start, end = task
    near = listed.index.near(listed.index.keys[start:end], keep=25, best=NEAREST, own=start)
    row = near.row + start
    rank = near.likeness + np.float32(0.25) * near.shared
    kept = (rank >= LEAST) & ((near.shared >= _NEARLY_MOST) | (rank >= _MUCH))
    row, place = row[kept], near.place[kept]
    return Weighed(np.minimum(row, place), np.maximum(row, place), near.likeness[kept], near.shared[kept])


def _standing(listed: Listed, found: Weighed, processes: int, progress: Progress) -> Numbers:
    parts, total = [np.zeros(0)], len(found.a)
    order = listed.neighbours(found.a)
    close = Weighed(found.a[order], found.b[order], found.likeness[order], found.shared[order])
    for part in parallel.in_order(_weigh, (listed, close), _ranges(total, _SCORED), processes):
        parts.append(part)
        progress("compared", min((len(parts) - 1) * _SCORED, total), total)
    standing = np.empty(total)
    standing[order] = np.concatenate(parts)
    return standing


def _weigh(held: tuple[Listed, Weighed], task: tuple[int, int]) -> Numbers:
    facts, sure = compared(*held, task)
    return list_model.stood(sure, list_model.standing("dedupe", facts))


def compared(listed: Listed, found: Weighed, task: tuple[int, int]) -> tuple[Numbers, Numbers]:
    """`list_model.standing_facts` and `Likeness.sure` of the pairs from `task[0]` to before `task[1]`."""
    part = slice(*task)
    names, first = listed.names, listed.groups.first
    pairs = (
        (names[first(a)], names[first(b)]) for a, b in zip(found.a[part].tolist(), found.b[part].tolist(), strict=True)
    )
    said = list_model.said(pairs)
    lone = (listed.lone[found.a[part]], listed.lone[found.b[part]])
    return standing_facts(said, found.likeness[part], found.shared[part], lone, len(names)), said.sure


def _ranges(total: int, step: int) -> Iterator[tuple[int, int]]:
    return ((at, min(at + step, total)) for at in range(0, total, step))


# -- rows -----------------------------------------------------------------------------------------
def _rows(listed: Listed, found: Iterable[tuple[int, int, float]]) -> dict[tuple[int, int], float]:
    """Pairs of rows and their scores: of equal names, of like ones, of one code."""
    rows: dict[tuple[int, int], float] = {}
    for place in range(len(listed.groups)):
        for a, b in _paired(listed.groups.rows(place)):
            rows[a, b] = 0.0 if differ(listed.codes.get(a, ""), listed.codes.get(b, "")) else 100.0
    for a, b, score in found:
        for pair in _crossed(listed.groups.rows(a), listed.groups.rows(b)):
            if not differ(listed.codes.get(pair[0], ""), listed.codes.get(pair[1], "")):
                rows[pair] = score
    by_code: dict[str, list[int]] = {}
    for row, code in listed.codes.items():
        by_code.setdefault(code, []).append(row)
    for same in by_code.values():
        rows |= dict.fromkeys(_paired(same), 100.0)
    return rows


def _paired(rows: Sequence[int]) -> Iterable[tuple[int, int]]:
    return combinations(rows, 2) if len(rows) <= WHOLE else ((rows[0], row) for row in rows[1:])


def _crossed(one: Sequence[int], other: Sequence[int]) -> Iterable[tuple[int, int]]:
    few = len(one) * len(other) <= WHOLE
    pairs = ((a, b) for a in (one if few else one[:1]) for b in (other if few else other[:1]))
    return (pair if pair[0] < pair[1] else pair[::-1] for pair in pairs)


def _told(listed: Listed, rows: Sequence[tuple[int, int, float]]) -> list[Pair]:
    said = [(a, b, voiced(listed.entry(a), listed.entry(b), score, BANDS)) for a, b, score in rows]
    root = _joined(len(listed.names), ((a, b) for a, b, (_, band, _) in said if band is not Band.DIFFERENT))
    numbers: dict[int, int] = {}
    return [
        Pair(
            a, b, score, band, reasons,
            0 if band is Band.DIFFERENT else numbers.setdefault(root[a], len(numbers) + 1),
        )
        for a, b, (score, band, reasons) in said
    ]  # fmt: skip


def _joined(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """For each row the first row of what hangs together with it."""
    root = list(range(count))

    def of(row: int) -> int:
        while root[row] != row:
            root[row] = row = root[root[row]]
        return row

    for a, b in pairs:
        one, other = of(a), of(b)
        root[max(one, other)] = min(one, other)
    return [of(row) for row in range(count)]
