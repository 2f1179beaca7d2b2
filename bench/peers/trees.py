"""The strongest peer: gradient boosted trees on twelve RapidFuzz features of two name keys; in lists on the cosine too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import (
    OSA,
    DamerauLevenshtein,
    Indel,
    Jaro,
    JaroWinkler,
    LCSseq,
    Levenshtein,
    Postfix,
    Prefix,
)

FEATURES = (
    fuzz.ratio,
    fuzz.partial_ratio,
    fuzz.WRatio,
    Jaro.similarity,
    JaroWinkler.similarity,
    LCSseq.normalized_similarity,
    Indel.distance,
    Levenshtein.distance,
    OSA.normalized_similarity,
    DamerauLevenshtein.distance,
    Prefix.normalized_similarity,
    Postfix.normalized_similarity,
)
SEED = 1
Trees = Any


def features(a: Sequence[str], b: Sequence[str], *others: np.ndarray) -> np.ndarray:
    """A row a pair of name keys, a column a feature, and behind them what else is known of the pairs."""
    found = np.array([[feature(x, y) for feature in FEATURES] for x, y in zip(a, b, strict=True)], float)
    return np.column_stack([found, *others])


def grown_by_fold(x: np.ndarray, label: np.ndarray, fold: np.ndarray) -> dict[int, Trees]:
    """For each fold the trees of all others."""
    return {number: grown(x[fold != number], label[fold != number]) for number in sorted(set(fold.tolist()))}


def grown(x: np.ndarray, label: np.ndarray) -> Trees:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(random_state=SEED).fit(x, label)


def probability(trees: Trees, x: np.ndarray) -> np.ndarray:
    found: np.ndarray = trees.predict_proba(x)[:, 1]
    return found
