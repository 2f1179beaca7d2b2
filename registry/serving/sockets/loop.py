"""The loop that owns every socket: it gathers requests whole, hands them on, and sees to it that nobody dawdles."""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from registry.serving.sockets import refusing
from registry.serving.sockets.connections import Connection
from registry.serving.sockets.gathering import Gathering
from registry.serving.sockets.limits import Limits
from registry.serving.sockets.yielding import giving_way, pushed_out

ACCEPTS_AT_ONCE = 64
SAID_EVERY = 60.0
HARD_LIMIT = 2
"""Of so many times the most connections nobody is too young to give way."""
NO_MORE = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Loop:
    """`start(connection, request)` is called with each whole request; `answered` gives the connection back."""

    def __init__(
        self,
        limits: Limits,
        *,
        most: int,
        keepalive: float,
        start: Callable[[Connection, Gathering], None],
        say: Callable[..., None],
    ) -> None:
        self.connections: set[Connection] = set()
        self.stopping = False
        self._limits, self._most, self._keepalive = limits, most, keepalive
        self._start, self._say = start, say
        self._selector = selectors.DefaultSelector()
        self._calls: deque[Callable[[], None]] = deque()
        self._bell, self._ring = socket.socketpair()
        self._bell.setblocking(False)
        self._ring.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ, self._run_calls)
        self._cut: Counter[str] = Counter()
        self._said = 0.0
        self._full = False
        """Whether the machine lets us have no further connection."""

    # -- from any thread
    def later(self, call: Callable[[], None]) -> None:
        self._calls.append(call)
        with suppress(BlockingIOError):
            self._ring.send(b"\0")

    # -- listening
    def listen(self, listener: Any) -> None:
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ, lambda: self._accept(listener))

    def stop_listening(self, listener: Any) -> None:
        self._selector.unregister(listener)

    def turn(self, seconds: float) -> None:
        """Wait at most so long for something to happen, and see to it."""
        for key, events in self._selector.select(seconds):
            if isinstance(key.data, Connection):
                self._guarded(key.data, partial(self._see_to, key.data, events))
            else:
                key.data()
        self._sweep()

    def _guarded(self, connection: Connection, step: Callable[[], None]) -> None:
        """One connection that goes wrong in a way nobody foresaw ends alone."""
        try:
            step()
        except Exception:  # noqa: BLE001 - said with its trace, and the others go on
            self._say("a connection went wrong and was ended", exc_info=True)
            self.close(connection)

    def _accept(self, listener: Any) -> None:
        for _ in range(ACCEPTS_AT_ONCE):
            try:
                sock, client = listener.accept()
            except BlockingIOError:
                return
            except OSError as error:  # it went again, or there are no more files to be had
                self._full = error.errno in NO_MORE
                return
            proxied = self._limits.proxies > 0
            connection = Connection(sock, client, listener.getsockname(), self._lags, proxied=proxied)
            self.connections.add(connection)
            self._watch(connection)

    def _make_room(self, now: float) -> None:
        """Cut off who has to give way. Where all are too young for that, it waits as long as there is room at all."""
        if len(self.connections) > self._most:
            for connection in giving_way(self.connections, self._most, now):
                self._cut_off(connection, None)
        above = max(len(self.connections) - HARD_LIMIT * self._most, int(self._full))
        if above > 0:
            for connection in pushed_out(self.connections, above, now):
                self._cut_off(connection, None)
        self._full = False

    # -- one connection
    def _see_to(self, connection: Connection, events: int) -> None:
        if connection not in self.connections:
            return
        if events & selectors.EVENT_WRITE:
            self._flush(connection)
        elif events & selectors.EVENT_READ:
            data = connection.receive()
            if data == b"":
                self.close(connection)
            elif data and not connection.leaving:
                self._gather(connection, data)

    def _gather(self, connection: Connection, data: bytes) -> None:
        gathering = connection.gathering or Gathering(self._limits, connection.address, time.monotonic())
        connection.gathering = gathering
        headless = gathering.length is None
        try:
            rest = gathering.feed(data)
        except OSError:
            self._cut_off(connection, 503)
            return
        if gathering.length is not None:
            connection.sender = gathering.address
        if gathering.refused:
            self._cut_off(connection, gathering.refused)
        elif gathering.whole:
            connection.rest, connection.answering = rest, True
            self._watch(connection)
            self._start(connection, gathering)
        elif headless and gathering.length is not None:
            if gathering.expects:
                self._send(connection, CONTINUE)
            self._limit_bodies(gathering.address)

    def _limit_bodies(self, address: str) -> None:
        """Of the bodies under way from one address the slowest gives way to a new one."""
        gathered = {each: each.gathering for each in self.connections if each.gathering and not each.answering}
        of_it = [each for each, its in gathered.items() if its.length is not None and its.address == address]
        if len(of_it) > self._limits.bodies_of_an_address:
            now = time.monotonic()
            before = sorted(of_it, key=lambda each: gathered[each].began)[:-1]
            self._cut_off(min(before, key=lambda each: gathered[each].rate(now)), 429)

    def _lags(self, connection: Connection) -> None:
        """Called in a thread of the application: the client does not take the answer as fast as it comes."""
        self.later(lambda: self._watch(connection))

    def answered(self, connection: Connection, keep: bool) -> None:
        """The application has done with the request; what it said may still be going out."""
        self._guarded(connection, partial(self._give_back, connection, keep))

    def _give_back(self, connection: Connection, keep: bool) -> None:
        if connection.gathering:
            connection.gathering.close()
        connection.gathering, connection.answering = None, False
        connection.ends = not keep
        connection.served += 1
        if connection.outgoing.broken:
            self.close(connection)
        elif connection.outgoing.pending:
            self._watch(connection)
        else:
            self._go_on(connection)

    def _flush(self, connection: Connection) -> None:
        try:
            connection.outgoing.flush()
        except OSError:
            self.close(connection)
            return
        if connection.outgoing.pending or connection.answering or connection.gathering:
            self._watch(connection)
        else:
            self._go_on(connection)

    def _go_on(self, connection: Connection) -> None:
        """All has been taken: wait for the next request, or part."""
        connection.since, connection.sender = time.monotonic(), ""
        if (connection.ends or self.stopping) and not connection.leave():
            self.close(connection)
            return
        self._watch(connection)
        if connection.rest and not connection.leaving:
            rest, connection.rest = connection.rest, b""
            self._gather(connection, rest)

    def _send(self, connection: Connection, data: bytes) -> None:
        with suppress(OSError):
            connection.outgoing.sendall(data)

    def _cut_off(self, connection: Connection, status: int | None) -> None:
        """End it, with an answer where there is something to answer."""
        if connection.gathering:
            self._cut[connection.gathering.address] += 1
            connection.gathering.close()
            connection.gathering = None
        if status is None or connection.outgoing.pending:
            self.close(connection)
            return
        connection.ends = True
        self._send(connection, refusing.answer(status))
        if connection.outgoing.pending:
            self._watch(connection)
        else:
            self._go_on(connection)

    def close(self, connection: Connection) -> None:
        """Part at once. A thread that still answers finds the line broken, and gives the connection back."""
        if connection in self.connections:
            self._forget(connection)
        if not connection.answering:
            connection.close()
        else:
            connection.outgoing.broken = True

    def _forget(self, connection: Connection) -> None:
        self.connections.discard(connection)
        if connection.events:
            self._selector.unregister(connection.sock)
            connection.events = 0

    def _watch(self, connection: Connection) -> None:
        if connection not in self.connections:
            return
        wanted = connection.wanted()
        if wanted == connection.events:
            return
        if not connection.events:
            self._selector.register(connection.sock, wanted, connection)
        elif not wanted:
            self._selector.unregister(connection.sock)
        else:
            self._selector.modify(connection.sock, wanted, connection)
        connection.events = wanted

    def _run_calls(self) -> None:
        with suppress(BlockingIOError):
            self._bell.recv(4096)
        while self._calls:
            self._calls.popleft()()

    def _sweep(self) -> None:
        now = time.monotonic()
        for connection in list(self.connections):
            until = connection.until(self._limits, self._keepalive)
            if until is not None and now > until:
                self._cut_off(connection, 408 if connection.gathering else None)
        self._make_room(now)
        self._tell_cut(now)

    def _tell_cut(self, now: float) -> None:
        if self._cut and now - self._said >= SAID_EVERY:
            address, most = self._cut.most_common(1)[0]
            self._say(
                "%s requests that did not come whole in time were cut off, %s from %s", self._cut.total(), most, address
            )
            self._cut.clear()
            self._said = now
