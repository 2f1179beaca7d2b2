"""How heavily each fact weighs: a logistic model, its weights fitted by `bench/fit.py` and kept in `weights.csv`.

What no labelled pairs speak of (codes, former names, contacts) has weights set by hand, in `given_weights.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import exp

from registry.matching.evidence import Fact, Named, facts
from registry.matching.lexicons import rows

INTERCEPT = "intercept"
SAME, REVIEW = 98.0, 40.0
"""Scores from which two names, and nothing else, are taken for one firm's, and from which a person has to look."""


def log_odds(found: Iterable[Fact]) -> float:
    """The sum of the weights of `found` and of the intercept; what was never seen in fitting weighs nothing."""
    weights = _weights()
    return weights[INTERCEPT] + sum(weights.get(fact.kind, 0.0) for fact in found)


def weight(fact: Fact) -> float:
    return _weights().get(fact.kind, 0.0)


def score(a: Named, b: Named) -> float:
    """The probability, times 100, that two names are one firm's; 100 for equal names and only for them. Symmetric."""
    if a.key == b.key:
        return EQUAL
    return probable(log_odds(facts(a, b)))


EQUAL = 100.0
_SUREST = 99.99


def probable(odds: float) -> float:
    """Log-odds as a probability times 100, never quite 100."""
    return min(_SUREST, 100.0 / (1.0 + exp(-max(odds, -_LEAST))))


_LEAST = 60.0


@cache
def _weights() -> dict[str, float]:
    return {row["kind"]: float(row["weight"]) for file in ("given_weights.csv", "weights.csv") for row in rows(file)}
