"""The steps that turn one text into another, each named by what it is: a slip of the hand, or another word."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from registry.matching.lexicons import COUNTED_UNITS, DIRECTIONS, NUMERAL_CHARACTERS, ORDINAL_MARK
from registry.matching.shape import Alike, alike
from registry.matching.sound import ever_alike, sound_alike


class EditKind(StrEnum):
    SOUND = "sound"  # a character that sounds the same
    READING = "reading"  # a character that shares a reading in dictionaries only
    SHAPE = "shape"  # a character that looks alike
    HINT = "hint"  # a character that looks a little alike
    NUMERAL = "numeral"  # another numeral, or one more or less
    DIRECTION = "direction"  # another direction or size: east for west, new for old
    OTHER = "other"  # a character with nothing in common
    TURNED = "turned"  # two neighbours change places
    DOUBLED = "doubled"  # a character written twice
    ONE = "one"  # one character more or less
    BLOCK = "block"  # a word more or less
    REPLACED = "replaced"  # a word for another


class Edit(NamedTuple):
    """`a` and `b` are the differing texts, `at_a` and `at_b` where they begin."""

    step: EditKind
    a: str
    b: str
    at_a: int
    at_b: int


def edits(a: str, b: str, *, outline: bool = False) -> tuple[Edit, ...]:
    """The differences of two short texts, in reading order; symmetric but for the sides.

    `outline`: where a word stands for another, only the first difference and that one; what else differs is not told.
    """
    swapped = a > b
    found = _edits(b, a, outline) if swapped else _edits(a, b, outline)
    return tuple(Edit(e.step, e.b, e.a, e.at_b, e.at_a) for e in found) if swapped else found


def _edits(a: str, b: str, outline: bool) -> tuple[Edit, ...]:
    groups = _groups(a, b)
    replaced = next(filter(_is_replaced, groups), None) if outline else None
    if replaced:
        groups = [replaced] if replaced == groups[0] else [groups[0], replaced]
    elif len(groups) >= 2:
        groups = _turned(groups, a, b)
    return tuple(edit for group in groups for edit in _named(group, a, b))


Group = tuple[int, int, int, int]


def _groups(a: str, b: str) -> list[Group]:
    """Stretches in which the texts differ: begin and end in `a`, begin and end in `b`."""
    return [
        (op.src_start, op.src_end, op.dest_start, op.dest_end) for op in Levenshtein.opcodes(a, b) if op.tag != "equal"
    ]


def _is_replaced(group: Group) -> bool:
    from_a, to_a, from_b, to_b = group
    one, other = to_a - from_a, to_b - from_b
    return one > 0 and other > 0 and (one != other or one > _SLIP)


_SLIP = 2


def _turned(groups: list[Group], a: str, b: str) -> list[Group]:
    """An insertion and a deletion of the same character around one other are two neighbours that changed places."""
    found: list[Group] = []
    for group in groups:
        if found:
            before = found[-1]
            one, other = a[before[0] : group[1]], b[before[2] : group[3]]
            if len(one) == len(other) == 2 and one == other[::-1]:
                found[-1] = (before[0], group[1], before[2], group[3])
                continue
        found.append(group)
    return found


def _named(group: Group, a: str, b: str) -> Iterator[Edit]:
    from_a, to_a, from_b, to_b = group
    one, other = a[from_a:to_a], b[from_b:to_b]
    if len(one) == 2 and one == other[::-1] and one != other:
        yield Edit(EditKind.NUMERAL if set(one) <= NUMERAL_CHARACTERS else EditKind.TURNED, one, other, from_a, from_b)
    elif len(one) == len(other) <= _SLIP:
        for at, (x, y) in enumerate(zip(one, other, strict=True)):
            if x != y:
                yield Edit(substitution(x, y), x, y, from_a + at, from_b + at)
    elif one and other:
        yield Edit(EditKind.REPLACED, one, other, from_a, from_b)
    else:
        longer, at, text = (a, from_a, one) if one else (b, from_b, other)
        yield Edit(_more(text, longer, at), one, other, from_a, from_b)


def _more(text: str, whole: str, at: int) -> EditKind:
    before, after = whole[max(0, at - 1) : at], whole[at + len(text) : at + len(text) + 1]
    counted = set(text) <= _COUNTING and not NUMERAL_CHARACTERS.isdisjoint(text)
    numbers = before == ORDINAL_MARK or not NUMERAL_CHARACTERS.isdisjoint(before + after) or after in COUNTED_UNITS
    if counted and (len(text) > 1 or numbers):
        return EditKind.NUMERAL
    if len(text) > 1:
        return EditKind.BLOCK
    return EditKind.DOUBLED if text in (before, after) else EditKind.ONE


_COUNTING = NUMERAL_CHARACTERS | {ORDINAL_MARK}


_SHAPES = {Alike.MUCH: EditKind.SHAPE, Alike.LITTLE: EditKind.HINT, Alike.NOT: EditKind.OTHER}


@lru_cache(maxsize=65_536)
def substitution(a: str, b: str) -> EditKind:
    if a in NUMERAL_CHARACTERS and b in NUMERAL_CHARACTERS:
        return EditKind.NUMERAL
    if a in DIRECTIONS and b in DIRECTIONS:
        return EditKind.DIRECTION
    if sound_alike(a, b):
        return EditKind.SOUND
    shape = _SHAPES[alike(a, b)]
    return EditKind.READING if shape is not EditKind.SHAPE and ever_alike(a, b) else shape
