"""Whether this installation can work now, part by part: for whoever watches it from outside, and nothing more."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from registry.base.extensions import db, setting
from registry.queue.queries import is_served
from registry.queue.rules import Lane


def readiness() -> dict[str, bool]:
    """The database answers; its tables are those of this release; a worker serves each lane; papers can be written."""
    checks: dict[str, Callable[[], bool]] = {
        "database": _answers,
        "schema": _is_current,
        "worker": lambda: bool(setting("JOBS_IMMEDIATE")) or all(is_served(lane) for lane in Lane),
        "files": lambda: _is_writable(Path(setting("FILES"))),
    }
    return {name: _holds(check) for name, check in checks.items()}


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (SQLAlchemyError, OSError):
        db.session.rollback()
        return False


def _answers() -> bool:
    return bool(db.session.scalar(text("select 1")) == 1)


def _is_current() -> bool:
    found = db.session.scalar(text("select version_num from alembic_version"))
    return bool(found == _newest(str(setting("MIGRATIONS"))))


@cache
def _newest(migrations: str) -> str | None:
    return ScriptDirectory(migrations).get_current_head()


def _is_writable(folder: Path) -> bool:
    """The folder, or where it will be made with the first paper."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return os.access(there, os.W_OK)
