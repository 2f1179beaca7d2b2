"""What a password must be, and the one that is handed over: in two halves, by two people, each useless alone."""

from __future__ import annotations

import secrets

from registry.base import errors
from registry.base.errors import FieldError, PasswordRefused
from registry.base.extensions import setting

MOST = 1024  # bytes: hashing a megabyte would keep a worker busy for whoever asks
NAME_LEAST = 4  # a shorter user name turns up in a password by chance
# Two groups a half, without characters that are mistaken for each other; 36 and 30 bits that nobody guesses online.
_FIRST = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz")
_SECOND = ("23456789", "abcdefghijkmnpqrstuvwxyz")


def first_half() -> str:
    return _half(_FIRST)


def second_half() -> str:
    return _half(_SECOND)


def whole(first: str, second: str) -> str:
    """The password that the two halves make; it fits the policy whatever they are."""
    return f"{first}-{second}"


def check(password: str, *, username: str, field: str = "password") -> None:
    """Length and three of four classes (the usual reading of GB/T 22239 8.1.4.1); not the user's own name."""
    least = setting("PASSWORD_LENGTH")
    classes = [str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum()]
    if len(password.encode()) > MOST:
        raise FieldError(field, errors.PASSWORD_TOO_LONG, length=MOST // 4)
    if len(password) < least or sum(any(map(kind, password)) for kind in classes) < 3:
        raise PasswordRefused(field, length=least)
    if len(username) >= NAME_LEAST and username in password.lower():
        raise FieldError(field, errors.PASSWORD_HAS_NAME)


def _half(groups: tuple[str, ...]) -> str:
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for letters in groups)
