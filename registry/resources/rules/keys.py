"""By what two resources are compared, and what is searched of one."""

from __future__ import annotations

import re
import unicodedata

from registry.matching.normalise import fold
from registry.resources.texts import SERIAL_WORDS

SERIAL_LONGEST = 60
_DROPPED = re.compile(r"[\s\-‐-―－·•_/.:#]+")
_MARKED = re.compile(rf"^(?:S/?N|NO|{SERIAL_WORDS})(?=[\s.:#-])", re.IGNORECASE)
_BETWEEN = "|"
"""What stands in no folded text, so that nothing is found across two fields."""


def serial_key(serial: str) -> str:
    """A serial number as it is compared: width, case, spaces and dashes say nothing, nor does a `SN:` before it."""
    text = unicodedata.normalize("NFKC", serial).strip()
    return _DROPPED.sub("", _MARKED.sub("", text)).upper()


def name_key(name: str) -> str:
    return fold(name)[:200]


def search_key(*texts: str) -> str:
    """The texts that are searched, folded, one after the other."""
    return _BETWEEN.join(key for key in map(fold, texts) if key)
