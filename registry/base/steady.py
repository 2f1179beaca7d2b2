"""One steady view of the data for a long read: nothing changes in it, and nobody waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from registry.base import sqlite
from registry.base.extensions import db


@contextmanager
def steady_view() -> Iterator[None]:
    """Read from one snapshot without the write lock; the caller's transaction is let go before and after."""
    if db.session.new or db.session.dirty:
        raise RuntimeError("a steady view would lose the unsaved changes of this request")
    db.session.rollback()
    with sqlite.reading():
        if db.engine.dialect.name == "postgresql":
            db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        try:
            yield
        finally:
            db.session.rollback()
