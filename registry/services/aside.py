"""A short transaction of its own, beside the request's: refusals and last-seen times only (law 1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from registry.extensions import db
from registry.models import sqlite


@contextmanager
def aside() -> Iterator[Session]:
    """A session that commits at the end of the block; the request's own transaction is let go first.

    On SQLite a reader that then writes would fail, and a second writer would wait for the first: so the
    request's session must hold no unsaved change here.
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
