"""Divisions inside a name: found at its head, in brackets or before the legal form, and compared as places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from registry.matching.lexicon import DivisionName, divisions, full_and_short
from registry.matching.lexicons import AFTER_CITY_SHORT, CITY

_LONGEST = 15  # characters of the longest full name of a county
_SHORTEST = 2


class Relation(StrEnum):
    """How the places of two names lie to each other."""

    EQUAL = "equal"
    MISSING = "missing"  # one of the names does not say
    WITHIN = "within"  # one place holds the other
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Division:
    """A division as written (folded), and the codes it can mean; more than one where the name does not settle it."""

    text: str
    codes: tuple[str, ...]

    @property
    def token(self) -> str:
        return self.codes[0] if len(self.codes) == 1 else self.text

    def may_be(self, other: Division) -> bool:
        """Whether both can mean one division: 河东区 is that of 天津市 beside '天津市河东区'."""
        return not set(self.codes).isdisjoint(other.codes)


def leading(text: str) -> tuple[Division | None, int]:
    """The last link of the chain of divisions that opens `text` (a name without form), and where the rest begins."""
    division, at = _next(text, 0, None)
    while division is not None:
        inner, end = _next(text, at, division)
        if inner is None or end == len(text):  # '深圳市光明集团': 光明 is all there is for a trade name
            break
        division, at = inner, end
    return division, at


def whole(text: str) -> Division | None:
    """The division (or chain) that `text`, the inside of a pair of brackets, consists of."""
    found = divisions().get(text)
    if found:
        return _division(text, found)
    division, at = _next(text, 0, None)
    while division is not None and at < len(text):
        division, at = _next(text, at, division)
    return division


@lru_cache(maxsize=16_384)
def plainest(text: str) -> str:
    """A chain of divisions in its shortest writing that still means the same place.

    Left out are what stands before a place that is known by itself (广东省 before 汕尾市, 汕尾市 before 海丰县) and
    市, 省 and the like behind one that is; '和田县' (beside the city of 和田) and '汕尾市城区' stay whole.
    """
    links: list[str] = []
    at, (division, end) = 0, _next(text, 0, None)
    while division is not None:
        link = text[at:end]
        links = [_shorter().get(link, link)] if _stands_alone(link) else [*links, _shorter().get(link, link)]
        at, (division, end) = end, _next(text, end, division)
    return "".join(links) + text[at:]


def without_suffixes(text: str) -> str:
    """`text` without 市, 省 and the like behind places that are known by themselves ('汕尾市城东支行')."""
    return _placed().sub(lambda found: _shorter()[found[0]], text)


@cache
def _placed() -> re.Pattern[str]:
    longest = sorted((text for text in _shorter() if text[-1] != "县"), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(longest)})(?![{''.join(AFTER_CITY_SHORT)}])")


@cache
def _shorter() -> dict[str, str]:
    """Full name of a division -> its short one, where that opens names and means nothing else."""
    return {
        text: short
        for text, short in full_and_short().items()
        if text.endswith(_SUFFIXES) and any(place.opens for place in divisions()[short]) and _alone(short)
    }


_SUFFIXES = ("市", "省", "县", "自治区", "自治州", "自治县")


def _stands_alone(text: str) -> bool:
    return any(place.opens for place in divisions()[text]) and _alone(text)


def _alone(text: str) -> bool:
    return len({place.code for place in divisions()[text]}) == 1


def trailing(text: str, start: int, end: int) -> tuple[Division | None, int]:
    """The division that closes `text[start:end]` ('红光酒业北京'), and where it begins (`end` if there is none)."""
    if text[end - _SHORTEST : end] not in _endings():
        return None, end
    for at in range(max(start, end - _LONGEST), end - _SHORTEST + 1):
        found = tuple(place for place in divisions().get(text[at:end], ()) if place.opens)
        if found:
            return _division(text[at:end], found), at
    return None, end


def relation(a: tuple[Division, ...], b: tuple[Division, ...]) -> Relation:
    """Compare the divisions of two names; symmetric. Divisions that both names have say nothing and are left out."""
    if not a or not b:
        return Relation.EQUAL if a == b else Relation.MISSING
    only_a = [one for one in a if not any(one.may_be(other) for other in b)]
    only_b = [one for one in b if not any(one.may_be(other) for other in a)]
    if not only_a and not only_b:
        return Relation.EQUAL
    if not only_a or not only_b:
        return Relation.MISSING
    within = any(_meet(x, y) for one in only_a for other in only_b for x in one.codes for y in other.codes)
    return Relation.WITHIN if within else Relation.CONFLICT


def _next(text: str, at: int, outer: Division | None) -> tuple[Division | None, int]:
    """The longest division at `at`; after `outer` only one that lies in it."""
    known = divisions()
    for size in _sizes().get(text[at : at + _SHORTEST], ()):
        end = at + size
        found = known.get(text[at:end])
        if found and end <= len(text) and not _runs_on(text, end):
            fitting = tuple(place for place in found if (_lies_in(place.code, outer) if outer else place.opens))
            if fitting:
                return _division(text[at:end], fitting), end
    return None, at


@cache
def _endings() -> frozenset[str]:
    return frozenset(name[-_SHORTEST:] for name in divisions())


@cache
def _sizes() -> dict[str, tuple[int, ...]]:
    """How many characters the divisions have that begin with these two, the longest first."""
    found: dict[str, set[int]] = {}
    for name in divisions():
        found.setdefault(name[:_SHORTEST], set()).add(len(name))
    return {head: tuple(sorted(sizes, reverse=True)) for head, sizes in found.items()}


def _runs_on(text: str, end: int) -> bool:
    """Whether what follows shows that the division's last character belongs to the next word."""
    return text[end - 1] == CITY and text[end : end + 1] in AFTER_CITY_SHORT


def _division(text: str, found: tuple[DivisionName, ...]) -> Division:
    provinces = [place.code for place in found if place.code.endswith("0000")]
    return Division(text, tuple(provinces or sorted({place.code for place in found})))


def _lies_in(code: str, outer: Division) -> bool:
    return any(code not in outer.codes and code.startswith(_stem(one)) for one in outer.codes)


def _meet(a: str, b: str) -> bool:
    return a.startswith(_stem(b)) or b.startswith(_stem(a))


def _stem(code: str) -> str:
    """'441500' -> '4415', '440000' -> '44': what the codes inside a division begin with."""
    if code.endswith("0000"):
        return code[:2].replace("00", "")
    return code[:4] if code.endswith("00") else code
