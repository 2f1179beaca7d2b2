"""Forms of the statistical reporting system: by which words on their head they are known, and why none is filled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from registry.base import independence
from registry.upperforms import texts

_PATTERNS = tuple(re.compile(pattern) for pattern in texts.STATISTICAL_HEADS)
_SPACES = re.compile(r"[\s\u3000_—–]+")


def named_in(said: Iterable[str]) -> str | None:
    """The words by which the head of a form shows it to be of the system, as they stand there; None for another form.

    `said`: title, lines above the table, headings, names of sheets and of the file, foot; never rows of firms.
    """
    for text in said:
        folded = unicodedata.normalize("NFKC", text)
        bare = _SPACES.sub("", folded)
        for pattern in _PATTERNS:
            found = pattern.search(bare)
            if found is not None and not independence.warned_against(bare[: found.start()]):
                return found[0][:40]
        if word := independence.named_in(text):
            return word
    return None
