"""A workbook of rows that is brought, looked at, and applied in one go or given up: what all such workbooks share.

Here and in features above; what a row does to whose record is each feature's own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, TypeVar

from registry.base import independence
from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.people.models import Office
from registry.qualifications import texts
from registry.qualifications.models import BroughtBook
from registry.sheets.brought import BroughtRow
from registry.sheets.reader import UploadedTable
from registry.sheets.uploaded import shown_name
from registry.trail.services import trail

ROWS_MOST, CHANGES_MOST = 5_000, 500
"""Rows of one workbook, and rows that it may write: the database is held for as long as they take."""


class BroughtRowJudged(Protocol):
    """A row with what it would do; `doubtful`: somebody has to answer for it."""

    @property
    def outcome(self) -> StrEnum: ...
    @property
    def doubtful(self) -> bool: ...


Book = TypeVar("Book", bound=BroughtBook)
Judged = TypeVar("Judged", bound=BroughtRowJudged)


def opened(
    content: bytes,
    filename: str,
    open_: Callable[..., AbstractContextManager[UploadedTable]],
    rows_of: Callable[[UploadedTable], list[BroughtRow]],
    reading_of: Callable[[UploadedTable], dict[str, Any]],
    *,
    nothing: str,
) -> tuple[list[BroughtRow], dict[str, Any]]:
    """The rows of a file and what of it was not read; `nothing`: said of one without rows.

    Raises FileRefused, FieldError('file').
    """
    if word := independence.named_in(filename):
        raise FieldError("file", independence.REFUSED, word=word)
    with tempfile.NamedTemporaryFile(prefix="registry-") as file:
        file.write(content)
        file.flush()
        with open_(Path(file.name), name=filename) as table:
            rows, reading = rows_of(table), reading_of(table)
    if not rows:
        raise FieldError("file", nothing)
    if len(rows) > ROWS_MOST:
        raise FieldError("file", texts.ROWS_MANY, count=len(rows), limit=ROWS_MOST)
    return rows, reading


def refuse_many(counts: dict[str, int], writes: Iterable[StrEnum]) -> None:
    """Raise FieldError('file') where more rows would be written than the database is held for."""
    if (count := sum(counts[outcome] for outcome in writes)) > CHANGES_MOST:
        raise FieldError("file", texts.CHANGES_MANY, count=count, limit=CHANGES_MOST)


def keep(
    actor: Actor, book: type[Book], office: Office, content: bytes, *, filename: str, rows: Sequence[BroughtRow],
    reading: dict[str, Any], counts: dict[str, int], verb: str, at: datetime, more: Mapping[str, Any] | None = None,
) -> Book:  # fmt: skip
    """The rows are kept until somebody settles them; `more`: columns of the feature's own. Raises NotAllowed."""
    if actor.user_id is None:
        raise NotAllowed
    columns: dict[str, Any] = {
        "office": office, "by_id": actor.user_id, "by_name": actor.name, "at": at, "filename": shown_name(filename),
        "sha256": sha256(content).hexdigest(), "rows": [row.plain() for row in rows], "reading": reading,
        "counts": counts, **(more or {}),
    }  # fmt: skip
    load = book(**columns)
    db.session.add(load)
    db.session.flush()
    trail.record(actor, verb, load, at=at, after=counts, source=load.filename)
    return load


def rows_of(load: BroughtBook) -> list[BroughtRow]:
    """As they were read."""
    return [BroughtRow.of(row) for row in load.rows]


def counted(outcomes: Iterable[StrEnum], judged: Iterable[BroughtRowJudged]) -> dict[str, int]:
    """By outcome; `doubtful` counts rows that are also in one of the others."""
    found = {outcome.value: 0 for outcome in outcomes} | {"doubtful": 0}
    for one in judged:
        found[one.outcome] += 1
        found["doubtful"] += one.doubtful
    return found


def to_write(
    found: Iterable[Judged], writes: Collection[StrEnum], corrected: StrEnum, *, digest: str, seen: str, reason: str
) -> list[Judged]:
    """Those of the rows that are written. Raises RegistryError where they are not what was shown (`seen`), or none;
    FieldError('reason') where one has to be answered for.
    """
    if digest != seen:
        raise RegistryError(texts.MOVED)
    writing = [one for one in found if one.outcome in writes]
    if not writing:
        raise RegistryError(texts.NOTHING_TO_APPLY)
    if not reason.strip() and any(one.doubtful or one.outcome is corrected for one in writing):
        raise FieldError("reason", texts.REASON_NEEDED)
    return writing


def hold(load: BroughtBook) -> None:
    """Nobody else settles it meanwhile. Raises RegistryError where somebody has."""
    db.session.refresh(load, with_for_update={"of": type(load)})
    if load.outcome is not None:
        raise RegistryError(texts.SETTLED)


def settle(actor: Actor, load: BroughtBook, outcome: str, *, at: datetime) -> None:
    """What became of it, by whom."""
    load.outcome, load.settled_at, load.settled_by_name = outcome, at, actor.name
    db.session.flush()
