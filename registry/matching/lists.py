"""Two lists against each other: which entries are one firm's, as far as names and codes say.

    Base(entries)            the list to look up in, indexed
    match(queries, base)     for each query its likeliest entries, the best first

A valid code that is the same settles a pair, one that differs rules it out; everything else is said by the names and
by who else comes near (`list_model`). Results are the same whatever the number of processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from registry.base.credit_code import check
from registry.matching import list_model, parallel, sentences
from registry.matching.decide import compare
from registry.matching.index import Index, Ints, Texts
from registry.matching.judgement import Band, Judgement, in_band
from registry.matching.list_model import EQUAL, SURE, Numbers, contested_facts, probability
from registry.matching.normalise import key_of
from registry.matching.records import Record

BANDS = SAME, REVIEW = 90.0, 30.0
NEAR = 5.0
"""Scores in a list from which two entries are taken for one firm's, have to be looked at, and are named at all."""
SCORED = 3
_CHUNK = 256
_ALONE = 2_000  # fewer names are not worth a second process
_LONGEST_CODE = 64


class ListEntry(NamedTuple):
    """A row of a list: its name as typed, and its credit code if it has a valid one, else ''."""

    name: str
    code: str = ""


def entry(name: str, code: str = "") -> ListEntry:
    found = check(code[:_LONGEST_CODE]) if code else None
    return ListEntry(name, found.code if found and found.valid else "")


class Found(NamedTuple):
    """An entry of the base that may be the query; `place` counts from 0."""

    place: int
    score: float
    band: Band
    reasons: str


class Base:
    """The list to look up in. Rows of one name key are found together; `texts` and keys lie in single strings."""

    def __init__(self, entries: Iterable[ListEntry], *, budget: int = 10_000) -> None:
        codes: list[tuple[int, str]] = []
        self.names = Texts(_noted(entries, codes))
        self.codes = dict(codes)
        self.by_code: dict[str, int] = {}
        for row, code in codes:
            self.by_code.setdefault(code, row)
        self.groups = Groups(map(key_of, self.names))
        self.index = Index(self.groups.keys, budget=budget)

    def __len__(self) -> int:
        return len(self.names)

    def entry(self, row: int) -> ListEntry:
        return ListEntry(self.names[row], self.codes.get(row, ""))


class Groups:
    """Rows by their name key: `keys` are distinct and not empty, `rows(place)` the rows of one, in order."""

    def __init__(self, keys: Iterable[str]) -> None:
        places: dict[str, int] = {}
        of_row = np.fromiter((places.setdefault(key, len(places)) if key else -1 for key in keys), np.int64)
        self.keys: Iterable[str] = list(places)
        order = np.argsort(of_row, kind="stable")
        self._order = order[int((of_row < 0).sum()) :]
        self._ends = np.concatenate([[0], np.cumsum(np.bincount(of_row[of_row >= 0], minlength=len(places)))])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def rows(self, place: int) -> list[int]:
        found: list[int] = self._order[self._ends[place] : self._ends[place + 1]].tolist()
        return found

    def first(self, place: int) -> int:
        return int(self._order[self._ends[place]])


def _noted(entries: Iterable[ListEntry], codes: list[tuple[int, str]]) -> Iterator[str]:
    for row, (name, code) in enumerate(entries):
        if code:
            codes.append((row, code))
        yield name


# -- looking up -----------------------------------------------------------------------------------
def match(
    queries: Sequence[ListEntry], base: Base, *, top: int = 1, processes: int | None = None
) -> Iterator[list[Found]]:
    """For each query, in order, at most `top` entries that come near; [] where none does."""
    processes = processes_for(processes, len(queries))
    tasks = ((queries[at : at + _CHUNK], top) for at in range(0, len(queries), _CHUNK))
    for answers in parallel.in_order(_matched, base, tasks, processes):
        yield from answers


