"""The duplicate engine on names that nobody generated: the table of figures by which it is judged, in one run.

    python -m bench real --data FOLDER [--drawn FOLDER]

FOLDER holds `pairs_dev.tsv` (the threshold is chosen on it) and `real/`: `annual_reports.tsv`, `listed_short.tsv`,
`listed_full.tsv`, `inserted_*.tsv` (plain TSV, `a b label cls [group]`). `--drawn` is where the lists drawn beside them
lie (`open_base.tsv`, `twin_base.tsv`, `lookup_base.tsv` and their `..._queries.tsv`); by default `FOLDER/drawn`. What
is not there is left out and said. Each figure has RapidFuzz's WRatio beside it, and TF-IDF where it is installed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from bench.labelled import table
from registry.matching.decide import compare
from registry.matching.judgement import Band
from registry.matching.lists import Base, Found, ListEntry, match
from registry.matching.normalise import name_key
from registry.matching.records import Record

Labelled = tuple[str, str, int, str]  # a, b, label, class or group
Scorer = Callable[[Sequence[Labelled]], np.ndarray]
PAIRS = "pairs_dev.tsv"


def figures(data: Path | None, drawn: Path | None = None) -> Iterator[str]:
    if data is None or not (data / PAIRS).exists() or not (data / "real").is_dir():
        yield "real: skipped; --data FOLDER names the folder of pairs_dev.tsv and of real/"
        return
    yield from on_pairs(data, methods())
    yield "pairs of real, distinct firms that are called same or review (compare)"
    for path in sorted((data / "real").glob("inserted_*.tsv")):
        yield f"  {path.stem:<24} {_bands(_labelled(path))}"
    lists = drawn or data / "drawn"
    if not lists.is_dir():
        yield f"lists: skipped; there is no {lists} (--drawn FOLDER)"
        return
    yield from _strangers(lists)
    yield from _lookup(lists)


# -- pairs ----------------------------------------------------------------------------------------
def on_pairs(data: Path, methods: Mapping[str, Scorer]) -> Iterator[str]:
    yield "pairs that nobody generated: F1 at the threshold that is best on pairs_dev.tsv"
    for name, scorer in methods.items():
        yield from _pairs(name, scorer, data)


def _pairs(name: str, scorer: Scorer, data: Path) -> Iterator[str]:
    given = _labelled(data / PAIRS)
    right = np.array([label for _, _, label, _ in given])
    threshold, f1 = best_threshold(scorer(given), right)
    yield f"  {name}: threshold {threshold:.2f}, F1 on pairs_dev {f1:.4f}"
    for file, column in (("annual_reports", 4), ("listed_short", 3), ("listed_full", 3)):
        path = data / "real" / f"{file}.tsv"
        if path.exists():
            rows = _labelled(path, column)
            scores = scorer(rows)
            yield f"    {file:<24} {_said(rows, scores, threshold)}"
            if file == "annual_reports":
                for group in ("firms", "branches"):
                    kept = [at for at, row in enumerate(rows) if ("branch" in row[3]) == (group == "branches")]
                    yield f"      {group:<22} {_said([rows[at] for at in kept], scores[kept], threshold)}"


def _said(rows: Sequence[Labelled], scores: np.ndarray, threshold: float) -> str:
    right, taken = np.array([row[2] for row in rows], bool), scores >= threshold
    hits = int((right & taken).sum())
    return (
        f"F1 {2 * hits / max(1, int(right.sum()) + int(taken.sum())):.3f}"
        f" (P {hits / max(1, int(taken.sum())):.3f}, R {hits / max(1, int(right.sum())):.3f}, {len(rows)} pairs)"
    )


def best_threshold(scores: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """The score from which taking pairs as one firm gives the best F1, and that F1."""
    order = np.argsort(-scores, kind="stable")
    hits, taken = np.cumsum(right[order]), np.arange(1, len(order) + 1)
    ends = np.append(np.diff(scores[order]) != 0, True)
    f1 = np.where(ends, 2 * hits / (taken + right.sum()), 0.0)
    return float(scores[order][f1.argmax()]), float(f1.max())


def methods() -> dict[str, Scorer]:
    found: dict[str, Scorer] = {"ours": _ours, "RapidFuzz WRatio": _wratio}
    return found | ({"TF-IDF": _tfidf} if find_spec("sklearn") else {})


def _ours(rows: Sequence[Labelled]) -> np.ndarray:
    return np.array([round(compare(Record(a), Record(b)).score, 2) for a, b, _, _ in rows])


def _wratio(rows: Sequence[Labelled]) -> np.ndarray:
    return np.array([fuzz.WRatio(name_key(a), name_key(b)) for a, b, _, _ in rows])


def _tfidf(rows: Sequence[Labelled]) -> np.ndarray:
    from bench.peers.tfidf import vectorizer

    a, b = ([name_key(row[side]) for row in rows] for side in (0, 1))
    learnt = vectorizer([*a, *b])
    return np.asarray(learnt.transform(a).multiply(learnt.transform(b)).sum(axis=1)).ravel()


def _bands(rows: Sequence[Labelled]) -> str:
    counts = Counter(compare(Record(a), Record(b)).band for a, b, _, _ in rows)
    return f"same {_share(counts[Band.SAME], len(rows))}, review {_share(counts[Band.REVIEW], len(rows))}"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} = {100 * part / max(1, whole):.2f} %"


# -- lists ----------------------------------------------------------------------------------------
def _strangers(lists: Path) -> Iterator[str]:
    yield "names that are not in the list, called same (match)"
    for name, what in (("open", "strangers"), ("twin", "a real twin is there")):
        if not (lists / f"{name}_queries.tsv").exists():
            yield f"  {what}: no {name}_queries.tsv"
            continue
        base = [cells[1] for cells in table(lists / f"{name}_base.tsv")]
        found = _found([cells[0] for cells in table(lists / f"{name}_queries.tsv")], base)
        counts = Counter(one.band for one in found if one)
        yield f"  {what:<24} same {_share(counts[Band.SAME], len(found))}, review {_share(counts[Band.REVIEW], len(found))}"


def _lookup(lists: Path) -> Iterator[str]:
    if not (lists / "lookup_queries.tsv").exists():
        return
    yield "look-up, the first answer right"
    rows = list(table(lists / "lookup_base.tsv"))
    queries = list(table(lists / "lookup_queries.tsv"))
    found = [one and rows[one.place][0] for one in _found([query[0] for query in queries], [row[1] for row in rows])]
    peer = [rows[at][0] for at in _wratio_first([query[0] for query in queries], [row[1] for row in rows])]
    right: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for (_, rid, kind), one, other in zip(queries, found, peer, strict=True):
        right[kind].append((one == rid, other == rid))
    for kind, those in right.items():
        ours, theirs = (sum(one[side] for one in those) / len(those) for side in (0, 1))
        yield f"  {kind:<24} ours {ours:.3f} | RapidFuzz WRatio {theirs:.3f} ({len(those)} queries)"


def _found(queries: Sequence[str], names: Sequence[str]) -> list[Found | None]:
    base = Base(ListEntry(name) for name in names)
    return [found[0] if found else None for found in match([ListEntry(query) for query in queries], base)]


@cache
def _keyed(names: tuple[str, ...]) -> list[str]:
    return [name_key(name) for name in names]


def _wratio_first(queries: Sequence[str], names: Sequence[str]) -> list[int]:
    keys = _keyed(tuple(names))
    best = (process.extractOne(name_key(query), keys, scorer=fuzz.WRatio) for query in queries)
    return [found[2] if found else 0 for found in best]


def _labelled(path: Path, column: int = 3) -> list[Labelled]:
    return [(row[0], row[1], int(row[2]), row[column]) for row in table(path)]
