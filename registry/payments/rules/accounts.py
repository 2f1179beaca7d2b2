"""Bank accounts: their digits, what is shown of them, and whether a number that a file hides may be ours."""

from __future__ import annotations

import re
import unicodedata

SHORTEST, LONGEST = 8, 30
_SEPARATORS = re.compile(r"[\s\-—–.·]+")
_HIDDEN = re.compile(r"[*＊xX#•●·]+")
_NAME_NOISE = re.compile(r"[\s()（）\[\]【】〔〕·.,，。、\-—]+")


def digits_of(text: str) -> str | None:
    """The digits of an account number, without spaces and hyphens; None for what is none."""
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    sound = bare.isascii() and bare.isdigit() and SHORTEST <= len(bare) <= LONGEST
    return bare if sound else None


def is_luhn(number: str) -> bool:
    """Whether the last digit is the check digit that cards carry; accounts of firms often have none."""
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number)))
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def masked(number: str) -> str:
    """What anybody may see: the last four digits, and nothing of the length."""
    return f"**** {number[-4:]}"


def is_hidden(text: str) -> bool:
    """Whether a file shows only a part of the number."""
    return bool(_HIDDEN.search(unicodedata.normalize("NFKC", text).strip()))


def is_same(text: str, number: str) -> bool:
    """Whether what a file says of an account is this number; of a hidden one, whether what is seen fits both ends.

    How many digits are hidden is not told by the signs in their place.
    """
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    parts = _HIDDEN.split(bare)
    if len(parts) == 1:
        return bare == number
    seen = sum(map(len, parts))
    return 4 <= seen < len(number) and number.startswith(parts[0]) and number.endswith(parts[-1])


def shown(text: str) -> str:
    """What a file says of an account, as it may be kept and shown."""
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    return masked(bare) if bare else ""


def plain_name(name: str) -> str:
    """A holder as it is compared: without spaces, brackets and points, in one width of letters."""
    return _NAME_NOISE.sub("", unicodedata.normalize("NFKC", name)).casefold()
