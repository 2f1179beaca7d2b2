"""Long work in short turns: each is one transaction, and between two of them others get the lock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from registry.base.extensions import Value, db

AIM = 0.25
"""Seconds a turn may hold the lock; its number of rows follows from what the turn before took."""
REST = 0.12
"""Seconds between turns on SQLite, at least: who waits there looks every tenth of a second whether the lock is free.

PostgreSQL has a queue, so that whoever waited goes first without any rest.
"""
LEAST, MOST = 10, 2_000


class Pace:
    """How many rows a turn takes: as many as fit into `AIM` seconds on this machine at this moment."""

    def __init__(self, size: int = 20) -> None:
        self.size = size
        self._begun = time.monotonic()

    def begin(self) -> None:
        """The next statement takes the lock."""
        self._begun = time.monotonic()

    def end(self) -> float:
        """The lock was let go; the seconds it was held."""
        seconds = time.monotonic() - self._begun
        fitting = int(self.size * AIM / max(seconds, 0.001))
        self.size = max(LEAST, min(fitting, 2 * self.size, MOST))
        return seconds


def take(
    turns: Iterator[Value], commit: Callable[[], None], pace: Pace, *, tell: Callable[[Value], None] = lambda done: None
) -> None:
    """Take every turn, `commit` after each and rest in proportion; `tell` hears what each of them yields."""
    held = 0.0
    for done in turns:
        commit()
        held += pace.end()
        tell(done)
        if held >= AIM / 2:
            _rest(held)
            held = 0.0
        pace.begin()


def let_go() -> None:
    """Commit, and forget the rows of the turn: memory does not grow with their number."""
    db.session.commit()
    db.session.expunge_all()


def _rest(held: float) -> None:
    if db.engine.dialect.name == "sqlite":
        time.sleep(max(REST, held / 2))
