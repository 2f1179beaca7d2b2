"""The duplicate engine beside its peers, in one run, on one machine: comparing pairs, looking up, de-duplicating.

    python -m bench peers --data FOLDER [--rows N]

FOLDER holds plain TSV: `pairs_dev.tsv` (`a b label cls`), where there are any real pairs in `real/`, `lookup_dev.tsv` (`query rid cls`, -1 = not there),
`registry_1m.tsv.gz` (`rid name`) and `dedupe_dev_10000.tsv.gz` (`rid name kind`, rows of one rid are one firm).
Every peer is given our name keys, which is more than it has of its own; every method its best threshold on these very
files. Each runs in a process of its own: CPU time is that of all its threads, memory that of the whole process, of
which what the bench itself imports is some 100 MB. Trees, and Splink's weights for pairs, are learnt from the other
cities only. Not so ours as shipped, fitted on all of these files, and Splink's weights for the list, from all pairs
and with its true share of doubles: those figures flatter. Learning is not counted as time. The packages of the peers
are those of `bench/requirements.txt` (`make peers`); without them their lines say so.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from bench import labelled, real
from bench.measure import cost
from bench.peers import lookups, pairs, selves

PAIRS, REGISTRY, LOOKUPS, DOUBLES = (
    "pairs_dev.tsv",
    "registry_1m.tsv.gz",
    "lookup_dev.tsv",
    "dedupe_dev_10000.tsv.gz",
)
SIZES = (10_000, 100_000, 1_000_000)
LISTED = 10_000
"""Rows of the list that is de-duplicated."""
Figures = dict[str, float]


class Method(NamedTuple):
    """One line of a table: what it is called, what does it, and the package it cannot do without."""

    name: str
    work: Callable[..., Figures]
    needs: str = ""


class Column(NamedTuple):
    heading: str
    key: str
    shown: str


ON_PAIRS = (
    Method("ours, weights as shipped", pairs.shipped),
    Method("ours, weights of the other cities", pairs.held_out),
    Method("RapidFuzz ratio", pairs.ratio),
    Method("RapidFuzz WRatio", pairs.wratio),
    Method("RapidFuzz Jaro-Winkler", pairs.jaro_winkler),
    Method("TF-IDF cosine", pairs.tfidf, "sklearn"),
    Method("Splink on parsed parts", pairs.splink, "splink"),
    Method("boosted trees, 12 RapidFuzz features", pairs.trees, "sklearn"),
)
ON_LOOKUPS = (
    Method("ours, weights as shipped", lookups.ours),
    Method("RapidFuzz extractOne", lookups.scan),
    Method("TF-IDF top-1", lookups.tfidf, "sklearn"),
    Method("boosted trees on TF-IDF top-10", lookups.trees, "sklearn"),
)
ON_A_LIST = (
    Method("ours, weights as shipped", selves.ours),
    Method("RapidFuzz cdist of all pairs", selves.all_pairs),
    Method("TF-IDF top-6", selves.tfidf, "sklearn"),
    Method("Splink on parsed parts", selves.splink, "splink"),
    Method("GoldenMatch, settings of its own choosing", selves.goldenmatch, "goldenmatch"),
    Method("boosted trees on TF-IDF top-6", selves.trees, "sklearn"),
)
OF_PAIRS = (
    Column("F1", "f1", ".3f"),
    Column("R at P .99", "recall99", ".3f"),
    Column("macro", "macro", ".3f"),
    Column("n_char1", "n_char1", ".3f"),
    Column("CPU us/pair", "us", ",.1f"),
    Column("x ours", "ratio", ",.2f"),
)
OF_LOOKUPS = (
    Column("F1", "f1", ".3f"),
    Column("p50 ms", "p50", ",.2f"),
    Column("p99 ms", "p99", ",.2f"),
    Column("x ours", "ratio", ",.2f"),
    Column("build s", "built", ",.1f"),
    Column("queries", "queries", ",.0f"),
    Column("peak MB", "peak", ",.0f"),
)
OF_A_LIST = (
    Column("F1", "f1", ".3f"),
    Column("CPU s", "cpu", ",.2f"),
    Column("x ours", "ratio", ",.2f"),
    Column("peak MB", "peak", ",.0f"),
)


def figures(data: Path | None, rows: int) -> Iterator[str]:
    """The lines of three tables; lists to look up in go up to `rows` names."""
    if data is None:
        yield "peers: skipped; --data FOLDER names the folder of the labelled names"
        return
    if not (missing := _missing(data, PAIRS, REGISTRY)):
        yield from _table("Two names: the same firm?", ON_PAIRS, OF_PAIRS, "us", data, rows)
    else:
        yield f"pairs: skipped; {missing}"
    if not missing and (data / "real").is_dir():
        yield ""
        yield from cost(_on_real, data).result  # apart: what it needs would count as every later method's memory
    if not (missing := _missing(data, LOOKUPS, REGISTRY)):
        for size in [size for size in SIZES if size <= rows] or [rows]:
            title = f"Looking up in {size:,} names (CPU a query)"
            yield from _table(title, ON_LOOKUPS, OF_LOOKUPS, "p50", data, size)
    else:
        yield f"look-ups: skipped; {missing}"
    if not (missing := _missing(data, DOUBLES, PAIRS)):
        size = min(rows, LISTED)
        yield from _table(f"Doubles in a list of {size:,} rows", ON_A_LIST, OF_A_LIST, "cpu", data, size)
    else:
        yield f"doubles: skipped; {missing}"


def _on_real(data: Path) -> list[str]:
    """Learnt methods learn from the given pairs: of these themselves from those of the other cities."""
    methods = dict(real.methods())
    for name, learnt, needs in (
        ("Splink on parsed parts", pairs.splink_learnt, "splink"),
        ("boosted trees, 12 RapidFuzz features", pairs.trees_learnt, "sklearn"),
    ):
        if find_spec(needs) is not None:
            methods[name] = partial(learnt, labelled.given(data))
    return [*real.on_pairs(data, methods)]


def _missing(data: Path, *files: str) -> str:
    absent = [file for file in files if not (data / file).exists()]
    return f"{data} has no {' and no '.join(absent)}" if absent else ""


def _table(
    title: str, methods: tuple[Method, ...], columns: tuple[Column, ...], compared: str, *arguments: Any
) -> Iterator[str]:
    """A line a method; `compared` is the cost whose ratio to the first method's is shown."""
    yield ""
    yield title
    yield _line("", [column.heading for column in columns])
    floor: float | None = None
    for method in methods:
        if method.needs and find_spec(method.needs) is None:
            yield f"  {method.name:<38}not installed (make peers)"
            continue
        found = _measured(method, *arguments)
        if isinstance(found, str):
            yield f"  {method.name:<38}{found}"
            continue
        floor = floor or found[compared]
        if compared in found:
            found["ratio"] = found[compared] / floor
        yield _line(method.name, [_cell(found, column) for column in columns])


def _measured(method: Method, *arguments: Any) -> Figures | str:
    """What it found, or why it did not: a figure is never made up."""
    os.environ["OMP_NUM_THREADS"] = "1"  # threads that wait for each other on a busy machine would count as work
    try:
        spent = cost(method.work, *arguments)
    except RuntimeError as problem:
        return f"failed: {problem}"
    return {"peak": spent.peak} | spent.result


def _cell(found: Figures, column: Column) -> str:
    return format(found[column.key], column.shown) if column.key in found else "-"


def _line(name: str, cells: list[str]) -> str:
    return f"  {name:<38}" + "".join(f"{cell:>13}" for cell in cells)
