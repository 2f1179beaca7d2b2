"""What two names say for and against their being one firm's: facts, each of a named kind, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, Levenshtein

from registry.matching import short_names
from registry.matching.edits import Edit, EditKind, edits
from registry.matching.frequency import rarest
from registry.matching.lexicon import legal_forms
from registry.matching.normalise import name_key
from registry.matching.parse import BRANCH_TAIL, DIVISION, INDUSTRY, LEGAL_FORM, TRADE_NAME, Parts, parse
from registry.matching.places import Division, Relation, relation, whole
from registry.matching.romanised import respelt


class Fact(NamedTuple):
    """One thing seen; `kind` is a key of `sentences.EVIDENCE` and of the model's weights, `a` and `b` what differs."""

    kind: str
    a: str = ""
    b: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A name made ready for comparing; `kinds` says for each character of `key` to which part it belongs."""

    key: str
    parts: Parts
    own: str
    form: str
    kinds: tuple[str, ...]
    has_latin: bool


@lru_cache(maxsize=8_192)
def named(name: str) -> Named:
    """Raises NameTooLong."""
    parts, key = parse(name), name_key(name)
    kinds = parts.kinds if len(parts.kinds) == len(key) else (TRADE_NAME,) * len(key)
    return Named(key, parts, parts.own_text, parts.legal_form, kinds, _LATIN.search(key) is not None)


_LATIN = re.compile("[A-Z]")


def facts(a: Named, b: Named) -> tuple[Fact, ...]:
    """What tells the two names apart and what does not; the same facts, sides exchanged, for (b, a)."""
    if a.key == b.key:
        return (Fact("equal", a.key, b.key),)
    if a.has_latin != b.has_latin or a.key.isascii() != b.key.isascii():
        return _across_scripts(a, b)
    return tuple(_facts(a, b))


def _across_scripts(a: Named, b: Named) -> tuple[Fact, ...]:
    """One of the names has pinyin or a listing mark ('A', 'ST') where the other has none."""
    swapped = b.has_latin and (not a.has_latin or b.key.isascii())
    latin, plain = (b, a) if swapped else (a, b)
    spelt = respelt(latin.key, plain)
    bare = spelt or short_names.without_listing(latin.key)
    if not bare:
        return tuple(_facts(a, b))
    again = named(bare)
    found = [Fact("equal", latin.key, plain.key)] if again.key == plain.key else list(_facts(again, plain))
    if spelt:
        kept = [fact for fact in found if fact.kind not in ("equal", "form_missing")]
        found = [Fact("romanised", latin.key, plain.key), *kept]
    return tuple(Fact(fact.kind, fact.b, fact.a) if swapped else fact for fact in found)


def _facts(a: Named, b: Named) -> Iterator[Fact]:
    place = relation(a.parts.divisions, b.parts.divisions)
    slips = _slips(a, b, _cost(a, b, place))
    if slips:
        found = [Fact(f"{_part(a, b, edit)}_{edit.step}", edit.a, edit.b) for edit in slips]
    elif sorted(a.key) == sorted(b.key):
        found = [Fact("reordered", a.key, b.key)]
    elif a.parts.is_branch == b.parts.is_branch and _continues(a, b):
        found = [Fact("branch", a.key, b.key)]
    else:
        found = [*_form(a, b), *_branch(a, b), *_own(a, b, place)]
    yield from found
    if sum(fact.kind.rpartition("_")[2] in _SLIPS for fact in found) > 1:
        yield Fact("several")


_SLIPS = frozenset({EditKind.SOUND, EditKind.SHAPE, EditKind.HINT, EditKind.TURNED, EditKind.DOUBLED, EditKind.ONE})


def _cost(a: Named, b: Named, place: Relation) -> int:
    """How many differences the names have when compared part by part."""
    tails = (
        3 if a.parts.is_branch != b.parts.is_branch else Levenshtein.distance(a.parts.branch_tail, b.parts.branch_tail)
    )
    return Levenshtein.distance(a.own, b.own) + (place is not Relation.EQUAL) + (a.form != b.form) + tails


def _slips(a: Named, b: Named, cost: int) -> tuple[Edit, ...]:
    """The one or two slips by which the whole names differ, where that says less than comparing part by part."""
    unlike = a.parts.is_branch != b.parts.is_branch and len(a.key) != len(b.key)
    limit = min(cost - 1, 1 if unlike else 2)
    if limit <= 0 or OSA.distance(a.key, b.key, score_cutoff=limit) > limit:
        return ()
    return edits(a.key, b.key)


def _part(a: Named, b: Named, edit: Edit) -> str:
    """The part of the name that a slip is in: where the two were taken apart differently, the more telling one."""
    one = a.kinds[edit.at_a : edit.at_a + max(1, len(edit.a))]
    other = b.kinds[edit.at_b : edit.at_b + max(1, len(edit.b))]
    return next((part for kind, part in _PARTS if kind in one or kind in other), "trade")


_PARTS = ((LEGAL_FORM, "form"), (DIVISION, "place"), (BRANCH_TAIL, "tail"), (INDUSTRY, "industry"))


def _form(a: Named, b: Named) -> Iterator[Fact]:
    if a.form == b.form:
        return
    classes = {a.parts.legal_form_class, b.parts.legal_form_class}
    alike = len(classes) == 1 or classes <= _COMPANIES
    kind = (
        "form_missing"
        if short_names.is_bare(a) or short_names.is_bare(b)
        else "form_alike"
        if alike
        else "form_differs"
    )
    yield Fact(kind, a.form, b.form)


_COMPANIES = frozenset({"limited", "company", "joint_stock"})


def _branch(a: Named, b: Named) -> Iterator[Fact]:
    one, other = a.parts.branch_tail, b.parts.branch_tail
    if one == other:
        return
    if not one or not other:
        yield Fact("branch", one, other)
        return
    for edit in edits(one, other):
        yield Fact(f"tail_{edit.step}", edit.a, edit.b)


def _continues(a: Named, b: Named) -> bool:
    """Whether one name is the other's whole with more behind its legal form: a unit of that firm, never the firm."""
    short, long = (a, b) if len(a.key) < len(b.key) else (b, a)
    forms = short.parts.legal_forms
    more = len(long.key) - len(short.key)
    return (
        bool(forms)
        and legal_forms()[forms[-1]].ends_parent
        and more > len(long.form)
        and long.key.startswith(short.key)
    )


