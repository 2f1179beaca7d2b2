"""The trail as lines of JSON, as `verify_trail.py` reads them: in the very form in which each entry was hashed."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from sqlalchemy import select

from registry.base.extensions import db
from registry.trail.models import TrailEntry
from registry.trail.services import trail

PROGRAM = Path(__file__).with_name("verify_trail.py")


def write(file: IO[bytes]) -> int:
    """Every entry from the first on, one a line; how many."""
    written = 0
    statement = select(*trail.COLUMNS).order_by(TrailEntry.seq).execution_options(yield_per=1_000)
    for written, entry in enumerate(db.session.execute(statement), start=1):  # noqa: B007 - the last is the count
        told = trail.hashed(entry) | {"previous_hash": entry.previous_hash, "hash": entry.hash}
        file.write(trail.canonical(told) + b"\n")
    return written
