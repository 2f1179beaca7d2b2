"""Names in the kinds in which real ones differ, each with the band written down before the engine was run on it.

Column `open` of `probes.tsv` says why the engine does not give that band; such a probe must fail, or its reason is stale.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from registry.matching.decide import compare
from registry.matching.records import Record

with Path(__file__).with_name("probes.tsv").open(encoding="utf-8", newline="") as table:
    PROBES = [
        pytest.param(*row, marks=pytest.mark.xfail(strict=True, reason=why) if why else ())
        for *row, why in list(csv.reader(table, delimiter="\t"))[1:]
    ]


@pytest.mark.parametrize("kind, a, b, band", PROBES)
def test_probe(kind: str, a: str, b: str, band: str) -> None:
    judged = compare(Record(a), Record(b))
    assert judged.band == band, f"{kind}: {judged.score:.2f}, {judged}"
