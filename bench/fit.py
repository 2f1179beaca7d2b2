"""Fits the weights of `registry/matching/model.py` from labelled pairs of names, and says how well they would do.

    python -m bench.fit FOLDER [--write]

FOLDER holds `pairs_dev.tsv`, `lookup_dev.tsv`, `registry_1m.tsv.gz` and `dedupe_dev_10000.tsv.gz` (plain TSV). Every
figure printed is of pairs whose city was not fitted on (five folds by city). `--write` then fits all of them and
writes `registry/matching/lexicons/weights.csv`.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from bench import labelled
from bench.labelled import Pair
from registry.matching.evidence import facts, named
from registry.matching.lexicons import __file__ as lexicons

WEIGHTS = Path(lexicons).with_name("weights.csv")
FOLDS, PENALTY, STEPS = 5, 0.5, 60
SEED = 1
OF_PAIRS, OF_OTHERS = 1.0, 0.3
"""How much one pair counts in fitting: given pairs are hard on purpose, those of lists are many and easy."""


def sources(folder: Path) -> dict[str, list[Pair]]:
    given = labelled.given(folder)
    return {
        "pairs": given,
        "cut_short": labelled.cut_short(given),
        "list": labelled.of_list(folder),
        **{f"look_up_{size}": labelled.of_look_ups(folder, size) for size in labelled.LISTS},
        "aliases": labelled.aliases(),
    }


def matrix(found: list[Counter[str]], kinds: list[str]) -> np.ndarray:
    """A row a pair, a column a kind, and a last column of ones for the intercept."""
    result = np.ones((len(found), len(kinds) + 1))
    for row, counts in enumerate(found):
        result[row, :-1] = [counts[kind] for kind in kinds]
    return result


def fitted(x: np.ndarray, y: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Penalised logistic regression by Newton's method; the intercept is not penalised."""
    weights = np.zeros(x.shape[1])
    penalty = np.eye(x.shape[1]) * PENALTY
    penalty[-1, -1] = 1e-6
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ weights))
        curvature = (x.T * (counts * p * (1 - p))) @ x + penalty
        step = np.linalg.solve(curvature, x.T @ (counts * (p - y)) + penalty @ weights)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def city(pair: Pair) -> str:
    """The prefecture of the first place either name has, else the name's beginning."""
    places = [place for name in (pair.a, pair.b) for place in named(name).parts.divisions]
    return places[0].codes[0][:4] if places else pair.b[:2]


def folds(pairs: list[Pair]) -> np.ndarray:
    cities = [city(pair) for pair in pairs]
    known = sorted(set(cities))
    order = dict(zip(known, np.random.default_rng(SEED).permutation(len(known)), strict=True))
    return np.array([order[one] % FOLDS for one in cities])


def quality(probability: np.ndarray, pairs: list[Pair]) -> dict[str, object]:
    y = np.array([pair.label for pair in pairs])
    if not y.any():
        return {"wrong_at_50": round(float((probability >= 0.5).mean()), 4)}
    order = np.argsort(-probability, kind="stable")
    hits, taken = np.cumsum(y[order]), np.arange(1, len(y) + 1)
    ends = np.append(np.diff(probability[order]) != 0, True)
    precision, recall = hits / taken, hits / y.sum()
    f1 = np.where(ends, 2 * precision * recall / (precision + recall), 0)
    threshold = probability[order][f1.argmax()]
    right: defaultdict[str, list[bool]] = defaultdict(list)
    for pair, p in zip(pairs, probability, strict=True):
        right[pair.kind].append((p >= threshold) == bool(pair.label))
    return {
        "f1": round(float(f1.max()), 4),
        "threshold": round(100 * float(threshold), 1),
        "recall_at_precision_99": round(float(recall[(precision >= 0.99) & ends].max(initial=0.0)), 4),
        "right_by_class": {kind: round(float(np.mean(those)), 3) for kind, those in sorted(right.items())},
    }


def write(kinds: list[str], weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> None:
    seen = x[:, :-1] > 0
    with WEIGHTS.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("kind", "weight", "pairs", "same"))
        out.writerow(("intercept", f"{weights[-1]:.3f}", len(y), int(y.sum())))
        for at in np.argsort(-weights[:-1], kind="stable"):
            out.writerow((kinds[at], f"{weights[at]:.3f}", int(seen[:, at].sum()), int(y[seen[:, at]].sum())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    by_source = sources(asked.folder)
    pairs = [pair for those in by_source.values() for pair in those]
    source = np.array([name for name, those in by_source.items() for _ in those])
    found = [Counter(fact.kind for fact in facts(named(pair.a), named(pair.b))) for pair in pairs]
    kinds = sorted({kind for counts in found for kind in counts} - {"equal"})
    x, y = matrix(found, kinds), np.array([pair.label for pair in pairs])
    counts = np.where(source == "pairs", OF_PAIRS, OF_OTHERS)
    unequal = np.array([not counts_["equal"] for counts_ in found])
    fold, probability = folds(pairs), np.ones(len(pairs))
    for number in range(FOLDS):
        learnt, judged = unequal & (fold != number), unequal & (fold == number)
        probability[judged] = 1 / (1 + np.exp(-x[judged] @ fitted(x[learnt], y[learnt], counts[learnt])))
    for name, those in by_source.items():
        print(json.dumps({name: quality(probability[source == name], those)}, ensure_ascii=False))
    if asked.write:
        write(kinds, fitted(x[unequal], y[unequal], counts[unequal]), x[unequal], y[unequal])


if __name__ == "__main__":
    main()
