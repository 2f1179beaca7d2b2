"""Which industry of the plan a registered firm may belong to, by a word of its name or of the head of its scope."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select

from registry.base.extensions import db
from registry.register.models import SectorWord

ITEMS = 4
"""Items of the business scope that are looked at: the first ones are what the firm lives on."""
_ITEM = re.compile(r"[^;；,，。、:：()（）\n]+")


class Sign(NamedTuple):
    """A sector and the word that says so; both empty where nothing does."""

    sector: str = ""
    word: str = ""


class Sectors:
    """The words as two patterns; the name decides before the scope, the longer word before the shorter."""

    def __init__(self, words: Iterable[tuple[str, str, str]]) -> None:
        """`words`: sector, position (`name`, `scope` or `both`), word."""
        rows = list(words)
        self._sector = {word: sector for sector, _, word in rows}
        self._name = _pattern(word for _, position, word in rows if position in ("name", "both"))
        self._scope = _pattern(word for _, position, word in rows if position in ("scope", "both"))

    def of(self, name: str, scope: str) -> Sign:
        found = self._name.search(name) or (self._scope.search(_beginning(scope)) if scope else None)
        return Sign(self._sector[found[0]], found[0]) if found else Sign()


def stored() -> Sectors:
    """The words of the reference data."""
    rows = db.session.execute(select(SectorWord.sector, SectorWord.position, SectorWord.word))
    return Sectors((sector, position, word) for sector, position, word in rows)


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")


def _beginning(scope: str) -> str:
    """The first items of a business scope, put side by side."""
    items = []
    for match in _ITEM.finditer(scope):
        items.append(match[0])
        if len(items) == ITEMS:
            break
    return ";".join(items)
