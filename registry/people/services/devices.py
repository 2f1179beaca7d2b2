"""Devices that signed in before: a signed word in a cookie, bound to the account and its password.

It opens nothing: it only gives the device a count of its own when somebody else guesses at the account.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from registry.base.extensions import db, setting
from registry.people.models import User, WebSession

LASTS = timedelta(days=180)
ADDRESS_LASTS = timedelta(days=30)
MOST = 5  # people who share a computer; the one who signed in longest ago gives way
_WORD = 128
BETWEEN = "~"


def remember(words: str, user: User, *, now: datetime) -> str:
    """The cookie of a device that `user` just signed in on, from what it held before."""
    kept = [word for word in _words(words) if not _fits(word, user, now)]
    signed = f"{secrets.token_hex(8)}.{_days(now)}"
    return BETWEEN.join([f"{signed}.{_mark(signed, user)}", *kept][:MOST])


def known(words: str, user: User | None, *, now: datetime) -> str:
    """The device's number, where the cookie says that it signed in to this account with its present password."""
    found = [word for word in _words(words) if user is not None and _fits(word, user, now)]
    return found[0].partition(".")[0] if found else ""


def is_familiar(address: str, user: User | None, *, now: datetime) -> bool:
    """Whether this account signed in from here lately."""
    seen = select(WebSession.address).where(
        WebSession.user_id == (user.id if user else 0), WebSession.created_at > now - ADDRESS_LASTS
    )
    return network(address) in {network(other) for other in db.session.scalars(seen.distinct())}


def network(address: str) -> str:
    """What counts as one place: an IPv4 address, or the 64 bits of IPv6 that one subscriber has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "".join(c for c in address if c.isprintable() and c != "|")[:45]
    if parsed.version == 6:
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


def _words(words: str) -> Iterable[str]:
    return [word for word in words.split(BETWEEN)[:MOST] if len(word) <= _WORD and word.isascii()]


def _fits(word: str, user: User, now: datetime) -> bool:
    signed, _dot, mark = word.rpartition(".")
    day = signed.rpartition(".")[2]
    if not (day.isascii() and day.isdigit()) or not 0 <= _days(now) - int(day[:9]) <= LASTS.days:
        return False
    return hmac.compare_digest(mark, _mark(signed, user))


def _mark(signed: str, user: User) -> str:
    """Bound to the password: a new one makes every device a stranger."""
    said = f"device|{signed}|{user.id}|{user.password_hash}"
    return hmac.new(str(setting("SECRET_KEY")).encode(), said.encode(), hashlib.sha256).hexdigest()


def _days(now: datetime) -> int:
    return int(now.timestamp()) // 86_400
