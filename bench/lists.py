"""Looking up in a list and de-duplicating one: ours beside RapidFuzz over every name, in one run, with ratios."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process, utils

from bench.measure import cost
from registry.matching.duplicates import dedupe
from registry.matching.lists import Base, ListEntry, match

SIZES = (10_000, 100_000, 1_000_000)
LOOKUPS, SCANNED = "lookup_dev.tsv", 40
"""The scan is measured over so many queries: at a million names one of them takes a seventh of a second."""
ALL_PAIRS = 10_000
"""Names up to which every pair is compared; a hundred thousand would take some 200 CPU seconds."""

Answer = tuple[float, bool]


def figures(data: Path | None) -> Iterator[str]:
    """`data` is the folder of `lookup_dev.tsv`, `registry_1m.tsv.gz` and `dedupe_dev_10000.tsv.gz`."""
    if data is None or not (data / LOOKUPS).exists():
        yield "lists: skipped; --data FOLDER names the folder of lookup_dev.tsv and its lists"
        return
    yield "look-ups in a list (threshold the best of each method)"
    for size in SIZES:
        mine = cost(_ours, data, size)
        theirs = cost(_scan, data, size)
        yield _line(f"{size:>9,} names", mine.result, theirs.result, "RapidFuzz extractOne")
        yield f"            built in {mine.result['built']:.1f} CPU s, peak {mine.peak:.0f} MB"
    yield "one list against itself"
    for size in SIZES[:2]:
        mine = cost(_doubles, data, size)
        yield f"  {size:>9,} rows ours F1 {mine.result[0]:.4f}, {mine.result[1]:.1f} CPU s in all, peak {mine.peak:.0f} MB"
        if size <= ALL_PAIRS:
            theirs = cost(_all_pairs, data, size)
            ratio = mine.result[1] / theirs.result[1]
            yield (
                f"            RapidFuzz all pairs F1 {theirs.result[0]:.4f}, {theirs.result[1]:.1f} CPU s,"
                f" peak {theirs.peak:.0f} MB | ratio {ratio:.2f}"
            )


def _line(what: str, mine: dict[str, float], theirs: dict[str, float], peer: str) -> str:
    return (
        f"  {what} ours F1 {mine['f1']:.4f}, CPU p50 {mine['p50']:.2f} ms, p99 {mine['p99']:.2f} ms"
        f" | {peer} F1 {theirs['f1']:.4f}, CPU p50 {theirs['p50']:.2f} ms | ratio {mine['p50'] / theirs['p50']:.4f}"
    )


def rows(path: Path, count: int | None = None) -> list[list[str]]:
    opened = gzip.open if path.suffix == ".gz" else Path.open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in islice(lines, 1, None if count is None else count + 1)]


def best_f1(answers: list[Answer], positives: int) -> float:
    """The F1 of the best threshold; `answers` are score and whether it is right, `positives` were to be found."""
    scores, right = (np.array(column) for column in zip(*answers, strict=True))
    order = np.argsort(-scores, kind="stable")
    hits, count = np.cumsum(right[order]), np.arange(1, len(order) + 1)
    last = np.append(np.diff(scores[order]) != 0, True)
    return float((2 * hits / (count + positives))[last].max())


def _measured(data: Path, size: int, count: int | None, ask: Callable[[str], tuple[str, float]]) -> dict[str, float]:
    known = {rid for rid, _ in rows(data / "registry_1m.tsv.gz", size)}
    queries = rows(data / LOOKUPS)
    queries = queries[:: len(queries) // count] if count else queries
    answers, spans = [], []
    for query, rid, _ in queries:
        start = time.process_time()
        found, score = ask(query)
        spans.append((time.process_time() - start) * 1000)
        if found:
            answers.append((score, found == rid))
    positives = sum(rid in known for _, rid, _ in queries)
    p50, p99 = np.quantile(spans, [0.5, 0.99])
    return {"f1": best_f1(answers, positives), "p50": float(p50), "p99": float(p99)}


def _ours(data: Path, size: int) -> dict[str, float]:
    listed = rows(data / "registry_1m.tsv.gz", size)
    start = time.process_time()
    base = Base(ListEntry(name) for _, name in listed)
    built = time.process_time() - start

    def ask(query: str) -> tuple[str, float]:
        (found,) = match([ListEntry(query)], base, processes=1)
        return (listed[found[0].place][0], found[0].score) if found else ("", 0.0)

    ask(listed[0][1])
    return _measured(data, size, None, ask) | {"built": built}


def _scan(data: Path, size: int) -> dict[str, float]:
    listed = rows(data / "registry_1m.tsv.gz", size)
    names = [utils.default_process(name) for _, name in listed]

    def ask(query: str) -> tuple[str, float]:
        found = process.extractOne(utils.default_process(query), names, scorer=fuzz.ratio)
        return (listed[found[2]][0], found[1]) if found else ("", 0.0)

    return _measured(data, size, SCANNED, ask)


def _list(data: Path, size: int) -> list[list[str]]:
    """The labelled list, and behind it other firms up to `size` rows."""
    listed = [row[:2] for row in rows(data / "dedupe_dev_10000.tsv.gz")]
    have = {rid for rid, _ in listed}
    others = (row for row in rows(data / "registry_1m.tsv.gz", 2 * size) if row[0] not in have)
    return [*listed, *islice(others, max(0, size - len(listed)))]


def _doubles(data: Path, size: int) -> tuple[float, float]:
    listed = _list(data, size)
    start = time.process_time()
    pairs = dedupe((ListEntry(name) for _, name in listed), processes=1)
    spent = time.process_time() - start
    return _judged(listed, [(pair.a, pair.b, pair.score) for pair in pairs]), spent


def _all_pairs(data: Path, size: int) -> tuple[float, float]:
    listed = _list(data, size)
    start = time.process_time()
    names = [utils.default_process(name) for _, name in listed]
    found = []
    for at in range(0, len(names), 500):
        likeness = process.cdist(names[at : at + 500], names, scorer=fuzz.ratio, score_cutoff=60, dtype=np.uint8)
        for a, b in zip(*np.nonzero(likeness), strict=True):
            if a + at < b:
                found.append((int(a) + at, int(b), float(likeness[a, b])))
    return _judged(listed, found), time.process_time() - start


def _judged(listed: list[list[str]], pairs: list[tuple[int, int, float]]) -> float:
    by_rid: dict[str, int] = {}
    for rid, _ in listed:
        by_rid[rid] = by_rid.get(rid, 0) + 1
    positives = sum(count * (count - 1) // 2 for count in by_rid.values())
    return best_f1([(score, listed[a][0] == listed[b][0]) for a, b, score in pairs], positives)
