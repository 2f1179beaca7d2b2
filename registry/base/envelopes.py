"""What is shut away with a key: unreadable, and unchanged, for whoever has not that key.

The content is joined bit by bit with a stream that SHAKE-256 draws from the key and a fresh nonce, and authenticated
with HMAC-SHA256. No library for more is installed (docs/decisions/0025-pressed-twice.md).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

_NONCE, _TAG = 24, 32


def seal(key: bytes, content: bytes) -> bytes:
    """`content` under `key` (32 secret bytes); another envelope each time."""
    return _sealed(key, secrets.token_bytes(_NONCE), content)


def seal_alike(key: bytes, content: bytes) -> bytes:
    """The same, but what is the same has the same envelope: the nonce is drawn from it, and tells no more than that."""
    nonce = hmac.digest(hmac.digest(key, b"nonce", "sha256"), content, "sha256")[:_NONCE]
    return _sealed(key, nonce, content)


def unseal(key: bytes, sealed: bytes) -> bytes | None:
    """The content; None where the key is another or the envelope was touched."""
    nonce, tag, joined = sealed[:_NONCE], sealed[_NONCE : _NONCE + _TAG], sealed[_NONCE + _TAG :]
    return _joined(key, nonce, joined) if hmac.compare_digest(tag, _tag(key, nonce + joined)) else None


def _sealed(key: bytes, nonce: bytes, content: bytes) -> bytes:
    joined = _joined(key, nonce, content)
    return nonce + _tag(key, nonce + joined) + joined


def _joined(key: bytes, nonce: bytes, content: bytes) -> bytes:
    size = len(content)
    stream = hashlib.shake_256(hmac.digest(key, b"stream" + nonce, "sha256")).digest(size)
    return (int.from_bytes(content, "big") ^ int.from_bytes(stream, "big")).to_bytes(size, "big")


def _tag(key: bytes, sealed: bytes) -> bytes:
    return hmac.digest(hmac.digest(key, b"tag", "sha256"), sealed, "sha256")
