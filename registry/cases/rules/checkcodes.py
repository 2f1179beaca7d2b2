"""The check code of a certificate: 15 characters drawn at random, a check character, and what a reader may mistake.

31 characters are a prime number of them: with weights 1 to 16 every single wrong character, and every two that changed
places, are found before anybody looks. I, L, O, U, V are none of them; I, L, O are read as figures.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTWXYZ"
LENGTH = 16
_GROUP = 4
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})


def draw(choose: Callable[[str], str]) -> str:
    """A new code; `choose` picks a character of the alphabet, as `secrets.choice` does."""
    drawn = "".join(choose(ALPHABET) for _ in range(LENGTH - 1))
    return drawn + check_character(drawn)


def check_character(drawn: str) -> str:
    total = sum(weight * ALPHABET.index(c) for weight, c in enumerate(drawn, 1))
    # the last weight is 16: so much of it that the whole is divisible
    return next(c for at, c in enumerate(ALPHABET) if (total + LENGTH * at) % len(ALPHABET) == 0)


def read(typed: str) -> str:
    """The code in the form that is stored: half width, upper case, nothing between; mistaken letters put right."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(c for c in folded if c.isalnum()).translate(_MEANT)


def is_whole(code: str) -> bool:
    """Whether it can be one at all: its length, its characters, its check character."""
    if len(code) != LENGTH or any(c not in ALPHABET for c in code):
        return False
    return check_character(code[:-1]) == code[-1]


def grouped(code: str) -> str:
    """As it is printed: `ABCD-EFGH-JKMN-PQRS`."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))
