"""What two names say for and against their being one firm's: facts, each of a named kind, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import OSA, Levenshtein

from registry.matching import short_names
from registry.matching.certainty import certain, is_distinctive, spelling
from registry.matching.certainty import respelt as respelt_numerals
from registry.matching.edits import Edit, EditKind, edits
from registry.matching.frequency import rarest
from registry.matching.lexicon import industry_words, legal_forms
from registry.matching.lexicons import COUNTRY, GROUP, GROUPED, NUMERALS, ORDINAL_MARK
from registry.matching.normalise import name_key
from registry.matching.numerals import WRITTEN_OTHERWISE
from registry.matching.parse import BRANCH_TAIL, DIVISION, INDUSTRY, LEGAL_FORM, TRADE_NAME, Parts, parse
from registry.matching.places import Division, Relation, relation, whole
from registry.matching.romanised import respelt
from registry.matching.units import Unit, apart, called, lately, lost_suffix, lost_word

WRITTEN = "written"
"""The kind of the one fact of two names that are certainly one in another writing (`certainty.certain`)."""
ONE_UNIT = frozenset({"unit_equal", "unit_place", "unit_kind"})
"""The kinds by which two branches may be one unit under two names."""


class Fact(NamedTuple):
    """One thing seen; `kind` is a key of `sentences.EVIDENCE` and of the model's weights, `a` and `b` what differs."""

    kind: str
    a: str = ""
    b: str = ""


@dataclass(frozen=True, eq=False)
class Named:
    """A name made ready for comparing; `kinds` says for each character of `key` to which part it belongs."""

    key: str
    parts: Parts
    own: str
    form: str
    kinds: tuple[str, ...]
    has_latin: bool
    has_numeral: bool

    @cached_property
    def spelling(self) -> str:
        return spelling(self)


@lru_cache(maxsize=16_384)
def named(name: str) -> Named:
    """Raises NameTooLong."""
    parts, key = parse(name), name_key(name)
    kinds = parts.kinds if len(parts.kinds) == len(key) else (TRADE_NAME,) * len(key)
    return Named(key, parts, parts.own_text, parts.legal_form, kinds, _LATIN.search(key) is not None, _numeral(key))


_LATIN = re.compile("[A-Z]")


def _numeral(key: str) -> bool:
    return WRITTEN_OTHERWISE.search(key) is not None


@lru_cache(maxsize=8_192)
def facts(a: Named, b: Named) -> tuple[Fact, ...]:
    """What tells the two names apart and what does not; the same facts, sides exchanged, for (b, a)."""
    if a.key == b.key:
        return (Fact("equal", a.key, b.key),)
    if certain(a, b):
        return (Fact(WRITTEN, a.key, b.key),)
    if again := respelt_numerals(a, b):
        return _numerals_respelt(a, b, *map(named, again))
    if a.has_latin != b.has_latin or a.key.isascii() != b.key.isascii():
        return _across_scripts(a, b)
    return tuple(_facts(a, b))


def is_written(found: tuple[Fact, ...]) -> bool:
    """Whether these are the facts of two names that are certainly one in another writing."""
    return len(found) == 1 and found[0].kind == WRITTEN


def _numerals_respelt(a: Named, b: Named, one: Named, other: Named) -> tuple[Fact, ...]:
    """What the two say once their numerals are in one writing."""
    found = facts(one, other)
    if found[:1] and found[0].kind in ("equal", WRITTEN) and is_distinctive(one) and is_distinctive(other):
        return (Fact(WRITTEN, a.key, b.key),)
    return (Fact("numeral_written", a.key, b.key), *(fact for fact in found if fact.kind not in ("equal", WRITTEN)))


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
    if short_names.denies_form(latin, plain):
        kept = [fact for fact in found if not fact.kind.startswith("form")]
        found = [Fact("form_unlike_short", latin.key, plain.form), *kept]
    if spelt:
        kept = [fact for fact in found if fact.kind not in ("equal", "form_missing")]
        found = [Fact("romanised", latin.key, plain.key), *kept]
    return tuple(Fact(fact.kind, fact.b, fact.a) if swapped else fact for fact in found)


