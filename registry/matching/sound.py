"""How a trade name sounds: pinyin without tones, with every reading a character has."""

from __future__ import annotations

from functools import lru_cache


def sound_alike(a: str, b: str) -> bool:
    """Whether each character of `a` shares a reading with its counterpart in `b` ('晟达', '盛达')."""
    return len(a) == len(b) and all(one & other for one, other in zip(_readings(a), _readings(b), strict=True))


@lru_cache(maxsize=4_096)
def _readings(text: str) -> tuple[frozenset[str], ...]:
    from pypinyin import Style, pinyin  # loads its readings; only a hint asks for it

    return tuple(
        frozenset(reading) for character in text for reading in pinyin(character, style=Style.NORMAL, heteronym=True)
    )
