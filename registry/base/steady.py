"""One steady view of the data for a long read: nothing changes in it, and nobody waits for it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

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


def written_steadily(write: Callable[[IO[bytes]], int]) -> tuple[IO[bytes], int, str]:
    """A temporary file that `write` fills from one steady view, at its beginning; what `write` counted; its SHA-256.

    Whoever sends the file closes it; where writing fails it is closed here.
    """
    file = tempfile.TemporaryFile(prefix="registry-")  # noqa: SIM115 - whoever sends it closes it
    try:
        with steady_view():
            rows = write(file)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file, rows, digest
