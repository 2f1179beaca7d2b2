"""How common character pairs are in registered names: what two names share says the more the rarer it is."""

from __future__ import annotations

from functools import cache

from registry.matching.lexicons import rows

COUNTED = 1_000_000
"""Names over which `lexicons/pairs.csv` was counted."""
UNLISTED = 40
"""Stands for every pair found in fewer than 100 of them."""


def names_with(pair: str) -> int:
    """In how many of a million registered names two neighbouring characters of a name key stand."""
    return _pairs().get(pair, UNLISTED)


def rarest(text: str) -> int:
    """`names_with` of the rarest pair of `text`; of a single character or none, all names."""
    return min((names_with(text[at : at + 2]) for at in range(len(text) - 1)), default=COUNTED)


@cache
def _pairs() -> dict[str, int]:
    return {row["pair"]: int(row["names"]) for row in rows("pairs.csv")}
