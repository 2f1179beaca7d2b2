"""What a token looks like, what is kept of it, and in which state it is."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import date
from enum import StrEnum
from typing import Any

PREFIX = "registry_"
"""Begins every token, so that one that lies where it should not is recognised."""
_FORM = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")


class TokenState(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    ACTIVE = "active"
    REFUSED = "refused"
    REVOKED = "revoked"
    EXPIRED = "expired"
    OFFICE_OVER = "office_over"


OPEN = frozenset({TokenState.WAITING, TokenState.CONFIRMED, TokenState.ACTIVE})
"""States that still lead somewhere."""


def fresh() -> str:
    """256 random bits after the prefix."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept. A plain hash is enough: nobody tries 2^256 tokens, however fast; and it is looked up by it."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_one(text: str) -> bool:
    return _FORM.fullmatch(text) is not None


def state_of(token: Any, on: date) -> TokenState:
    """`token`: a row of `models.ApiToken`; an office that has ended takes its tokens with it."""
    if token.revoked_at is not None:
        return TokenState.REVOKED if token.confirmed_at else TokenState.REFUSED
    if token.expires_on < on:
        return TokenState.EXPIRED
    if token.office.valid_to is not None and token.office.valid_to < on:
        return TokenState.OFFICE_OVER
    if token.issued_at is not None:
        return TokenState.ACTIVE
    return TokenState.CONFIRMED if token.confirmed_at else TokenState.WAITING
