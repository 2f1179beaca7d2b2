"""Many pairs judged one after the other, as a piece of work for one process."""

from __future__ import annotations

from collections.abc import Sequence

from registry.matching.decide import compare
from registry.matching.records import Record

Asked = tuple[str, str, str, str]


def judged(_held: None, pairs: Sequence[Asked]) -> list[tuple[float, str, str]]:
    """Score, band and sentence of each two names; `pairs` holds both names, then both codes, '' for none."""
    found = (compare(Record(a, code_a or None), Record(b, code_b or None)) for a, b, code_a, code_b in pairs)
    return [(round(judgement.score, 2), judgement.band.value, str(judgement)) for judgement in found]