def _facts(a: Named, b: Named) -> Iterator[Fact]:
    if (units := apart(a, b)) is not None:
        yield from _units(*units)
        return
    place = relation(a.parts.divisions, b.parts.divisions)
    member = _of_group(a, b) or _of_group(b, a)
    slips = () if member else _slips(a, b, _cost(a, b, place))
    if member:
        found = [Fact(member, a.key, b.key)]
    elif slips:
        found = [Fact(f"{_part(a, b, edit)}_{edit.step}", edit.a, edit.b) for edit in slips]
    elif len(a.key) == len(b.key) and sorted(a.key) == sorted(b.key):
        found = [Fact("reordered", a.key, b.key)]
    elif a.parts.is_branch == b.parts.is_branch and _continues(a, b):
        found = [Fact("branch", a.key, b.key)]
    else:
        found = [*_form(a, b), *_branch(a, b), *_own(a, b, place)]
    yield from found
    if sum(fact.kind.rpartition("_")[2] in _SLIPS for fact in found) > 1:
        yield Fact("several")


_SLIPS = frozenset(
    {EditKind.SOUND, EditKind.READING, EditKind.SHAPE, EditKind.HINT, EditKind.TURNED, EditKind.DOUBLED, EditKind.ONE}
)


def _units(a: Unit, b: Unit) -> Iterator[Fact]:
    """Two branches: what their legal persons say, and what their own names say."""
    if a.person != b.person:
        persons = facts(named(a.person), named(b.person))
        yield from (fact for fact in persons if fact.kind not in ("equal", WRITTEN))
    one, other = a.tail, b.tail
    if one == other:
        yield Fact("unit_equal", one, other)
    elif lately(one) == lately(other) or lost_suffix(one, other):
        yield Fact("unit_place", one, other)
    elif called(one) == called(other) or lost_word(one, other):
        yield Fact("unit_kind", one, other)
    else:
        for edit in edits(one, other):
            yield Fact(f"tail_{edit.step}", edit.a, edit.b)


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
    found = edits(a.key, b.key)
    return () if _is_other_word(found) else found


def _is_other_word(found: tuple[Edit, ...]) -> bool:
    """Whether one character less and one more stand around a single one (北美, 湖北): a word for another, no slips."""
    if len(found) != 2 or any(bool(edit.a) == bool(edit.b) for edit in found):
        return False
    first, second = found
    return bool(first.a) != bool(second.a) and second.at_a - first.at_a - len(first.a) <= 1


def _part(a: Named, b: Named, edit: Edit) -> str:
    """The part of the name that a slip is in: where the two were taken apart differently, the more telling one."""
    one = a.kinds[edit.at_a : edit.at_a + max(1, len(edit.a))]
    other = b.kinds[edit.at_b : edit.at_b + max(1, len(edit.b))]
    found = next((part for kind, part in _PARTS if kind in one or kind in other), "trade")
    by_chance = found == "place" and edit.step is EditKind.OTHER and (DIVISION not in one or DIVISION not in other)
    return "trade" if by_chance else found  # 中航 beside 中山: another trade name, not a slip in a place


_PARTS = ((LEGAL_FORM, "form"), (DIVISION, "place"), (BRANCH_TAIL, "tail"), (INDUSTRY, "industry"))


def _form(a: Named, b: Named) -> Iterator[Fact]:
    if a.form == b.form:
        return
    classes = {a.parts.legal_form_class, b.parts.legal_form_class}
    laws = _laws(a), _laws(b)
    if short_names.denies_form(a, b) or short_names.denies_form(b, a):
        yield Fact("form_unlike_short", a.form, b.form)
        return
    if laws[0] != laws[1] and a.form and b.form:
        kind = "form_unsaid" if _without_law(a) == _without_law(b) else "form_of_other_law"
        yield Fact(kind, a.form, b.form)
        return
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
_OF_OTHER_LAW = frozenset({"partnership", "cooperative", "sole_owner"})


