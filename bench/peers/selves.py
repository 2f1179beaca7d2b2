"""One list against itself: every pair of its rows that is one firm's, found by ours and by each peer."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from bench import fit, labelled
from bench.labelled import Pair, table
from bench.lists import best_f1
from bench.peers import parsed
from bench.peers import trees as boosted
from bench.peers.tfidf import Nearest
from registry.matching.duplicates import dedupe
from registry.matching.lists import ListEntry
from registry.matching.normalise import name_key

Figures = dict[str, float]
Scored = Iterable[tuple[int, int, float]]
NEAREST = 6
LEAST, AT_ONCE = 60, 500
"""The likeness from which two names are named a pair, and rows compared at once."""
BLOCKS = ("trade", "own", "trade_start", "trade_end")


def ours(data: Path, size: int) -> Figures:
    listed = _listed(data, size)
    start = time.process_time()
    pairs = dedupe((ListEntry(name) for _, name in listed), processes=1)
    spent = time.process_time() - start
    return _figures(listed, ((pair.a, pair.b, pair.score) for pair in pairs), spent)


def all_pairs(data: Path, size: int) -> Figures:
    listed = _listed(data, size)
    start, found = time.process_time(), []
    keys = [name_key(name) for _, name in listed]
    for first in range(0, len(keys), AT_ONCE):
        likeness = process.cdist(keys[first : first + AT_ONCE], keys, scorer=fuzz.ratio, score_cutoff=LEAST)
        rows, places = np.nonzero(likeness)
        kept = rows + first < places
        rows, places = rows[kept], places[kept]
        found += zip((rows + first).tolist(), places.tolist(), likeness[rows, places].tolist(), strict=True)
    return _figures(listed, found, time.process_time() - start)


def tfidf(data: Path, size: int) -> Figures:
    listed = _listed(data, size)
    start = time.process_time()
    found = _candidates([name_key(name) for _, name in listed])
    return _figures(listed, [(a, b, cosine) for (a, b), cosine in found.items()], time.process_time() - start)


def trees(data: Path, size: int) -> Figures:
    """Grown on the candidates of the other cities; growing is not counted."""
    listed = _listed(data, size)
    start = time.process_time()
    keys = [name_key(name) for _, name in listed]
    found = _candidates(keys)
    pairs, cosines = list(found), np.array(list(found.values()))
    x = boosted.features([keys[a] for a, _ in pairs], [keys[b] for _, b in pairs], cosines)
    spent = time.process_time() - start
    label = np.array([listed[a][0] == listed[b][0] for a, b in pairs])
    fold = fit.folds([Pair(listed[a][1], listed[b][1], 0, "") for a, b in pairs])
    grown = boosted.grown_by_fold(x, label, fold)
    start, likely = time.process_time(), np.zeros(len(pairs))
    for number, its_trees in grown.items():
        likely[fold == number] = boosted.probability(its_trees, x[fold == number])
    spent += time.process_time() - start
    return _figures(listed, [(a, b, p) for (a, b), p in zip(pairs, likely.tolist(), strict=True)], spent)


def splink(data: Path, size: int) -> Figures:
    """m from the labelled pairs, u from the list, its share of doubles as it is; estimating these is not counted."""
    listed = _listed(data, size)
    names = [name for _, name in listed]
    share = _doubles(listed) / (len(listed) * (len(listed) - 1) / 2)
    settings = parsed.of_a_list(labelled.given(data), names, BLOCKS, share)
    parsed.parse.cache_clear()
    start = time.process_time()
    found = list(parsed.likely(names, settings))
    return _figures(listed, found, time.process_time() - start)


def goldenmatch(data: Path, size: int) -> Figures:
    """What it makes of a table with one column of names, having looked at it."""
    import pyarrow
    from goldenmatch import dedupe_df

    listed = _listed(data, size)
    start = time.process_time()
    names = pyarrow.table({"name": [name_key(name) for _, name in listed]})
    found = dedupe_df(names, confidence_required=False, allow_red_config=True).scored_pairs
    return _figures(listed, found, time.process_time() - start)


def _listed(data: Path, size: int) -> list[tuple[str, str]]:
    """Rows of rid and name."""
    return [(rid, name) for rid, name, *_ in table(data / "dedupe_dev_10000.tsv.gz", size)]


def _candidates(keys: list[str]) -> dict[tuple[int, int], float]:
    """Pairs of which one is among the other's nearest, and their cosine."""
    return {
        (min(row, place), max(row, place)): cosine
        for row, (places, cosines) in enumerate(Nearest(keys).to_each_other(NEAREST + 1))
        for place, cosine in zip(places.tolist(), cosines.tolist(), strict=True)
        if place != row
    }


def _doubles(listed: list[tuple[str, str]]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(rid for rid, _ in listed).values())


def _figures(listed: list[tuple[str, str]], pairs: Scored, spent: float) -> Figures:
    answers = [(score, listed[a][0] == listed[b][0]) for a, b, score in pairs]
    return {"f1": best_f1(answers, _doubles(listed)) if answers else 0.0, "cpu": spent}
