"""Two names, the same firm or not: ours and each peer over the same labelled pairs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from bench import fit, labelled
from bench.labelled import Pair
from bench.peers import parsed
from bench.peers import tfidf as grams
from bench.peers import trees as boosted
from registry.matching.evidence import named
from registry.matching.model import score
from registry.matching.normalise import name_key

Figures = dict[str, float]


def shipped(data: Path, rows: int) -> Figures:
    return _plain(data, lambda a, b: score(named(a), named(b)))


def held_out(data: Path, rows: int) -> Figures:
    """The weights fitted again, for each fold on the other cities' pairs, from all that they are fitted from.

    Candidates of look-ups are among that up to `rows` names; scoring costs what the shipped weights cost.
    """
    given = labelled.given(data)
    others = [pair for those in _other_sources(data, given, rows) for pair in those]
    pairs = given + others
    _, x, offset, unsettled = fit.prepared(pairs)
    y = np.array([pair.label for pair in pairs])
    counts = np.repeat([fit.OF_PAIRS, fit.OF_OTHERS], [len(given), len(others)])
    fold, probability = fit.folds(pairs), np.ones(len(pairs))
    for number in range(fit.FOLDS):
        learnt, judged = unsettled & (fold != number), unsettled & (fold == number)
        weights = fit.fitted(x[learnt], y[learnt], counts[learnt], offset[learnt])
        probability[judged] = fit.probable(x[judged] @ weights + offset[judged])
    return _figures(probability[: len(given)], given)


def _other_sources(data: Path, given: list[Pair], rows: int) -> list[list[Pair]]:
    lists = (data / "dedupe_dev_10000.tsv.gz").exists()
    look_ups = (data / "lookup_dev.tsv").exists()
    return [
        labelled.cut_short(given),
        labelled.of_list(data) if lists else [],
        *(labelled.of_look_ups(data, size) for size in labelled.LISTS if look_ups and size <= rows),
        labelled.aliases(),
    ]


def ratio(data: Path, rows: int) -> Figures:
    return _plain(data, lambda a, b: fuzz.ratio(name_key(a), name_key(b)))


def wratio(data: Path, rows: int) -> Figures:
    return _plain(data, lambda a, b: fuzz.WRatio(name_key(a), name_key(b)))


def jaro_winkler(data: Path, rows: int) -> Figures:
    return _plain(data, lambda a, b: JaroWinkler.similarity(name_key(a), name_key(b)))


def _plain(data: Path, compare: Callable[[str, str], float]) -> Figures:
    pairs = labelled.given(data)
    compare("", "")  # whatever is read on first use
    start = time.process_time()
    scores = np.array([compare(pair.a, pair.b) for pair in pairs])
    return _figures(scores, pairs, time.process_time() - start)


def tfidf(data: Path, rows: int) -> Figures:
    """How rare each gram is, is counted over the first `rows` names of the registry and the names compared.

    Without the latter a gram never seen would count for nothing, and twins differing in it alone would be equal.
    """
    pairs = labelled.given(data)
    known = [name for _, name in labelled.table(data / "registry_1m.tsv.gz", rows)]
    compared = [name for pair in pairs for name in (pair.a, pair.b)]
    vectors = grams.vectorizer([name_key(name) for name in known + compared])
    name_key.cache_clear()
    start = time.process_time()
    a, b = (vectors.transform(keys) for keys in _keys(pairs))
    scores = np.asarray(a.multiply(b).sum(axis=1)).ravel()
    return _figures(scores, pairs, time.process_time() - start)


def trees(data: Path, rows: int) -> Figures:
    pairs = labelled.given(data)
    label, fold = np.array([pair.label for pair in pairs]), fit.folds(pairs)
    name_key.cache_clear()
    start = time.process_time()
    x = boosted.features(*_keys(pairs))
    spent = time.process_time() - start
    grown = boosted.grown_by_fold(x, label, fold)
    start, scores = time.process_time(), np.zeros(len(pairs))
    for number, its_trees in grown.items():
        scores[fold == number] = boosted.probability(its_trees, x[fold == number])
    return _figures(scores, pairs, spent + time.process_time() - start)


def splink(data: Path, rows: int) -> Figures:
    """m from the pairs of one firm, u from those of two, both of the other cities."""
    pairs = labelled.given(data)
    fold = fit.folds(pairs)
    scores, spent = np.zeros(len(pairs)), 0.0
    for number in sorted(set(fold.tolist())):
        weights = parsed.of_labels([pair for pair, its in zip(pairs, fold, strict=True) if its != number])
        judged = [pair for pair, its in zip(pairs, fold, strict=True) if its == number]
        named.cache_clear()
        start = time.process_time()
        scores[fold == number] = parsed.scores(judged, weights)
        spent += time.process_time() - start
    return _figures(scores, pairs, spent)


SliceQuery = Sequence[tuple[str, str, int, str]]


def trees_learnt(given: Sequence[Pair], rows: SliceQuery) -> np.ndarray:
    """Scores of `rows` by trees grown on the given pairs; of these by those of the other cities."""
    label, fold = np.array([pair.label for pair in given]), fit.folds(list(given))
    x = boosted.features(*_keys(given))
    if _are(given, rows):
        scores = np.zeros(len(given))
        for number, its_trees in boosted.grown_by_fold(x, label, fold).items():
            scores[fold == number] = boosted.probability(its_trees, x[fold == number])
        return scores
    return boosted.probability(boosted.grown(x, label), boosted.features(*_keys(_pairs(rows))))


def splink_learnt(given: Sequence[Pair], rows: SliceQuery) -> np.ndarray:
    """Scores of `rows` by weights from the given pairs; of these by those of the other cities."""
    if not _are(given, rows):
        return parsed.scores(_pairs(rows), parsed.of_labels(given))
    fold, scores = fit.folds(list(given)), np.zeros(len(given))
    for number in sorted(set(fold.tolist())):
        weights = parsed.of_labels([pair for pair, its in zip(given, fold, strict=True) if its != number])
        judged = [pair for pair, its in zip(given, fold, strict=True) if its == number]
        scores[fold == number] = parsed.scores(judged, weights)
    return scores


def _are(given: Sequence[Pair], rows: SliceQuery) -> bool:
    return len(given) == len(rows) and all((pair.a, pair.b) == row[:2] for pair, row in zip(given, rows, strict=True))


def _pairs(rows: SliceQuery) -> list[Pair]:
    return [Pair(*row) for row in rows]


def _keys(pairs: Sequence[Pair]) -> tuple[list[str], list[str]]:
    return [name_key(pair.a) for pair in pairs], [name_key(pair.b) for pair in pairs]


def _figures(scores: np.ndarray, pairs: Sequence[Pair], spent: float | None = None) -> Figures:
    """`spent` in CPU seconds, from the names as typed to the scores."""
    told: dict[str, Any] = fit.quality(scores, list(pairs))
    right: dict[str, float] = told["right_by_class"]
    found = {"f1": told["f1"], "recall99": told["recall_at_precision_99"], "macro": float(np.mean([*right.values()]))}
    if "n_char1" in right:
        found["n_char1"] = right["n_char1"]
    return found if spent is None else found | {"us": spent / len(pairs) * 1e6}
