"""The initials of a name in pinyin, by which people type a name they know ('hfyg' for 海丰云谷)."""

from __future__ import annotations

from registry.matching.parse import Parts
from registry.matching.sound import readings_first

LEAST = 3
"""Letters from which they are looked for: fewer stand in nearly every name."""
_PRIVATE_USE = 0xF700
_BETWEEN = "|"
_PLACE_ENDINGS = "省市县区州镇乡"


def initials_key(key: str, parts: Parts) -> str:
    """The first letter of each character's commonest reading, of the whole name key and, behind a bar, of the name with
    its places cut short, as people say them (海丰县云谷 is hfxyg and hfyg).

    A letter is one of 26 private-use characters, which no name has: in an index, what is spelt never meets what is
    written. What is neither ideograph nor letter stays.
    """
    shortened = key
    for division in parts.divisions:
        if len(division.text) > 2 and division.text[-1] in _PLACE_ENDINGS:
            shortened = shortened.replace(division.text, division.text[:-1], 1)
    whole = _initials(key)
    return whole if shortened == key else whole + _BETWEEN + _initials(shortened)


def spelt(text: str) -> str:
    """What somebody typed as it stands in an initials key; '' where it is no initials at all."""
    letters = "".join(text.split())
    if len(letters) < LEAST or not letters.isascii() or not letters.isalpha():
        return ""
    return letters.upper().translate(_LETTERS)


def _initials(key: str) -> str:
    return "".join(map(readings_first, key)).upper().translate(_LETTERS)


_LETTERS = {ord("A") + number: chr(_PRIVATE_USE + number) for number in range(26)}
