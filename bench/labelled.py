"""Labelled pairs of names to fit and judge the engine by: given pairs, names cut short, candidates of lists, aliases."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

from rapidfuzz import fuzz, process

from registry.matching.evidence import Named, named
from registry.matching.index import Index
from registry.matching.normalise import name_key

ALIASES = Path(__file__).with_name("aliases.tsv")
"""Short names of listed and of widely known firms beside their registered names, written down from general knowledge."""
NEAREST = 9
LISTS = (100_000, 1_000_000)


class Pair(NamedTuple):
    a: str
    b: str
    label: int
    kind: str


def opened(path: Path) -> TextIO:
    """A text file, gzipped or not."""
    return gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig")


def table(path: Path, most: int | None = None) -> Iterator[list[str]]:
    """The cells of a plain TSV, gzipped or not, without its heading."""
    with opened(path) as lines:
        next(lines)
        yield from (line.rstrip("\n").split("\t") for line in islice(lines, most))


def given(folder: Path) -> list[Pair]:
    return [Pair(a, b, int(label), kind) for a, b, label, kind in table(folder / "pairs_dev.tsv")]


def cut_short(pairs: Iterable[Pair]) -> list[Pair]:
    """Distinct firms with one name cut short: what a missing place or form says is learnt only beside these."""
    return [
        Pair(text, pair.b, 0, "cut_short")
        for pair in pairs
        if not pair.label and "branch" not in pair.kind
        for text in _cuts(named(pair.a), keep_place=pair.kind == "n_same_core_diff_city")
    ]


def _cuts(name: Named, *, keep_place: bool) -> Iterator[str]:
    if name.parts.is_branch or not name.own:
        return
    yield name.parts.division + name.own
    if not keep_place:
        yield from (name.own, name.own + name.form) if name.form else (name.own,)


def of_list(folder: Path) -> list[Pair]:
    """Every row of a list with noisy copies beside its nearest other rows."""
    rows = list(table(folder / "dedupe_dev_10000.tsv.gz"))
    keys = [name_key(name) for _, name, _ in rows]
    near = Index(keys).near(keys, best=NEAREST)
    found = {(min(pair), max(pair)) for pair in zip(near.row.tolist(), near.place.tolist(), strict=True)}
    return [
        Pair(rows[a][1], rows[b][1], int(rows[a][0] == rows[b][0]), _kind(rows[a], rows[b]))
        for a, b in sorted(found)
        if a != b
    ]


def _kind(a: list[str], b: list[str]) -> str:
    return (a[2] or b[2]) if a[0] == b[0] else "n_list"


def of_look_ups(folder: Path, size: int) -> list[Pair]:
    """Every query beside its nearest names of the first `size` of the registry."""
    base = list(table(folder / "registry_1m.tsv.gz", size))
    queries = list(table(folder / "lookup_dev.tsv"))
    near = Index([name_key(name) for _, name in base]).near([name_key(query[0]) for query in queries], best=NEAREST)
    return [
        Pair(
            queries[asked][0],
            base[place][1],
            int(right := queries[asked][1] == base[place][0]),
            queries[asked][2] if right else "n_list",
        )
        for asked, place in zip(near.row.tolist(), near.place.tolist(), strict=True)
    ]


REAL = ("annual_reports", "listed_short", "listed_full")
"""Sources of pairs that nobody generated, in `real/` of the folder; twins there would teach that clerks never lose a word."""


def real(folder: Path) -> dict[str, list[Pair]]:
    return {
        source: [Pair(row[0], row[1], int(row[2]), row[3]) for row in table(path)]
        for source in REAL
        if (path := folder / "real" / f"{source}.tsv").exists()
    }


def aliases() -> list[Pair]:
    """Known short names, each beside its own firm and beside the most similar other firms."""
    known = [(short, full) for short, full in table(ALIASES)]
    firms = sorted({full for _, full in known})
    own: dict[str, set[str]] = {}
    for short, full in known:
        own.setdefault(short, set()).add(full)
    others = (
        Pair(short, full, 0, "n_alias")
        for short, right in own.items()
        for full, _, _ in process.extract(
            short, [f for f in firms if f not in right], scorer=fuzz.partial_ratio, limit=3
        )
    )
    return [*(Pair(short, full, 1, "alias") for short, full in known), *others]
