"""A worker of gunicorn whose threads only run the application: `worker_class` in gunicorn.conf.py."""

from __future__ import annotations

import os
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from types import FrameType
from typing import Any

from gunicorn.http import get_parser
from gunicorn.http.errors import NoMoreData
from gunicorn.http.wsgi import create
from gunicorn.workers.base import Worker

from registry.serving.sockets import refusing
from registry.serving.sockets.connections import Connection
from registry.serving.sockets.gathering import Gathering
from registry.serving.sockets.limits import Limits
from registry.serving.sockets.loop import Loop

TURN = 0.5
GATHERS_ON = 5.0
"""How long a stopping worker still waits for requests that are coming in."""


class GatheringWorker(Worker):  # type: ignore[misc]
    """Processes, signals and restarts are gunicorn's; so are reading a request's text and writing an answer's."""

    def init_process(self) -> None:
        _allow_files(4 * self.cfg.worker_connections)
        super().init_process()

    def run(self) -> None:
        self._pool = ThreadPoolExecutor(self.cfg.threads, thread_name_prefix="answers")
        self._loop = Loop(
            Limits.of(self.wsgi.config), most=self.cfg.worker_connections, keepalive=self.cfg.keepalive,
            start=self._hand_on, say=self.log.warning,
        )  # fmt: skip
        for listener in self.sockets:
            self._loop.listen(listener)
        while self.alive and self.ppid == os.getppid():
            self.notify()
            self._loop.turn(TURN)
        self._end()

    def _end(self) -> None:
        """Accept nothing more, let what is being answered come to its end, as long as gunicorn gives us."""
        began = time.monotonic()
        self._loop.stopping = True
        for listener in self.sockets:
            self._loop.stop_listening(listener)
            listener.close()
        while self._loop.connections and time.monotonic() - began < self.cfg.graceful_timeout:
            self.notify()
            late = time.monotonic() - began > GATHERS_ON
            for connection in list(self._loop.connections):
                if connection.idle or (late and connection.gathering and not connection.answering):
                    self._loop.close(connection)
            self._loop.turn(min(TURN, 0.1))
        self._pool.shutdown(wait=False, cancel_futures=True)

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        super().handle_quit(sig, frame)

    def _hand_on(self, connection: Connection, gathered: Gathering) -> None:
        self._pool.submit(self._answer, connection, gathered)

    # -- in a thread of the pool
    def _answer(self, connection: Connection, gathered: Gathering) -> None:
        keep = False
        try:
            keep = self._read_and_respond(connection, gathered)
        finally:
            self._loop.later(lambda: self._loop.answered(connection, keep))

    def _read_and_respond(self, connection: Connection, gathered: Gathering) -> bool:
        """Answer what was gathered; whether the connection may bring another request."""
        request = None
        try:
            source = gathered.source()
        except OSError:  # the last piece did not fit on the disk
            connection.outgoing.sendall(refusing.answer(503))
            return False
        try:
            request = next(get_parser(self.cfg, source, connection.client))
            if getattr(request.body.reader, "length", None) != gathered.length:
                # We and gunicorn do not agree where the request ends: what follows could be anybody's.
                connection.outgoing.sendall(refusing.answer(400))
                return False
            return self._respond(request, connection)
        except (StopIteration, NoMoreData, BrokenPipeError, ConnectionError):
            self.log.debug("the client has gone")
        except Exception as error:  # noqa: BLE001 - gunicorn's own way of telling the client and the log
            self.handle_error(request, connection.outgoing, connection.client, error)
        return False

    def _respond(self, request: Any, connection: Connection) -> bool:
        began = datetime.now()  # noqa: DTZ005 - only a difference, for the access log
        answer, environ = create(request, connection.outgoing, connection.client, connection.server, self.cfg)
        environ["wsgi.multithread"] = True
        if not self.alive or not self.cfg.keepalive:
            answer.force_close()
        parts = self.wsgi(environ, answer.start_response)
        try:
            if isinstance(parts, environ["wsgi.file_wrapper"]):
                answer.write_file(parts)
            else:
                for part in parts:
                    answer.write(part)
            answer.close()
        except ConnectionError:
            raise  # the client has gone, which is its own affair
        except Exception:
            if not answer.headers_sent:
                raise
            self.log.exception("the answer to %s broke off", request.path)
            return False
        finally:
            self.log.access(answer, request, environ, datetime.now() - began)  # noqa: DTZ005
            if hasattr(parts, "close"):
                parts.close()
        return not answer.should_close()


def _allow_files(wanted: int) -> None:
    """As many open files as connections may need, as far as the machine lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