def _laws(name: Named) -> frozenset[str]:
    """What of its legal forms makes it something else in law than a company or a shop."""
    return (
        frozenset(legal_forms()[form].kind for form in name.parts.legal_forms if form in legal_forms()) & _OF_OTHER_LAW
    )


def _without_law(name: Named) -> tuple[str, ...]:
    """Its legal forms without what stands behind one to say its law: 投资中心（有限合伙）is an 投资中心."""
    forms, known = name.parts.legal_forms, legal_forms()
    return tuple(form for form in forms if form not in known or known[form].kind not in _OF_OTHER_LAW) or forms


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


def _of_group(one: Named, other: Named) -> str:
    """How `other` belongs to a group: as a firm beside the one that heads it, or with the group before its own name.

    重庆钢铁集团矿业有限公司 is not 重庆钢铁（集团）有限责任公司; 围海建设集团越腾投资有限公司 may be called without it.
    """
    if one.parts.is_branch or other.parts.is_branch or not one.form or short_names.is_bare(one):
        return ""
    head, ends = one.own + GROUP, other.key.removesuffix(one.key)
    if GROUP in one.form and one.own and other.own.startswith(head) and not other.own.endswith(GROUPED):
        return "group_member"
    return "group_before" if ends != other.key and ends.endswith(GROUP) and len(one.own) >= _SHORTEST_TRADE else ""


def _own(a: Named, b: Named, place: Relation) -> Iterator[Fact]:
    """Trade name and industry words, and the places, which may stand among them."""
    if a.own == b.own:
        if place is Relation.WITHIN and not (_in_province(a) or _in_province(b)):
            yield Fact("place_inner", a.parts.division, b.parts.division)
        else:
            yield from _place(place, a, b)
        if place is not Relation.EQUAL:
            yield from _rarity(a.own)
    elif short := short_names.relation(a, b):
        yield Fact(f"short_{short.how}", a.key, b.key)
        if (one := _ordinals(a)) != (other := _ordinals(b)):
            yield Fact("trade_numeral", one, other)
        yield from _place(short.place or place, a, b)
        yield from _rarity(short.text)
    elif not a.own or not b.own:
        yield Fact("own_missing", a.own, b.own)
        yield from _place(place, a, b)
    else:
        yield from _words(a, b, place)


def _in_province(name: Named) -> bool:
    """Whether the name has no place but a province."""
    return all(code.endswith("0000") for division in name.parts.divisions for code in division.codes)


def _ordinals(name: Named) -> str:
    """The ordinals of a name, which no short name leaves out: 人民医院 is not 第二人民医院."""
    return "".join(_ORDINAL.findall(name.key))


_ORDINAL = re.compile(f"{ORDINAL_MARK}[{NUMERALS}]+")


def _rarity(text: str) -> Iterator[Fact]:
    """How much it says that both names have `text`: nothing is added where it is a rare one."""
    names = rarest(text)
    if names >= COMMON:
        yield Fact("generic" if names >= GENERIC else "common", text, text)


COMMON, GENERIC = 200, 1_500
"""Names of a million with the rarest pair of a text, from which it is common (宏达) or names nobody (运输)."""


