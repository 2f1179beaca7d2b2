"""Fits `registry/matching/lexicons/list_weights.csv`: what a likeness says in a list, beside its rivals.

    python -m bench.fit_lists FOLDER [--write]

FOLDER holds `lookup_dev.tsv` (`query rid cls`), `registry_1m.tsv.gz` and `dedupe_dev_10000.tsv.gz` (`rid name`).
Lists of 10,000, 100,000 and 1,000,000 names are looked up in; de-duplicated are the given list and longer ones, made
of the registry's names with noise of our own. Printed is the best F1 over pairs whose city was not fitted on (five folds by the head of
the name); `--write` fits all of them.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np

from bench.labelled import table
from bench.noise import noisy
from registry.matching import duplicates, list_model, lists, parallel
from registry.matching.lexicons import __file__ as lexicons
from registry.matching.lexicons import rows
from registry.matching.normalise import name_key

WEIGHTS = Path(lexicons).with_name("list_weights.csv")
SIZES = (10_000, 100_000, 1_000_000)
FOLDS, PENALTY, STEPS = 5, 0.5, 60


class Sample(NamedTuple):
    """Candidates of one list: facts, labels, folds, the ends (for rivals), where certain pairs stand, and how many were to be found."""

    size: int
    facts: np.ndarray
    same: np.ndarray
    fold: np.ndarray
    ends: tuple[np.ndarray, ...]
    sure: np.ndarray
    positives: int


def fold(name: str) -> int:
    return crc32(name_key(name)[:2].encode()) % FOLDS


def lookups(folder: Path, size: int, registry: list[list[str]]) -> Sample:
    queries, known = list(table(folder / "lookup_dev.tsv")), registry[:size]
    base = lists.Base(lists.ListEntry(name) for _, name in known)
    row, place, facts, sure = lists.compared(base, [query[0] for query in queries], lists.SCORED)
    found = [{known[at][0] for at in base.groups.rows(one)} for one in place.tolist()]
    same = np.array([queries[at][1] in rids for at, rids in zip(row.tolist(), found, strict=True)])
    # A pair belongs to the city of the candidate likest to the query: queries themselves may have lost theirs.
    first = {at: base.index.keys[one] for at, one in zip(row[::-1].tolist(), place[::-1].tolist(), strict=True)}
    folds = np.array([fold(first[at]) for at in row.tolist()])
    rids = {rid for rid, _ in known}
    return Sample(size, facts, same, folds, (row,), sure, sum(query[1] in rids for query in queries))


def doubled(rows: list[tuple[str, str]]) -> Sample:
    """The pairs of a list of which every row is labelled; rows are rid and name."""
    listed = duplicates.Listed(lists.ListEntry(name) for _, name in rows)
    found = duplicates.candidates(listed, parallel.cores(), lambda stage, done, total: None)
    facts, sure = duplicates.compared(listed, found, (0, len(found.a)))
    rids = [{rows[row][0] for row in listed.groups.rows(place)} for place in range(len(listed.groups))]
    same = np.array([not rids[a].isdisjoint(rids[b]) for a, b in zip(found.a.tolist(), found.b.tolist(), strict=True)])
    folds = np.array([fold(listed.index.keys[a]) for a in found.a.tolist()])
    total = len({(rid, name_key(name)) for rid, name in rows}) - len({rid for rid, _ in rows})
    return Sample(len(rows), facts, same, folds, (found.a, found.b), sure, total)


def rival(sample: Sample, standing: np.ndarray) -> np.ndarray:
    ends = np.concatenate(sample.ends)
    every = list_model.rivals(ends, np.concatenate([standing] * len(sample.ends)))
    result: np.ndarray = every.reshape(len(sample.ends), -1).max(axis=0)
    return result


def logistic(samples: list[np.ndarray], same: list[np.ndarray]) -> np.ndarray:
    """Penalised logistic regression by Newton's method; the last column, of ones, is not penalised."""
    x, y = np.concatenate(samples), np.concatenate(same).astype(float)
    weights: np.ndarray = np.zeros(x.shape[1])
    penalty = np.eye(x.shape[1]) * PENALTY
    penalty[-1, -1] = 1e-6
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + penalty, x.T @ (p - y) + penalty @ weights)
        weights = weights - step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def learnt(samples: list[Sample], held_out: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Weights of both stages, without the pairs of one fold."""
    used = [sample.fold != held_out for sample in samples]
    plain = [mine & (sample.sure == 0.0) for mine, sample in zip(used, samples, strict=True)]
    first = logistic(
        [s.facts[m] for s, m in zip(samples, plain, strict=True)],
        [s.same[m] for s, m in zip(samples, plain, strict=True)],
    )
    stood = [standing(sample, first) for sample in samples]
    second = logistic(
        [list_model.contested_facts(z, rival(s, z), s.size)[m] for s, z, m in zip(samples, stood, plain, strict=True)],
        [s.same[m] for s, m in zip(samples, plain, strict=True)],
    )
    return first, second


def standing(sample: Sample, weights: np.ndarray) -> np.ndarray:
    return list_model.stood(sample.sure, sample.facts @ weights)


def judged(sample: Sample, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    stood = standing(sample, first)
    odds = list_model.contested_facts(stood, rival(sample, stood), sample.size) @ second
    return np.where(sample.sure == list_model.EQUAL, 100.0, list_model.probability(odds))


def best(scores: np.ndarray, same: np.ndarray, positives: int) -> str:
    """The best F1, its threshold, and recall at precision 0.99 and 0.995."""
    order = np.argsort(-scores, kind="stable")
    hits, count = np.cumsum(same[order]), np.arange(1, len(order) + 1)
    last = np.append(np.diff(scores[order]) != 0, True)
    precision, recall = (hits / count)[last], (hits / positives)[last]
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    at = int(f1.argmax())
    kept = [recall[precision >= least].max(initial=0.0) for least in (0.99, 0.995)]
    return (
        f"F1 {f1[at]:.4f} (P {precision[at]:.4f}, R {recall[at]:.4f}) from {scores[order][last][at]:.2f};"
        f" R at P .99 {kept[0]:.4f}, at P .995 {kept[1]:.4f}"
    )


def report(task: str, samples: list[Sample]) -> tuple[np.ndarray, np.ndarray]:
    learnt_by = [learnt(samples, held_out) for held_out in range(FOLDS)]
    for sample in samples:
        scores = np.zeros(len(sample.same))
        for number, (first, second) in enumerate(learnt_by):
            mine = sample.fold == number
            scores[mine] = judged(sample, first, second)[mine]
        if task == "match":  # one answer a query
            order = np.lexsort((-scores, sample.ends[0]))
            order = order[np.flatnonzero(np.diff(sample.ends[0][order], prepend=-1))]
        else:
            order = np.arange(len(scores))
        print(f"{task} {sample.size:>9,}: {best(scores[order], sample.same[order], sample.positives)}", flush=True)
    return learnt(samples, None)


def write(found: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    standing_kinds = [f"standing.{kind}" for kind in list_model.standing_kinds()]
    kinds = [*standing_kinds, *(f"contested.{kind}" for kind in list_model.CONTESTED)]
    columns = {task: dict(zip(kinds, np.concatenate(weights), strict=True)) for task, weights in found.items()}
    for row in rows("list_weights.csv"):
        for task in ("match", "dedupe"):
            if task not in found:
                columns.setdefault(task, {})[row["kind"]] = float(row[task])
    with WEIGHTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["kind", "match", "dedupe"])
        for kind in kinds:
            writer.writerow([kind, *(f"{columns[task].get(kind, 0.0):.3f}" for task in ("match", "dedupe"))])


def doubled_lists(folder: Path, registry: list[list[str]]) -> Iterator[Sample]:
    """The given list, and longer ones with noise of our own (`bench.noise`): dense ones of one province, and a wide one."""
    yield doubled([(rid, name) for rid, name, *_ in table(folder / "dedupe_dev_10000.tsv.gz")])
    names = [name for _, name in registry]
    for seed, (first, size) in enumerate(NOISY):
        rows = noisy(list(dict.fromkeys(names[first : first + size])), round(size * FILLED), SHARE, seed)
        yield doubled([(str(rid), name) for rid, name, _ in rows])


SHARE, FILLED = 0.06, 0.95
NOISY = ((0, 10_000), (0, 100_000), (200_000, 100_000))
"""Lists with noise: where their names begin in the registry, and how many they are taken from."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.fit_lists", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--task", choices=["match", "dedupe"], help="only this one")
    parser.add_argument("--write", action="store_true", help="write the weights")
    asked = parser.parse_args()
    registry = list(table(asked.folder / "registry_1m.tsv.gz"))
    tasks: dict[str, Callable[[], list[Sample]]] = {
        "match": lambda: [lookups(asked.folder, size, registry) for size in SIZES],
        "dedupe": lambda: list(doubled_lists(asked.folder, registry)),
    }
    found = {task: report(task, samples()) for task, samples in tasks.items() if asked.task in (None, task)}
    if asked.write:
        write(found)


if __name__ == "__main__":
    main()
