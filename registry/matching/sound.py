"""How a name sounds: pinyin without tones, the reading most used or every reading a character has."""

from __future__ import annotations

from functools import cache, lru_cache

from registry.matching.lexicons import rows


def sound_key(key: str) -> str:
    """A `name_key` with every ideograph replaced by one character that stands for its commonest toneless reading.

    As long as `key`, so that whatever cuts one cuts the other; '新达' and '鑫达' give the same text. The stand-ins are
    private-use characters numbered by syllable: they mean nothing outside and may be stored.
    """
    return key.translate(_STANDING_IN)


class _StandingIn(dict[int, str]):
    def __missing__(self, point: int) -> str:
        character = chr(point)
        syllable = _syllables().get(_reading(character)) if point >= _FIRST_IDEOGRAPH else None
        self[point] = chr(_PRIVATE_USE + syllable) if syllable is not None else character
        return self[point]


_FIRST_IDEOGRAPH = 0x3400
_PRIVATE_USE = 0xE000
_STANDING_IN = _StandingIn()


@lru_cache(maxsize=32_768)
def readings_first(character: str) -> str:
    """The first letter of an ideograph's commonest reading; any other character is itself."""
    reading = _reading(character) if ord(character) >= _FIRST_IDEOGRAPH else character
    return reading[0] if reading[:1].isascii() else character


def _reading(character: str) -> str:
    from pypinyin import lazy_pinyin  # loads its readings; only a first key needs it

    return str(lazy_pinyin(character)[0])


@cache
def _syllables() -> dict[str, int]:
    """Every syllable of the common ideographs, in alphabetical order: the numbers stay while pypinyin's table does."""
    readings = {character: _reading(character) for character in map(chr, range(0x4E00, 0xA000))}
    heard = {reading for character, reading in readings.items() if reading != character}
    return {text: number for number, text in enumerate(sorted(heard))}


def sound_alike(a: str, b: str) -> bool:
    """Whether each character of `a` shares a reading with its counterpart in `b` ('晟达', '盛达')."""
    return len(a) == len(b) and all(readings(one) & readings(other) for one, other in zip(a, b, strict=True))


@lru_cache(maxsize=32_768)
def readings(character: str) -> frozenset[str]:
    """The toneless readings in use of one character; of what is no ideograph, itself.

    Dictionaries also give readings that no word has (优 as ào): by these two in five common characters would be alike.
    """
    return _several().get(character) or frozenset((_reading(character),))


@lru_cache(maxsize=32_768)
def ever_alike(a: str, b: str) -> bool:
    """Whether two characters share any reading that dictionaries give, in use or not."""
    return not _dictionary(a).isdisjoint(_dictionary(b))


@lru_cache(maxsize=32_768)
def _dictionary(character: str) -> frozenset[str]:
    from pypinyin import Style, pinyin  # loads its readings; only a differing character needs it

    return frozenset(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


@cache
def _several() -> dict[str, frozenset[str]]:
    return {row["character"]: frozenset(row["readings"].split()) for row in rows("readings.csv")}
