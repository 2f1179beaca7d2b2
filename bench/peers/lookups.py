"""The one firm of a list that a query means, or none: ours and each peer, a query at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from bench import fit
from bench.labelled import Pair, table
from bench.lists import best_f1
from bench.peers import trees as boosted
from bench.peers.tfidf import Nearest
from registry.matching.lists import Base, ListEntry, match
from registry.matching.normalise import name_key

Figures = dict[str, float]
Ask = Callable[[int, str], tuple[int, float]]
"""Number and text of a query -> the place found and how sure, or (-1, 0.0)."""
NOBODY = (-1, 0.0)
NEAREST = 10
FULLY, FEWER = 100_000, 120
"""Lists up to which every query is asked, and about how many are asked of longer ones."""
_WARM = 3


def ours(data: Path, size: int) -> Figures:
    names = [name for _, name in table(data / "registry_1m.tsv.gz", size)]
    start = time.process_time()
    base = Base(ListEntry(name) for name in names)
    built = time.process_time() - start

    def ask(number: int, query: str) -> tuple[int, float]:
        (found,) = match([ListEntry(query)], base, processes=1)
        return (found[0].place, found[0].score) if found else NOBODY

    return _measured(data, size, ask, 1) | {"built": built}


def scan(data: Path, size: int) -> Figures:
    names = [name for _, name in table(data / "registry_1m.tsv.gz", size)]
    start = time.process_time()
    keys = [name_key(name) for name in names]
    built = time.process_time() - start

    def ask(number: int, query: str) -> tuple[int, float]:
        found = process.extractOne(name_key(query), keys, scorer=fuzz.ratio)
        return (found[2], found[1]) if found else NOBODY

    return _measured(data, size, ask, _step(data, size)) | {"built": built}


def tfidf(data: Path, size: int) -> Figures:
    nearest, built = _nearest([name_key(name) for _, name in table(data / "registry_1m.tsv.gz", size)])

    def ask(number: int, query: str) -> tuple[int, float]:
        places, cosines = nearest.to(name_key(query), 1)
        return (int(places[0]), float(cosines[0])) if len(places) else NOBODY

    return _measured(data, size, ask, _step(data, size)) | {"built": built}


def trees(data: Path, size: int) -> Figures:
    """Grown on the candidates of all queries but those of the city asked for; growing is not in `built`."""
    listed = list(table(data / "registry_1m.tsv.gz", size))
    keys = [name_key(name) for _, name in listed]
    nearest, built = _nearest(keys)
    queries = list(table(data / "lookup_dev.tsv"))
    fold, grown = _grown(queries, listed, keys, nearest)

    def ask(number: int, query: str) -> tuple[int, float]:
        key = name_key(query)
        places, cosines = nearest.to(key, NEAREST)
        if not len(places):
            return NOBODY
        x = boosted.features([key] * len(places), [keys[place] for place in places], cosines)
        likely = boosted.probability(grown[fold[number]], x)
        return int(places[likely.argmax()]), float(likely.max())

    return _measured(data, size, ask, _step(data, size)) | {"built": built}


def _grown(
    queries: list[list[str]], listed: list[list[str]], keys: list[str], nearest: Nearest
) -> tuple[list[int], dict[int, boosted.Trees]]:
    """The fold of each query, and for each fold the trees of the others."""
    near = [nearest.to(name_key(query), NEAREST) for query, _, _ in queries]
    firsts = [listed[places[0]][1] if len(places) else "" for places, _ in near]
    fold = fit.folds([Pair(query[0], first, 0, "") for query, first in zip(queries, firsts, strict=True)])
    pairs = [(asked, place) for asked, (places, _) in enumerate(near) for place in places.tolist()]
    x = boosted.features(
        [name_key(queries[asked][0]) for asked, _ in pairs],
        [keys[place] for _, place in pairs],
        np.concatenate([cosines for _, cosines in near]),
    )
    label = np.array([queries[asked][1] == listed[place][0] for asked, place in pairs])
    return fold.tolist(), boosted.grown_by_fold(x, label, fold[[asked for asked, _ in pairs]])


def _nearest(keys: list[str]) -> tuple[Nearest, float]:
    start = time.process_time()
    nearest = Nearest(keys)
    return nearest, time.process_time() - start


def _step(data: Path, size: int) -> int:
    return 1 if size <= FULLY else max(1, sum(1 for _ in table(data / "lookup_dev.tsv")) // FEWER)


def _measured(data: Path, size: int, ask: Ask, step: int) -> Figures:
    rids = [rid for rid, _ in table(data / "registry_1m.tsv.gz", size)]
    queries = list(enumerate(table(data / "lookup_dev.tsv")))[::step]
    for number, (query, *_) in queries[:_WARM]:
        ask(number, query)
    answers, spans, known = [], [], set(rids)
    for number, (query, rid, _) in queries:
        start = time.process_time()
        place, sure = ask(number, query)
        spans.append((time.process_time() - start) * 1000)
        if place >= 0:
            answers.append((sure, rids[place] == rid))
    p50, p99 = np.quantile(spans, [0.5, 0.99])
    positives = sum(rid in known for _, (_, rid, _) in queries)
    return {
        "f1": best_f1(answers, positives),
        "p50": float(p50),
        "p99": float(p99),
        "queries": len(queries),
    }
