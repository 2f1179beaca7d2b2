"""Branches beside branches: the legal person and the unit of each, also where the person's legal form is left out.

平安银行深圳侨香支行 says nowhere where the bank's name ends; beside 平安银行股份有限公司深圳侨香支行 it does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from registry.matching import places
from registry.matching.certainty import unit
from registry.matching.lexicon import branch_tails, legal_forms
from registry.matching.lexicons import COUNTRY, SUFFIXES, TOWNSHIPS
from registry.matching.parse import parse

if TYPE_CHECKING:
    from registry.matching.evidence import Named


class Unit(NamedTuple):
    """The name of a legal person, with or without its form, and that of its unit."""

    person: str
    tail: str


_SHORTEST = 2


def apart(a: Named, b: Named) -> tuple[Unit, Unit] | None:
    """Both names as person and unit, None where at least one is no branch or cannot be cut by the other."""
    whole = _whole(a), _whole(b)
    if whole[0] and whole[1]:
        return whole[0], whole[1]
    if whole[1] and (cut := _cut(a, whole[1])):
        return cut, whole[1]
    if whole[0] and (cut := _cut(b, whole[0])):
        return whole[0], cut
    return None


def _whole(name: Named) -> Unit | None:
    """By the legal form that stands before the tail."""
    parts = name.parts
    if not parts.branch_tail or not parts.parent_key:
        return None
    return Unit(parts.parent_key, unit(parts.branch_tail))


def _cut(name: Named, other: Unit) -> Unit | None:
    """A branch's name without its person's legal form: by the other's unit at its end, or its person at its head."""
    text, tail = unit(name.key), other.tail
    if not _ends_as_branch(name.key):
        rest = text.removeprefix(unit(other.person))
        return Unit(other.person, rest) if rest != text and lost_word(rest, tail) else None
    if text.endswith(tail) and len(text) - len(tail) >= _SHORTEST:
        return Unit(text.removesuffix(tail), tail)
    for stem in stems(other.person):
        if text.startswith(stem) and len(text) > len(stem):
            return Unit(stem, text.removeprefix(stem))
    return None


@lru_cache(maxsize=8_192)
def stems(person: str) -> tuple[str, ...]:
    """What a person is called without its legal form, and without the country before it."""
    found = [unit(person)]
    for form in reversed(parse(person).legal_forms):
        found.append(found[-1].removesuffix(unit(form)))
    found = [*found[1:], found[-1].removeprefix(COUNTRY)]
    return tuple(dict.fromkeys(stem for stem in found if len(stem) > _SHORTEST))


def _ends_as_branch(text: str) -> bool:
    return any(text[-size:] in branch_tails() for size in range(1, 7)) and not _closing_form(text)


def _closing_form(text: str) -> bool:
    return not text.endswith(_BRANCHES) and any(text.endswith(form) for form in _companies())


_BRANCHES = ("分公司", "支公司")


@lru_cache(maxsize=1)
def _companies() -> tuple[str, ...]:
    return tuple(text for text, form in legal_forms().items() if form.kind in ("limited", "joint_stock", "company"))


@lru_cache(maxsize=16_384)
def lately(tail: str) -> str:
    """A unit without what its place lies in: 绍兴新昌支行 is 新昌支行, 大方县凤山乡渣坪煤矿 is 渣坪煤矿."""
    place, at = places.leading(tail)
    if place and (inner := _TOWNSHIP.match(tail, at)):
        return tail[inner.end() :]
    return (place.text.rstrip(SUFFIXES) if place else "") + tail[at:]


_TOWNSHIP = re.compile(f"[^{TOWNSHIPS}]{{1,3}}[{TOWNSHIPS}](?=.{{4,}})")  # 公平镇支行 has nothing but its town


def lost_suffix(one: str, other: str) -> bool:
    """Whether one unit has the suffix of a division that the other leaves out: 科技园支行, 科技园区支行."""
    short, long = sorted((one, other), key=len)
    at = next((at for at, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    return len(long) == len(short) + 1 and long[at] in SUFFIXES and long[at + 1 :] == short[at:]


def lost_word(one: str, other: str) -> bool:
    """Whether one unit is the other without the word for what it is: 宝鸡科技 for 宝鸡科技支行."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST and long.startswith(short) and branch_tails().get(long[len(short) :], False)


def called(tail: str) -> str:
    """A unit of a bank or broker by the word that others call it by: 分公司 for 分行, 营业部 for 证券营业部."""
    return _CALLED.sub(lambda found: _ALSO[found[0]], tail)


_ALSO = {"分行": "分公司", "证券营业部": "营业部"}
_CALLED = re.compile("(?:分行|证券营业部)$")
