"""Which paid cases are verified: a share of each stratum, told by a seed, so that anybody can draw them again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class PaidCase:
    """A case that was paid: its number, and by what it is stratified."""

    case_id: int
    payment_id: int
    number: str
    kind: str
    county: str


@dataclass(frozen=True, slots=True)
class DrawnCase:
    """A case that was drawn out of the `size` of its stratum."""

    paid: PaidCase
    size: int


def draw(paid: Iterable[PaidCase], seed: str, share: Decimal) -> list[DrawnCase]:
    """Of each kind and county `share`, rounded up, at least one; the same for the same cases and seed, in any order.

    The cases of a stratum are ordered by SHA-256 of `seed:number`, and the first are taken.
    """
    strata: defaultdict[tuple[str, str], list[PaidCase]] = defaultdict(list)
    for one in paid:
        strata[one.kind, one.county].append(one)
    found: list[DrawnCase] = []
    for _stratum, members in sorted(strata.items()):
        wanted = max(1, int((share * len(members)).to_integral_value(ROUND_CEILING)))
        ordered = sorted(members, key=lambda one: _place(seed, one.number))
        found += [DrawnCase(one, len(members)) for one in ordered[:wanted]]
    return found


def _place(seed: str, number: str) -> str:
    return sha256(f"{seed}:{number}".encode()).hexdigest()


def population(paid: Iterable[PaidCase]) -> str:
    """A digest of what was drawn from: another draw of the same seed differs only where this does."""
    lines = sorted(f"{one.number} {one.kind} {one.county}" for one in paid)
    return sha256("\n".join(lines).encode()).hexdigest()