def _own(a: Named, b: Named, place: Relation) -> Iterator[Fact]:
    """Trade name and industry words, and the places, which may stand among them."""
    if a.own == b.own:
        yield from _place(place, a, b)
        if place is not Relation.EQUAL:
            yield from _rarity(a.own)
    elif short := short_names.relation(a, b):
        yield Fact(f"short_{short.how}", a.key, b.key)
        yield from _place(short.place or place, a, b)
        yield from _rarity(short.text)
    elif not a.own or not b.own:
        yield Fact("own_missing", a.own, b.own)
        yield from _place(place, a, b)
    else:
        yield from _words(a, b, place)


def _rarity(text: str) -> Iterator[Fact]:
    """How much it says that both names have `text`: nothing is added where it is a rare one."""
    names = rarest(text)
    if names >= COMMON:
        yield Fact("generic" if names >= GENERIC else "common", text, text)


COMMON, GENERIC = 200, 1_500
"""Names of a million with the rarest pair of a text, from which it is common (宏达) or names nobody (运输)."""


def _words(a: Named, b: Named, place: Relation) -> Iterator[Fact]:
    steps = edits(a.own, b.own)
    if place is not Relation.EQUAL and (lead := _leading_place(steps)):
        steps = steps[1:]
        place = relation((*a.parts.divisions, *lead[0]), (*b.parts.divisions, *lead[1]))
    yield from _place(place, a, b)
    if _other_words(steps):
        kind = _TRADE[min(2, Levenshtein.distance(a.parts.trade_name, b.parts.trade_name))]
        yield Fact(kind, a.parts.trade_name, b.parts.trade_name)
        yield Fact("words_differ", a.own, b.own)
        return
    for edit in steps:
        yield Fact(_own_part(a, b, edit), edit.a, edit.b)
    if any(edit.step is EditKind.BLOCK for edit in steps) or place is not Relation.EQUAL:
        yield from _rarity(min(sorted((a.own, b.own)), key=len))


_TRADE = ("trade_equal", "trade_near", "trade_differs")


def _other_words(steps: tuple[Edit, ...]) -> bool:
    """Whether whole words stand for others: more than slips or one word left out."""
    words = sum(edit.step in (EditKind.REPLACED, EditKind.BLOCK) for edit in steps)
    return len(steps) > 3 or (words > 0 and len(steps) > 1) or any(edit.step is EditKind.REPLACED for edit in steps)


def _place(place: Relation, a: Named, b: Named) -> Iterator[Fact]:
    if place is not Relation.EQUAL:
        yield Fact(f"place_{place}", a.parts.division, b.parts.division)


def _leading_place(steps: tuple[Edit, ...]) -> tuple[tuple[Division, ...], tuple[Division, ...]] | None:
    """The place that opens one of the texts though it could not be told from a trade name ('龙井天宇')."""
    first = steps[0]
    if first.at_a or first.at_b or first.step is not EditKind.BLOCK or not (found := whole(first.a or first.b)):
        return None
    return ((found,), ()) if first.a else ((), (found,))


def _own_part(a: Named, b: Named, edit: Edit) -> str:
    """The part and the step; what only one name has belongs to where it stands in that name."""
    in_a, in_b = edit.at_a < len(a.parts.trade_name), edit.at_b < len(b.parts.trade_name)
    if (in_a and in_b) if edit.a and edit.b else (in_a if edit.a else in_b):
        late = edit.step is EditKind.BLOCK and edit.at_a >= _SHORTEST_TRADE and edit.at_b >= _SHORTEST_TRADE
        return "inner_block" if late else f"trade_{edit.step}"
    if edit.step is EditKind.BLOCK and 2 * len(edit.a or edit.b) > max(len(a.own), len(b.own)):
        return "industry_most"
    known = (
        edit.step in (EditKind.SOUND, EditKind.SHAPE, EditKind.HINT)
        and _in_word(a, edit.at_a)
        and _in_word(b, edit.at_b)
    )
    return f"industry_{EditKind.REPLACED if known else edit.step}"


_SHORTEST_TRADE = 2


def _in_word(name: Named, at: int) -> bool:
    """Whether the character belongs to a known industry word: two known words that look alike are two words."""
    return len(name.parts.trade_name) <= at < len(name.own)
