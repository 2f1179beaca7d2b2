"""How sure a likeness is in a list: what two names say alone, who else comes near, and how long the list is.

Two names that are compared because somebody asked are the same far more often than two that merely stand nearest in a
list; and a best partner far ahead of the second says more than one among equals. Both are learnt: `standing` weighs
the model's log-odds beside the plain likeness and the rarity shared, `contested` weighs that against the strongest
rival and the logarithm of the list's length, so that one threshold holds from a thousand names to a million. The
weights are data (`lexicons/list_weights.csv`), fitted by `bench/fit_lists.py`, each city held out from its own fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.matching.evidence import facts, is_written, named
from registry.matching.lexicons import rows
from registry.matching.model import INTERCEPT, log_odds

Numbers = NDArray[np.float64]
Shares = NDArray[np.float32]
Flags = NDArray[np.bool_]

_MOST_LONE = 4.0
SHORT = 6  # characters of a name that says little
EQUAL = 15.0
"""Where equal names stand: ahead of whatever a sum of weights can reach."""
SURE = 14.0
"""Where names stand that differ only in writing."""
UNRIVALLED = -4.0
PLAIN = ("odds", "for", "likeness", "shared", "close", "short", "like_for", "odd", "lone_fewer", "lone_more", "size")
CONTESTED = ("standing", "rival", "size", "intercept")


class Likeness(NamedTuple):
    """What two names say by themselves, a row a pair: see `said`."""

    odds: Numbers
    kinds: Numbers
    shortest: Numbers
    odd: Numbers
    sure: Numbers


def said(pairs: Iterable[tuple[str, str]]) -> Likeness:
    """The model's log-odds of each two names, how often each kind of fact is among what they say, the length of the
    shorter key, whether only one of them has a character that hardly any name has, and where names stand that are
    certainly one (`EQUAL`, `SURE`; 0 elsewhere)."""
    found = [(named(a), named(b)) for a, b in pairs]
    columns = kinds()
    odds, counts, sure = np.zeros(len(found)), np.zeros((len(found), len(columns))), np.zeros(len(found))
    for at, (a, b) in enumerate(found):
        if a.key == b.key:
            sure[at] = EQUAL
        else:
            spoken = facts(a, b)
            sure[at] = SURE if is_written(spoken) else 0.0
            odds[at] = log_odds(spoken)
            for fact in spoken:
                if fact.kind in columns:
                    counts[at, columns[fact.kind]] += 1.0
    known = _characters()
    return Likeness(
        odds,
        counts,
        np.array([float(min(len(a.key), len(b.key))) for a, b in found]),
        np.array([float(known.issuperset(a.key) != known.issuperset(b.key)) for a, b in found]),
        sure,
    )


@cache
def _characters() -> frozenset[str]:
    """The characters that stand in a pair of `lexicons/pairs.csv`, and so in many names."""
    return frozenset(character for row in rows("pairs.csv") for character in row["pair"])


@cache
def kinds() -> dict[str, int]:
    """The kinds of facts that the model weighs -> their columns: some of them say less, or more, in a list."""
    known = {row["kind"] for file in ("weights.csv", "given_weights.csv") for row in rows(file)}
    found = sorted(known - {INTERCEPT})
    return {kind: column for column, kind in enumerate(found)}


@cache
def standing_kinds() -> tuple[str, ...]:
    return (*PLAIN, *(f"fact_{kind}" for kind in kinds()), INTERCEPT)


def standing_facts(
    said: Likeness, likeness: Shares, shared: Shares, lone: tuple[Numbers, Numbers], size: int
) -> Numbers:
    """A row a pair, a column for each of `standing_kinds`; `size` is the length of the list.

    `lone`: how many character pairs of either name no other name of the list has: a slip makes some, a firm's own name
    mostly has them in common with others.
    """
    odds = np.clip(said.odds, -7.0, 9.0)
    whole = np.ones(len(odds))
    return np.column_stack(
        [
            odds,
            np.maximum(odds, 0.0),
            likeness,
            shared,
            np.maximum(likeness - 0.85, 0.0),
            said.shortest <= SHORT,
            (odds > 3.0) * likeness,
            said.odd,
            np.minimum(np.minimum(*lone), _MOST_LONE),
            np.minimum(np.maximum(*lone), _MOST_LONE),
            _decades(size) * whole,
            said.kinds,
            whole,
        ]
    )


def contested_facts(standing: Numbers, rival: Numbers, size: int) -> Numbers:
    """A row a pair, a column for each of `CONTESTED`; `rival` is the standing of the strongest other partner."""
    whole = np.ones(len(standing))
    return np.column_stack(
        [np.minimum(standing, EQUAL), np.logaddexp(rival, UNRIVALLED), _decades(size) * whole, whole]
    )


def standing(task: str, facts: Numbers) -> Numbers:
    """Log-odds of `standing_facts`; `task` is 'match' or 'dedupe'."""
    return _weighed(task, facts, [f"standing.{kind}" for kind in standing_kinds()])


def stood(sure: Numbers, standing: Numbers) -> Numbers:
    """The standing of each pair, that of certain ones ahead of all others."""
    found: Numbers = np.where(sure > 0.0, sure, np.minimum(standing, SURE - 1.0))
    return found


def contested(task: str, facts: Numbers) -> Numbers:
    """Log-odds of `contested_facts`."""
    return _weighed(task, facts, [f"contested.{kind}" for kind in CONTESTED])


def _weighed(task: str, facts: Numbers, names: Sequence[str]) -> Numbers:
    weights = _weights()
    found: Numbers = facts @ np.array([weights.get((task, name), 0.0) for name in names])
    return found


def probability(odds: Numbers) -> Numbers:
    """Log-odds -> 0..100 with two decimals, never quite 100: that is for equal names."""
    return np.minimum(np.round(100.0 / (1.0 + np.exp(-np.clip(odds, -60.0, 60.0))), 2), 99.99)


def rivals(nodes: NDArray[np.int64], standing: Numbers) -> Numbers:
    """For each end of a pair (`nodes`, its name) the standing of that name's strongest other pair."""
    order = np.lexsort((-standing, nodes))
    heads = np.flatnonzero(np.diff(nodes[order], prepend=-1))
    lengths = np.diff(np.append(heads, len(nodes)))
    seconds = np.where(lengths > 1, standing[order][np.minimum(heads + 1, len(nodes) - 1)], -np.inf)
    found = np.repeat(standing[order][heads], lengths)
    found[heads] = seconds
    result = np.empty_like(standing)
    result[order] = found
    return result


def _decades(size: int) -> float:
    return float(np.log10(max(size, 1)) - 4.0)


@cache
def _weights() -> dict[tuple[str, str], float]:
    return {(task, row["kind"]): float(row[task]) for row in rows("list_weights.csv") for task in ("match", "dedupe")}
