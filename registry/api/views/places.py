"""Places in a list as they travel: sealed, so that they tell nothing, fit one query of one office, are not made up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

from registry.api.views.problems import Problem
from registry.base import envelopes
from registry.base.extensions import setting
from registry.base.permissions import Actor


def query_of(path: str, actor: Actor, given: Mapping[str, str]) -> str:
    """What a place is bound to: the path, the office, and every parameter but which page and how much of it."""
    asked = sorted((name, value) for name, value in given.items() if value and name not in ("cursor", "limit"))
    return hashlib.sha256(json.dumps([path, actor.office_code, asked]).encode()).hexdigest()[:16]


def sealed(query: str, after: int) -> str:
    """The same place is the same text, so that the same answer stays the same to the byte."""
    content = json.dumps([query, f"{after:012}"]).encode()  # of one length, whatever the number
    return base64.urlsafe_b64encode(envelopes.seal_alike(_key(), content)).decode().rstrip("=")


def read(query: str, text: str) -> int:
    """Behind which number to go on; nought for the first page. Raises Problem for what this query did not give."""
    if not text:
        return 0
    try:
        content = envelopes.unseal(_key(), base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        known, after = json.loads(content or b"[null, 0]")
    except ValueError:
        known, after = None, 0
    if known != query:
        raise Problem("cursor", names=("cursor",))
    return int(after)


def _key() -> bytes:
    return hmac.digest(str(setting("SECRET_KEY")).encode(), b"places of the API", "sha256")
