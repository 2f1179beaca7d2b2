"""Short names: what people call a firm ('中石化', '海南金铭浩', '京东方A') beside its registered name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from registry.matching import places
from registry.matching.lexicons import GROUP, GROUPED
from registry.matching.places import Relation

if TYPE_CHECKING:
    from registry.matching.evidence import Named

_LISTING = re.compile("^S?ST|^N(?=[^A-Z])|(?<=[^A-Z])(?:[AB]股?|[UWDSRBPT]{1,3})$|(?<=[^A-Z])旧$")
_SHORTEST = 2
_SHARES = ("A股", "B股")


def without_listing(key: str) -> str | None:
    """A listed firm's short name without its listing mark ('京东方A', 'ST海航'); None where it has none."""
    bare = _LISTING.sub("", key)
    return bare if bare != key and len(bare) >= _SHORTEST else None


class Short(NamedTuple):
    """How a short name lies in the full one, what of it counts, and how their places lie where that settles it."""

    how: str
    text: str
    place: Relation | None


def is_bare(name: Named) -> bool:
    """Whether the name has no legal form, or what passes for one in a short name ('集团', '上海机场')."""
    return name.parts.legal_form_class in _NO_FORM or (
        len(name.form) == 1 and len(_LATIN.sub("", name.key)) <= _LONGEST
    )


_NO_FORM = frozenset({"", "group"})
_LONGEST = 5
_LATIN = re.compile("[A-Z]")


def denies_form(short: Named, full: Named) -> bool:
    """Whether a short name says what kind of company it is (善美股份, 善美集团) and the full name does not."""
    if not full.form or not is_bare(short) or is_bare(full):
        return False
    said = GROUPED[0] if short.key.endswith(_SHARES) else next(filter(short.key.endswith, GROUPED), "")
    return said != "" and said not in full.key


def relation(a: Named, b: Named) -> Short | None:
    """How the shorter name, where it has no legal form, lies in the other: at its `start`, `within`, by `initials`,
    `torn` out of another trade name.
    """
    short, full = sorted((a, b), key=lambda name: (len(name.key), name.key))
    if short.parts.is_branch or not is_bare(short) or len(short.key) < _SHORTEST:
        return None
    if full.own.startswith(short.key):  # what looks like a place in the short name is none (同仁堂)
        elsewhere = not short.own and places.relation(short.parts.divisions, full.parts.divisions) is Relation.CONFLICT
        missing = Relation.MISSING if full.parts.divisions else Relation.EQUAL
        return Short("start", short.key, Relation.CONFLICT if elsewhere else missing)
    if len(short.own) >= _SHORTEST and not short.form and full.own.startswith(short.own):
        return Short("start", short.own, None)
    text, placed = _without_place(_bare(short.key), full)
    place = Relation.EQUAL if placed else None
    if full.own.startswith(text) or full.key.startswith(text):
        return Short("start", text, place)
    if text in full.key:
        # One character before it in the firm's own text: part of another trade name (宝新能源 in 华宝新能源).
        return Short("torn" if full.own.find(text) == 1 else "within", text, place)
    behind_group = full.key[full.key.find(GROUP) + len(GROUP) :][:1] if GROUP in full.key else ""
    anchors = {full.key[:1], full.own[:1], full.key[2:3], full.key[3:4], behind_group}  # also behind a place
    if text[0] not in anchors or not _is_subsequence(text, full.key):
        return None
    if full.own[:1] not in text and full.own[1:2] in text[1:]:  # 东亚 for 东莞市迪亚
        return Short("torn", text, place)
    heads = short.parts.division and full.key.startswith(short.parts.division[:_SHORTEST])  # 上海浦发 for 上海浦东发展
    return Short("initials", text, Relation.EQUAL if heads else place)


def _without_place(text: str, full: Named) -> tuple[str, bool]:
    """`text` without the short form of the full name's own place ('零陵博诚' for a firm of 零陵区)."""
    for division in full.parts.divisions:
        stem = division.text[:-1]
        if len(stem) >= _SHORTEST and text.startswith(stem) and len(text) - len(stem) >= _SHORTEST:
            return text[len(stem) :].removeprefix(division.text[-1]), True
    return text, False


def _bare(text: str) -> str:
    """Without the '股份', '集团' of a short name, which the full name has elsewhere."""
    for ending in GROUPED:
        if text.endswith(ending) and len(text) - len(ending) >= _SHORTEST:
            return text[: -len(ending)]
    return text


def _is_subsequence(short: str, full: str) -> bool:
    rest = iter(full)
    return all(character in rest for character in short)