def _matched(base: Base, task: tuple[Sequence[ListEntry], int]) -> list[list[Found]]:
    queries, top = task
    rows, places, odds = standings(base, [query.name for query in queries], max(SCORED, top + 2))
    ends = np.searchsorted(rows, np.arange(len(queries) + 1))
    return [
        _judged(base, query, places[start:end].tolist(), odds[start:end], top)
        for query, start, end in zip(queries, ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    ]


def standings(base: Base, names: Sequence[str], best: int) -> tuple[Ints, Ints, Numbers]:
    """Row, place in the index and standing of each candidate, the rows in order."""
    rows, places, found, sure = compared(base, names, best)
    return rows, places, list_model.stood(sure, list_model.standing("match", found))


def compared(base: Base, names: Sequence[str], best: int) -> tuple[Ints, Ints, Numbers, Numbers]:
    """Row, place in the index, `list_model.standing_facts` and `Likeness.sure` of each candidate."""
    near = base.index.near([key_of(name) for name in names], best=best)
    said = list_model.said(
        (names[row], base.names[base.groups.first(place)])
        for row, place in zip(near.row.tolist(), near.place.tolist(), strict=True)
    )
    unknown = np.zeros(len(near.row))
    found = list_model.standing_facts(said, near.likeness, near.shared, (unknown, unknown), len(base))
    return near.row, near.place, found, said.sure


def _judged(base: Base, query: ListEntry, places: list[int], standing: Numbers, top: int) -> list[Found]:
    chosen = [_row(base, place, query.code) for place in places]
    differs = np.array([differ(query.code, base.codes.get(row, "")) for row in chosen], bool)
    rival = standing.copy()
    rival[differs] = -np.inf
    scores = contested("match", standing, _others(rival), len(base))
    near = (probability(standing) >= NEAR) | (scores >= NEAR)  # a strong rival makes nobody less near
    kept = np.flatnonzero(near & (~differs | (standing == EQUAL)))
    sures = int((rival >= SURE).sum())
    found = [
        (Found(chosen[at], *voiced(query, base.entry(chosen[at]), float(scores[at]), BANDS, sures > 1)), standing[at])
        for at in kept[np.argsort(-standing[kept], kind="stable")[: top + 1]].tolist()
    ]
    if query.code in base.by_code:
        row = base.by_code[query.code]
        known = Found(row, *voiced(query, base.entry(row), 100.0, BANDS))
        found = [(known, np.inf), *(one for one in found if one[0].place != row and not one[0].score)]
    found.sort(key=lambda one: (-one[0].score, -one[1], one[0].place))
    return [one for one, _ in found[:top]]


def _row(base: Base, place: int, code: str) -> int:
    """Of the rows of one name the first that no code rules out."""
    rows = base.groups.rows(place) if code else [base.groups.first(place)]
    return next((row for row in rows if not differ(code, base.codes.get(row, ""))), rows[0])


def _others(standing: Numbers) -> Numbers:
    """For each candidate the strongest of the others."""
    if len(standing) < 2:
        return np.full(len(standing), -np.inf)
    second, first = np.sort(standing)[-2:]
    rival: Numbers = np.where(standing == first, second, first)
    return rival


def contested(task: str, standing: Numbers, rival: Numbers, size: int) -> Numbers:
    scores = probability(list_model.contested(task, contested_facts(standing, rival, size)))
    return np.where(standing == EQUAL, 100.0, scores)


Voice = tuple[float, Band, str]
"""Score, band and sentence of a pair in a list."""


def voiced(a: ListEntry, b: ListEntry, score: float, bands: tuple[float, float], rivalled: bool = False) -> Voice:
    """What a list says of two entries: one score, one band, one sentence that agree.

    `bands`: the scores from which they are *same*, and have to be looked at. *Same* is only what the two carry by
    themselves, and not while another entry carries as much (`rivalled`, unless names are equal); a list may call for
    a look at what seemed different by itself, but never at a branch and its firm or at two valid codes.
    """
    same, review = bands
    judged = compare(Record(a.name, a.code or None), Record(b.name, b.code or None))
    if judged.band is Band.SAME and rivalled and judged.score < EQUAL_SCORE:
        judged = in_band(judged, Band.REVIEW, sentences.RIVALLED, {"name_a": a.name, "name_b": b.name})
        return min(score, same - _JUST_BELOW), judged.band, str(judged)
    if judged.band is Band.SAME:
        return max(score, same, judged.score), Band.SAME, str(judged)
    if differ(a.code, b.code) or judged.link is not None:
        return 0.0 if differ(a.code, b.code) else min(score, review - _JUST_BELOW), Band.DIFFERENT, str(judged)
    if judged.score >= EQUAL_SCORE:
        return judged.score, judged.band, str(judged)
    return _by_score(judged, min(score, same - _JUST_BELOW), review)


def _by_score(judged: Judgement, score: float, review: float) -> Voice:
    """Where the list decides whether the two have to be looked at."""
    band = Band.REVIEW if score >= review else Band.DIFFERENT
    if band is not judged.band:
        judged = in_band(judged, band, sentences.NEAR_REVIEW if band is Band.REVIEW else sentences.UNLIKE_IN_LIST)
    return score, band, str(judged)


EQUAL_SCORE = 100.0
_JUST_BELOW = 0.01


def differ(a: str, b: str) -> bool:
    return bool(a and b and a != b)


def processes_for(asked: int | None, names: int) -> int:
    return asked or (1 if names < _ALONE else parallel.cores())
