"""Fits the weights of `registry/matching/model.py` from labelled pairs of names, and says how well they would do.

    python -m bench.fit FOLDER [--write]

FOLDER holds `pairs_dev.tsv`, `lookup_dev.tsv`, `registry_1m.tsv.gz` and `dedupe_dev_10000.tsv.gz` (plain TSV), and, where
there are any, real pairs in `real/`. Every figure printed is of pairs whose city was not fitted on (five folds by city), those
of a real source by weights fitted without that source. Weights set by hand (`given_weights.csv`) are not fitted. `--write` then fits all of them and
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
from registry.matching.lexicons import rows

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
        **labelled.real(folder),
    }


def matrix(found: list[Counter[str]], kinds: list[str]) -> np.ndarray:
    """A row a pair, a column a kind, and a last column of ones for the intercept."""
    result = np.ones((len(found), len(kinds) + 1))
    for row, counts in enumerate(found):
        result[row, :-1] = [counts[kind] for kind in kinds]
    return result


def prepared(pairs: list[Pair]) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """The kinds to fit, `matrix` of them, what weights set by hand add, and which pairs are not settled by rule."""
    found = [Counter(fact.kind for fact in facts(named(pair.a), named(pair.b))) for pair in pairs]
    by_hand = {row["kind"]: float(row["weight"]) for row in rows("given_weights.csv")}
    offset = np.array([sum(by_hand.get(kind, 0.0) * count for kind, count in counts.items()) for counts in found])
    kinds = sorted({kind for counts in found for kind in counts} - by_hand.keys())
    open_ = np.array([not counts["equal"] and not counts["written"] for counts in found])
    return kinds, matrix(found, kinds), offset, open_


def probable(odds: np.ndarray) -> np.ndarray:
    result: np.ndarray = 1 / (1 + np.exp(-np.clip(odds, -60, 60)))
    return result


def fitted(x: np.ndarray, y: np.ndarray, counts: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Penalised logistic regression by Newton's method; the intercept is not penalised, `offset` is not fitted."""
    weights = np.zeros(x.shape[1])
    penalty = np.eye(x.shape[1]) * PENALTY
    penalty[-1, -1] = 1e-6
    for _ in range(STEPS):
        p = probable(x @ weights + offset)
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


def quality(probability: np.ndarray, pairs: list[Pair], given: float = 0.5) -> dict[str, object]:
    """The best F1 and its threshold, that at the `given` one, and how many of each class come out right."""
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
        "f1_at_given": round(float(2 * (y[probability >= given].sum()) / (y.sum() + (probability >= given).sum())), 4),
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
    kinds, x, offset, open_ = prepared(pairs)
    y = np.array([pair.label for pair in pairs])
    counts = np.where(source == "pairs", OF_PAIRS, OF_OTHERS)
    fold, probability = folds(pairs), np.ones(len(pairs))

    def judge(learnt: np.ndarray, judged: np.ndarray) -> None:
        weights = fitted(x[learnt], y[learnt], counts[learnt], offset[learnt])
        probability[judged] = probable(x[judged] @ weights + offset[judged])

    for number in range(FOLDS):
        judge(open_ & (fold != number), open_ & (fold == number))
    threshold = 0.01 * float(str(quality(probability[source == "pairs"], by_source["pairs"])["threshold"]))
    for name, those in by_source.items():
        if name in labelled.REAL:  # nothing of a real source is fitted on where it is measured
            judge(open_ & (source != name), open_ & (source == name))
        print(json.dumps({name: quality(probability[source == name], those, threshold)}, ensure_ascii=False))
    if asked.write:
        write(kinds, fitted(x[open_], y[open_], counts[open_], offset[open_]), x[open_], y[open_])


if __name__ == "__main__":
    main()
