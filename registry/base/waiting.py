"""How long a transaction may wait for a lock: a save of a page some seconds, a note beside a page a blink.

Jobs and commands choose nothing and wait as long as their database lets them: nobody sits before them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

WORN_SECONDS = 10


class Patience:
    """Milliseconds to wait; fewer for a while after a wait in vain, so that a jam does not take every thread."""

    def __init__(self, full: int, worn: int) -> None:
        self.full = full
        self.worn = worn
        self._ends: float | None = None

    def milliseconds(self) -> int:
        worn = self._ends is not None and time.monotonic() < self._ends
        return self.worn if worn else self.full

    def in_vain(self) -> None:
        self._ends = time.monotonic() + WORN_SECONDS


SAVES = Patience(full=3_000, worn=1_000)
NOTES = Patience(full=150, worn=1)

_most: ContextVar[Patience | None] = ContextVar("most", default=None)


def most() -> int | None:
    """Milliseconds that a transaction begun now may wait for a lock; None for a job or a command."""
    patience = _most.get()
    return patience.milliseconds() if patience else None


def is_hurried() -> bool:
    """Whether somebody sits before a page and waits."""
    return _most.get() is not None


def begin_request() -> None:
    _most.set(SAVES)


def end_request() -> None:
    _most.set(None)


@contextmanager
def at_most(patience: Patience) -> Iterator[None]:
    token = _most.set(patience)
    try:
        yield
    finally:
        _most.reset(token)
