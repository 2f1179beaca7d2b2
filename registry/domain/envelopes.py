"""What is shut away with a key that is used once: unreadable, and unchanged, for whoever has not that key.

The content is joined bit by bit with a stream that SHAKE-256 draws from the key, and authenticated with HMAC-SHA256.
That is safe for one content a key, which is all that is ever asked of it; no library for more is installed.
"""

from __future__ import annotations

import hashlib
import hmac

_TAG = 32


def seal(key: bytes, content: bytes) -> bytes:
    """`content` under `key` (32 random bytes, never used for another content)."""
    joined = _joined(key, content)
    return _tag(key, joined) + joined


def unseal(key: bytes, sealed: bytes) -> bytes | None:
    """The content; None where the key is another or the envelope was touched."""
    tag, joined = sealed[:_TAG], sealed[_TAG:]
    return _joined(key, joined) if hmac.compare_digest(tag, _tag(key, joined)) else None


def _joined(key: bytes, content: bytes) -> bytes:
    size = len(content)
    stream = hashlib.shake_256(b"stream" + key).digest(size)
    return (int.from_bytes(content, "big") ^ int.from_bytes(stream, "big")).to_bytes(size, "big")


def _tag(key: bytes, joined: bytes) -> bytes:
    return hmac.digest(key, joined, "sha256")
