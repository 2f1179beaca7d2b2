"""A short transaction of its own, beside the request's: refusals, last-seen times and sign-in counters only.

Reading a page writes nothing else.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy.orm import Session

from registry.base import sqlite, waiting
from registry.base.extensions import db
from registry.base.trouble import Trouble, trouble_in

log = logging.getLogger(__name__)
_missed: Counter[str] = Counter()


@contextmanager
def aside() -> Iterator[Session]:
    """A session that commits at the end of the block; the request's own transaction is let go first.

    On SQLite a reader that then writes would fail, and a second writer would wait for the first: so the
    request's session must hold no unsaved change here. What cannot be written is raised.
    """
    if db.session.new or db.session.dirty:
        raise RuntimeError("a transaction aside would wait for the unsaved changes of this request")
    db.session.rollback()
    held = sqlite.is_reading()
    sqlite.stop_reading()
    try:
        with Session(db.engine) as session, session.begin():
            yield session
    finally:
        if held:
            sqlite.start_reading()


def note(what: str, write: Callable[[Session], object]) -> bool:
    """Let `write` note something beside a page, which neither waits for it nor fails with it; whether it is written.

    A database that is busy, away or full is logged with how often `what` was missed so far. A job or a command, before
    which nobody sits, waits as for any write, and fails.
    """
    hurried = waiting.is_hurried()
    try:
        with waiting.at_most(waiting.NOTES) if hurried else nullcontext(), aside() as session:
            write(session)
    except Exception as error:
        trouble = trouble_in(error)
        if trouble is None or not hurried:
            raise
        _miss(what, trouble)
        return False
    return True


def _miss(what: str, trouble: Trouble) -> None:
    if trouble is Trouble.BUSY:
        waiting.NOTES.in_vain()
    _missed[what] += 1
    log.warning("%s not written: the database is %s (%s so far in this process)", what, trouble, _missed[what])
