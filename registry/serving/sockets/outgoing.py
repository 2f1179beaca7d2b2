"""What goes out to one client: at once as far as it is taken, the rest kept until it is; no thread ever waits."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import BinaryIO

IN_MEMORY = 64 * 1024
PIECE = 64 * 1024


class Outgoing:
    """Written by a thread of the application like a socket, emptied by the loop when the client takes more."""

    def __init__(self, sock: socket.socket, waits: Callable[[], None]) -> None:
        self._sock = sock
        self._waits = waits
        self._lock = Lock()
        self._kept = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._written = self._taken = 0
        self.broken = False
        self.since = 0.0
        """When the client began to lag, and how many bytes it has taken since (`passed`)."""
        self.passed = 0

    @property
    def pending(self) -> bool:
        return self._taken < self._written

    # -- what gunicorn's Response asks of a socket
    def sendall(self, data: bytes) -> None:
        """Send or keep `data`; raises BrokenPipeError where the client has gone."""
        with self._lock:
            sent = 0 if self.pending else self._send(data)
            if sent == len(data):
                return
            first = not self.pending
            self._kept.seek(self._written)
            self._kept.write(memoryview(data)[sent:])
            self._written += len(data) - sent
            if first:
                self.since, self.passed = time.monotonic(), 0
        if first:
            self._waits()

    def send(self, data: bytes) -> int:
        """Only ever '100 Continue', which the loop has said when the head was whole."""
        return len(data)

    def sendfile(self, file: BinaryIO, offset: int = 0, count: int | None = None) -> None:
        file.seek(offset)
        left = count
        while left is None or left > 0:
            piece = file.read(PIECE if left is None else min(PIECE, left))
            if not piece:
                return
            self.sendall(piece)
            left = None if left is None else left - len(piece)

    def gettimeout(self) -> float:
        """As of a socket that never blocks."""
        return 0.0

    # -- what the loop does
    def flush(self) -> None:
        """Send of what was kept as much as the client takes now."""
        with self._lock:
            while self.pending:
                self._kept.seek(self._taken)
                piece = self._kept.read(PIECE)
                sent = self._send(piece)
                self._taken += sent
                self.passed += sent
                if sent < len(piece):
                    return
            self._kept.seek(0)
            self._kept.truncate()
            self._written = self._taken = 0

    def close(self) -> None:
        with self._lock:
            self.broken = True
            with suppress(OSError):
                self._kept.close()

    def _send(self, data: bytes) -> int:
        if self.broken:
            raise BrokenPipeError("the client has gone")
        sent = 0
        view = memoryview(data)
        try:
            while sent < len(data):
                sent += self._sock.send(view[sent:])
        except BlockingIOError:
            pass
        except OSError:
            self.broken = True
            raise
        return sent