def _words(a: Named, b: Named, place: Relation) -> Iterator[Fact]:
    if len(a.own) == len(b.own) and sorted(a.own) == sorted(b.own) and a.parts.trade_name == b.parts.trade_name:
        yield Fact("reordered", a.own, b.own)
        yield from _place(place, a, b)
        return
    if COUNTRY + a.own == b.own or COUNTRY + b.own == a.own:
        yield Fact("place_country", *((COUNTRY, "") if len(a.own) > len(b.own) else ("", COUNTRY)))
        yield from _place(place, a, b)
        yield from _rarity(min((a.own, b.own), key=len))
        return
    steps = edits(a.own, b.own, outline=True)
    if (
        (steps[0].a or steps[0].b) == COUNTRY
        and steps[0].step is EditKind.BLOCK
        and not steps[0].at_a
        and not steps[0].at_b
    ):
        yield Fact("place_country", steps[0].a, steps[0].b)
        steps = steps[1:]
    if steps and place is not Relation.EQUAL and (lead := _leading_place(steps)):
        steps = steps[1:]
        place = relation((*a.parts.divisions, *lead[0]), (*b.parts.divisions, *lead[1]))
    yield from _place(place, a, b)
    if _other_words(steps):
        kind = _TRADE[min(2, Levenshtein.distance(a.parts.trade_name, b.parts.trade_name))]
        yield Fact(kind, a.parts.trade_name, b.parts.trade_name)
        yield Fact("words_differ", a.own, b.own)
        return
    if _is_other_spelling(steps, a, b):
        yield Fact("industry_heard", a.own, b.own)
        return
    for edit in steps:
        slip = len(steps) == 1 and _is_slip(a, b, edit)
        kind = "industry_slip" if slip else _word_more(a, b, edit) or _own_part(a, b, edit)
        yield Fact(kind, edit.a, edit.b)
    blocks, rest = any(edit.step is EditKind.BLOCK for edit in steps), min(sorted((a.own, b.own)), key=len)
    if blocks and _is_generic(rest) and not short_names.is_bare(a) and not short_names.is_bare(b):
        yield Fact("generic_block", a.own, b.own)
    elif blocks or place is not Relation.EQUAL:
        yield from _rarity(rest)


def _is_generic(text: str) -> bool:
    """Whether `text` is nothing by which to know a firm: nobody's own, or words of industries throughout (国际信托)."""
    if rarest(text) >= GENERIC:
        return True
    known = industry_words()
    ends = {0}
    for end in range(_SHORTEST_TRADE, len(text) + 1):
        if any(text[start:end] in known for start in ends):
            ends.add(end)
    return len(text) in ends


def _word_more(a: Named, b: Named, edit: Edit) -> str:
    """What a word that only one of the names has says by that name: '' where nothing."""
    if edit.step is not EditKind.BLOCK:
        return ""
    has, lacks = (a, b) if edit.a else (b, a)
    if short_names.is_bare(has) and not short_names.is_bare(lacks):
        return "short_adds"
    heads = edit.at_a == edit.at_b == 0 and not has.parts.divisions
    return "trade_for_place" if heads and lacks.parts.divisions else ""


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
        edit.step in (EditKind.SOUND, EditKind.READING, EditKind.SHAPE, EditKind.HINT)
        and _in_word(a, edit.at_a)
        and _in_word(b, edit.at_b)
    )
    return f"industry_{EditKind.REPLACED if known else edit.step}"


def _is_other_spelling(steps: tuple[Edit, ...], a: Named, b: Named) -> bool:
    """Whether two known words that sound the same stand for each other (咨询, 资讯)."""
    return len(steps) > 1 and all(
        step.step is EditKind.SOUND and _in_word(a, step.at_a) and _in_word(b, step.at_b) for step in steps
    )


def _is_slip(a: Named, b: Named, edit: Edit) -> bool:
    """Whether one character turns a known industry word into none, or into its neighbour (环保能有, 制造制造)."""
    if edit.step not in _ONE_FOR_ONE:
        return False
    return _in_word(a, edit.at_a) != _in_word(b, edit.at_b) or _repeats(a) != _repeats(b)


def _repeats(name: Named) -> bool:
    """Whether an industry word stands twice, one behind the other: 6 of a million registered names have such words."""
    words = name.parts.industry_words
    return any(word == after for word, after in pairwise(words))


_SHORTEST_TRADE = 2
_ONE_FOR_ONE = frozenset({EditKind.OTHER, EditKind.HINT, EditKind.READING})


def _in_word(name: Named, at: int) -> bool:
    """Whether the character belongs to a known industry word: two known words that look alike are two words."""
    return len(name.parts.trade_name) <= at < len(name.own)
