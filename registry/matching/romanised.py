"""Names or parts of names written in pinyin, spelt back into the characters of the name they are compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from registry.matching.sound import readings

if TYPE_CHECKING:
    from registry.matching.evidence import Named

_RUN = re.compile("[A-Z]{2,}")
_ENGLISH_FORMS = re.compile("(?:COLTD|COMPANYLIMITED|LIMITED|LTD|CO|INC|YOUXIANZERENGONGSI|YOUXIANGONGSI|GONGSI)$")


def respelt(key: str, other: Named) -> str | None:
    """`key` (a name key with Latin runs) with each run that reads as characters of `other` replaced by these.

    A key that is Latin throughout gives the place and the own text it reads as. None where no run reads as anything.
    """
    if key.isascii():
        return _whole(key, other)
    result = key
    for run in _RUN.findall(key):
        if run not in other.key and (spelt := _spelt(run, other.key)):
            result = result.replace(run, spelt, 1)
    return result if result != key else None


def _whole(key: str, other: Named) -> str | None:
    """The stretch of `other` that a name all in pinyin reads as, after its place if it begins with one."""
    body = _ENGLISH_FORMS.sub("", key)
    for division in other.parts.divisions:
        after = other.key.find(division.text) + len(division.text)
        for start in (start for text in (division.text, division.text[:-1]) for start in _starts(body, text)):
            spelt = _stretch(body[start:], other.key, after) or _stretch(body[start:], other.own, 0)
            if len(spelt) >= _SHORTEST:
                return division.text + spelt
    found = (_stretch(body, text, at) for text in (other.key, other.own) for at in range(len(text)))
    return next((text for text in found if len(text) >= _SHORTEST), None)


_SHORTEST = 2


def _stretch(run: str, text: str, at: int) -> str:
    """What of `text`, from `at` on, reads as `run`; '' where nothing does."""
    end = _read(run, text, at)
    return text[at:end] if end is not None else ""


def _starts(run: str, text: str) -> Iterator[int]:
    """How many letters of `run` the whole of `text` may take at its beginning."""
    if not text:
        yield 0
        return
    for reading in _spellings(text[0]):
        if run.startswith(reading):
            yield from (len(reading) + rest for rest in _starts(run[len(reading) :], text[1:]))


def _spelt(run: str, other: str) -> str | None:
    """The stretch of `other` that reads as `run`."""
    for at in range(len(other)):
        if (end := _read(run, other, at)) is not None:
            return other[at:end]
    return None


def _read(run: str, text: str, at: int) -> int | None:
    """Where reading `text` from `at` has used up `run`, None where it does not."""
    if not run:
        return at
    if at == len(text):
        return None
    for reading in _spellings(text[at]):
        if run.startswith(reading) and (end := _read(run[len(reading) :], text, at + 1)) is not None:
            return end
    return None


@lru_cache(maxsize=16_384)
def _spellings(character: str) -> tuple[str, ...]:
    return tuple(sorted({reading.upper() for reading in readings(character)}))
