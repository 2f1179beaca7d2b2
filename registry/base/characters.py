"""Which characters a stored text may hold: odd spaces and invisible marks go with a notice, dangerous ones are refused.

Rules: docs/domain.md 4. Nothing is folded here: the text stays as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from registry.base.errors import (
    CHARACTER_BIDI,
    CHARACTER_CONTROL,
    CHARACTER_HIDDEN,
    CHARACTER_LOST,
    CHARACTER_PRIVATE,
    BadCharacter,
    TextTooLong,
)

INVISIBLE_REMOVED = "invisible_removed"
SPACE_CHANGED = "space_changed"

# Zero-width spaces and joiners, soft hyphen, combining grapheme joiner, Hangul and Khmer fillers, variation selectors.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d\u2060\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0100-\U000e01ef]"
)
_ODD_SPACE = re.compile("[\t\n\v\f\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_PLAIN = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u3001-\u3163\u3165-\ud7ff"
    "\uf900-\ufaff\uff01-\uff9f\uffe0-\uffe6]*"
)
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_SENTENCES = {
    "bidi": CHARACTER_BIDI,
    "control": CHARACTER_CONTROL,
    "private": CHARACTER_PRIVATE,
    "lost": CHARACTER_LOST,
    "hidden": CHARACTER_HIDDEN,
}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text that may be stored, and what was done to it (`INVISIBLE_REMOVED`, `SPACE_CHANGED`)."""

    text: str
    notices: tuple[str, ...] = ()


def clean(text: str, max_length: int, *, lines: bool = False) -> Cleaned:
    """The text without outer spaces and invisible characters; odd spaces become plain ones.

    `lines` keeps line breaks, for a long text typed in a form. Raises `BadCharacter` (values `kind`, 1-based `position`
    in the given text, `codepoint`) and `TextTooLong` (values `length`, `limit`, counted in code points).
    """
    if not _PLAIN.fullmatch(text):
        _refuse_bad(text)
    notices = []
    visible = _INVISIBLE.sub("", text)
    if visible != text:
        notices.append(INVISIBLE_REMOVED)
    if lines:
        spaced = "\n".join(_ODD_SPACE.sub(" ", line).strip() for line in visible.splitlines()).strip()
        changed = spaced != visible.replace("\r\n", "\n").strip()
    else:
        spaced = _ODD_SPACE.sub(" ", visible).strip()
        changed = spaced != visible.strip(" ")
    if changed:
        notices.append(SPACE_CHANGED)
    if len(spaced) > max_length:
        raise TextTooLong(length=len(spaced), limit=max_length)
    return Cleaned(spaced, tuple(notices))


# What no database and no page can hold, wherever a text is only shown: control characters and halves of a pair.
_UNSTORABLE = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_NEVER = re.compile("[\0\ud800-\udfff]")


def shown(text: str, limit: int) -> str:
    """A text that is told and not kept as data (a heading, a wrong cell, a file's name): no character of it is lost
    without a trace, what cannot stand is shown as a replacement mark, and it is cut at `limit`.
    """
    return _UNSTORABLE.sub("\ufffd", text[:limit])


def require_storable(text: str) -> None:
    """Raises `BadCharacter` with the position of what no database holds, whatever else the text may be."""
    found = _NEVER.search(text)
    if found is not None:
        codepoint = f"U+{ord(found[0]):04X}"
        raise BadCharacter(CHARACTER_CONTROL, kind="control", position=found.start() + 1, codepoint=codepoint)


def _refuse_bad(text: str) -> None:
    for position, character in enumerate(text, start=1):
        kind = _fault_of(character)
        if kind is not None:
            codepoint = f"U+{ord(character):04X}"
            raise BadCharacter(_SENTENCES[kind], kind=kind, position=position, codepoint=codepoint)


def _fault_of(character: str) -> str | None:
    """`bidi`, `control`, `private`, `lost` or `hidden`; None for a character that may stand or is quietly mended.

    Unassigned code points may stand: the newest ideographs of GB 18030-2022 are unassigned to an older Python.
    """
    if _INVISIBLE.match(character) or _ODD_SPACE.match(character):
        return None
    if _BIDI.match(character):
        return "bidi"
    category = unicodedata.category(character)
    if category == "Cc":
        return "control"
    if category == "Co":
        return "private"
    if category == "Cs" or character == "\ufffd":
        return "lost"
    code = ord(character)
    if category == "Cf" or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE or 0xE0000 <= code <= 0xE0FFF:
        return "hidden"
    return None


def plainly(text: str) -> str:
    """NFKC as numbers are read: a digit that is no plain one (`⑧`, `²`, `½`, other scripts') becomes U+FFFD.

    NFKC alone makes eight of ⑧ and two of ², which nobody who reads the cell would.
    """
    if text.isascii():  # nearly every number of a file
        return text
    return unicodedata.normalize("NFKC", "".join("\ufffd" if _is_odd_digit(c) else c for c in text))


def _is_odd_digit(character: str) -> bool:
    if character.isascii() or "０" <= character <= "９":
        return False
    return unicodedata.category(character) in ("Nd", "Nl", "No")
