"""Clients as bare sockets: one that asks for pages, and many that send a byte now and then."""

from __future__ import annotations

import http.client
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.journeys.serving import Service

FORM = "application/x-www-form-urlencoded"
DRIPPED = {
    "body": (
        f"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 9000\r\n\r\n".encode(),
        b"x",
    ),
    "head": (b"GET /sign-in HTTP/1.1\r\nHost: x\r\n", b"X-A: b\r\n"),
    "silence": (b"", b""),
    "letter": (b"G", b""),
}
"""What each kind of slow client begins with, and what it adds a little of from time to time."""


@dataclass(frozen=True)
class Server:
    port: int
    service: Service

    def page(self, path: str = "/sign-in", *, source: str = "127.0.0.1", **headers: str) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(source, 0))
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        found = answer.status, answer.read()
        line.close()
        return found

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60, source_address=(source, 0))


class Drips:
    """Slow clients of one kind; `heard` is what each was told before it was cut off."""

    def __init__(self, server: Server, number: int, kind: str) -> None:
        self.begin, self.drop = DRIPPED[kind]
        self.open: list[socket.socket] = []
        self.heard: list[bytes] = []
        for _ in range(number):
            line = server.connect()
            line.sendall(self.begin)
            line.setblocking(False)
            self.open.append(line)

    def drip(self) -> None:
        """A little more from each, and what has been said to it."""
        for line in list(self.open):
            try:
                if self.drop:
                    line.send(self.drop)
                told = line.recv(4096)
            except BlockingIOError:
                continue
            except OSError:
                told = b""
            self.open.remove(line)
            self.heard.append(told)
            line.close()

    def drip_until_cut(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while self.open and time.monotonic() < until:
            self.drip()
            time.sleep(0.2)

    def close(self) -> None:
        for line in self.open:
            line.close()

    @property
    def told(self) -> dict[str, int]:
        """How many were told what; a connection that was reset before it could be read heard nothing."""
        lines = [told.partition(b"\r\n")[0].decode() for told in self.heard]
        return {line: lines.count(line) for line in lines}


def drain(line: socket.socket) -> bytes:
    """Everything until the server ends the connection, which is then closed here too."""
    parts = []
    with line, suppress(OSError):
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts)


def form(**fields: str) -> bytes:
    return urlencode(fields).encode()
