"""One request as its bytes come in: where it ends, until when it must be whole, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from tempfile import SpooledTemporaryFile

from registry.serving.sockets.limits import Limits

END = b"\r\n\r\n"
HEAD_MOST = 64 * 1024
IN_MEMORY = 64 * 1024
PIECE = 64 * 1024
_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r$")
_CODED = re.compile(rb"(?im)^transfer-encoding[ \t]*:")
_EXPECTS = re.compile(rb"(?im)^expect[ \t]*:[ \t]*100-continue[ \t]*\r$")
_FORWARDED = re.compile(rb"(?im)^x-forwarded-for[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r$")


class Gathering:
    """The bytes of one request; a body too large for the application is counted, not kept."""

    def __init__(self, limits: Limits, client: str, now: float) -> None:
        self.began = now
        self.address = client
        self.received = 0
        self.length: int | None = None
        """Of the body; unknown until the head is whole."""
        self.refused: int | None = None
        """The status to answer with, where the head cannot be taken."""
        self.expects = False
        self._limits = limits
        self._head = bytearray()
        self._body = 0
        self._kept = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `close`

    @property
    def whole(self) -> bool:
        return self.length is not None and self._body == self.length

    @property
    def until(self) -> float:
        """When it must be whole, as the bytes stand."""
        if self.length is None:
            return self.began + self._limits.head_seconds
        return self._limits.body_until(self.began, self.received)

    def rate(self, now: float) -> float:
        """Bytes a second so far."""
        return self.received / max(now - self.began, 0.001)

    def feed(self, data: bytes) -> bytes:
        """Take what belongs to this request; what is left belongs to the next one."""
        self.received += len(data)
        if self.length is None:
            data = self._take_head(data)
        if self.length is None or self.refused:
            return b""
        mine = data[: self.length - self._body]
        self._body += len(mine)
        if self.length <= self._limits.body_most:
            self._kept.write(mine)
        return data[len(mine) :]

    def _take_head(self, data: bytes) -> bytes:
        searched = max(0, len(self._head) - len(END) + 1)
        self._head += data
        end = self._head.find(END, searched)
        if end < 0:
            self.refused = 431 if len(self._head) > HEAD_MOST else None
            return b""
        head, rest = bytes(self._head[: end + len(END)]), bytes(self._head[end + len(END) :])
        self._head.clear()
        self._kept.write(head)
        self._read_head(head)
        return rest

    def _read_head(self, head: bytes) -> None:
        lengths = _LENGTH.findall(head)
        if _CODED.search(head):
            self.refused = 411  # a body of unknown length; no browser sends one
        elif len(lengths) > 1 or any(not text.isdigit() or len(text) > 15 for text in lengths):
            self.refused = 400
        self.length = int(lengths[0]) if lengths and not self.refused else 0
        self.expects = self.length > 0 and _EXPECTS.search(head) is not None
        named = [text.strip() for line in _FORWARDED.findall(head) for text in line.split(b",")]
        if 0 < self._limits.proxies <= len(named):
            self.address = named[-self._limits.proxies].decode("latin-1")

    def source(self) -> Iterator[bytes]:
        """The kept bytes from the start, in pieces."""
        self._kept.seek(0)
        return iter(partial(self._kept.read, PIECE), b"")

    def close(self) -> None:
        with suppress(OSError):  # what a full disk did not take is written once more
            self._kept.close()
