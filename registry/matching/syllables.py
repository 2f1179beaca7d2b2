"""Latin letters inside a name that spell Chinese syllables: 'HONGZE' is heard as 弘泽 is."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from registry.matching.sound import sound_key

_RUN = re.compile("[A-Z]{2,}")
_COMPANY = re.compile("(?:CO|COMPANY|CORPORATION)?(?:LTD|LIMITED|INC)$")
_LONGEST_RUN = 120
_LONGEST = 6  # 'ZHUANG'
_IDEOGRAPHS = range(0x4E00, 0xA000)


def heard(key: str) -> str:
    """The sound of a `name_key`, as `sound.sound_key` gives it, but with romanised runs cut into syllables.

    Not as long as `key`; 'HONGZE实业' and '弘泽实业' give the same text. A run that is no sequence of syllables stays.
    """
    text = sound_key(key)
    return _RUN.sub(_cut, text) if _RUN.search(text) else text


def written(key: str) -> str:
    """`key` without its romanised runs: they are known by their sound, and their letters would outweigh it."""
    return _RUN.sub(lambda found: GAP if syllables(found[0]) else found[0], key) if _RUN.search(key) else key


GAP = "\t"  # what no key holds, so that what stood left and right of a run makes no pair


def syllables(run: str) -> tuple[str, ...]:
    """The fewest syllables that spell `run` (upper case, without 'CO LTD' at its end); () if it is no pinyin."""
    return _spelt(_COMPANY.sub("", run)[:_LONGEST_RUN])


def _cut(found: re.Match[str]) -> str:
    spelt = syllables(found[0])
    return "".join(map(_stand_ins().__getitem__, spelt)) if spelt else found[0]


@lru_cache(maxsize=4_096)
def _spelt(run: str) -> tuple[str, ...]:
    """By the fewest syllables before each place; of equals the one whose last syllable is longest."""
    known = _stand_ins()
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(run) + 1):
        chosen: tuple[str, ...] | None = None
        for start in range(max(0, end - _LONGEST), end):
            before = best[start]
            if before is not None and run[start:end] in known and (chosen is None or len(before) + 1 < len(chosen)):
                chosen = (*before, run[start:end])
        best.append(chosen)
    return best[-1] or ()


@cache
def _stand_ins() -> dict[str, str]:
    """Syllable in upper case -> the character that stands for it in a sound key; 'LV' is how keyboards write lü."""
    from pypinyin import lazy_pinyin  # loads its readings; only a name with Latin letters needs it

    characters = [chr(point) for point in _IDEOGRAPHS]
    spoken = {lazy_pinyin(character)[0].upper().replace("Ü", "V"): sound_key(character) for character in characters}
    return {text: stand_in for text, stand_in in spoken.items() if text.isascii() and re.search("[AEIOUV]", text)}
