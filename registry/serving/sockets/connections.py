"""One client's connection: what it is doing, what it has sent of the next request, what it has yet to take."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable
from typing import Any

from registry.serving.sockets.gathering import Gathering
from registry.serving.sockets.limits import Limits
from registry.serving.sockets.outgoing import Outgoing

PIECE = 64 * 1024
LEAVES_WITHIN = 2.0
"""How long what a client still sends is read and dropped after the last answer, so that the answer reaches it."""


class Connection:
    """A socket that never blocks. `answering`: the application has the request; `leaving`: all has been said."""

    def __init__(
        self, sock: socket.socket, client: Any, server: Any, waits: Callable[[Connection], None], *, proxied: bool
    ) -> None:
        sock.setblocking(False)
        self.sock = sock
        self.client = client
        self.server = server
        self.proxied = proxied
        self.sender = ""
        """The address that the head of the present request tells, as far as it is trusted."""
        self.outgoing = Outgoing(sock, lambda: waits(self))
        self.gathering: Gathering | None = None
        self.answering = self.leaving = False
        self.ends = False
        """Whether the answer that is going out is the last one."""
        self.rest = b""
        self.since = time.monotonic()
        self.served = 0
        self.events = 0

    @property
    def address(self) -> str:
        return str(self.client[0]) if isinstance(self.client, tuple) else ""

    @property
    def whose(self) -> str:
        """The address that the connection counts for; of a proxy's nothing is known until a head is whole."""
        return self.sender or ("" if self.proxied else self.address)

    @property
    def busy(self) -> bool:
        """Whether something is under way that would be lost."""
        return bool(self.gathering or self.answering or self.outgoing.pending)

    @property
    def idle(self) -> bool:
        return not (self.busy or self.leaving)

    def wanted(self) -> int:
        """The events that the loop has to watch for."""
        reads = self.leaving or not (self.answering or self.outgoing.pending)
        return (selectors.EVENT_READ if reads else 0) | (selectors.EVENT_WRITE if self.outgoing.pending else 0)

    def until(self, limits: Limits, keepalive: float) -> float | None:
        """When it is cut off as it stands; nothing where the application has the word."""
        if self.outgoing.pending:
            return limits.answer_until(self.outgoing.since, self.outgoing.passed)
        if self.answering:
            return None
        if self.leaving:
            return self.since + LEAVES_WITHIN
        if self.gathering:
            return self.gathering.until
        return self.since + (keepalive if self.served else limits.head_seconds)

    def age(self, now: float) -> float:
        """For how long it has been at what it is at."""
        if self.gathering:
            return now - self.gathering.began
        return now - (self.outgoing.since if self.outgoing.pending else self.since)

    def rate(self, now: float) -> float:
        """Bytes a second, in whichever direction they go."""
        if self.gathering:
            return self.gathering.rate(now)
        return self.outgoing.passed / max(self.age(now), 0.001) if self.outgoing.pending else 0.0

    def receive(self) -> bytes | None:
        """What has come; empty at the end, None where there is nothing yet."""
        try:
            return self.sock.recv(PIECE)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def leave(self) -> bool:
        """Say that nothing more follows; False where the client has gone already."""
        self.leaving, self.since = True, time.monotonic()
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            return False
        return True

    def close(self) -> None:
        self.outgoing.close()
        if self.gathering:
            self.gathering.close()
        self.sock.close()
