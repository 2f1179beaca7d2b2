"""A batch is received, ordered about, sent back, refused or given up; its file goes when nothing needs it any more."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import update

from registry.base import errors, independence
from registry.base.characters import shown
from registry.base.errors import BatchMoved, BatchUnreasoned, FieldError, FileRefused, RegistryError
from registry.base.extensions import db, setting
from registry.base.permissions import SYSTEM_ACTOR, Actor
from registry.base.runs import new_run
from registry.base.vocabulary import BATCH_STATE_LABELS, BatchState, Role
from registry.imports import queries
from registry.imports.models import ImportBatch
from registry.imports.services import choosing, staging
from registry.people.models import Office, User
from registry.people.queries.signed_in import actor_of
from registry.queue.rules import UNAVAILABLE
from registry.sheets.shape import MEGABYTE, Limits
from registry.sheets.uploaded import shown_name
from registry.trail.services import trail

FIRST_YEAR = 2011
TOLD = 2_000
"""So much of a reason is kept; what stands in it may come out of the file."""
_S = BatchState
TO_CHECK = (_S.WAITING, _S.CHECKING)
# Order -> the states it may be given in, the state it leads to, its word in the trail.
ORDERS: dict[str, tuple[tuple[BatchState, ...], BatchState, str | None]] = {
    "apply": ((_S.CHECKED,), _S.APPLYING, None),
    "take_back": ((_S.APPLYING,), _S.TAKING_BACK, None),
    "undo": ((_S.APPLIED,), _S.UNDOING, None),
    "recheck": ((_S.CHECKED,), _S.WAITING, "recheck_import"),
    "discard": ((_S.WAITING, _S.CHECKING, _S.CHECKED), _S.DISCARDED, "discard_import"),
}


class StoredUpload(NamedTuple):
    """An upload on disk: its random name in the folder of uploads, and its digest."""

    stored_name: str
    sha256: str


def keep(pieces: Iterable[bytes]) -> StoredUpload:
    """Write an upload to disk under a random name, looking at nothing but its size. Raises FileRefused."""
    folder: Path = setting("UPLOADS")
    folder.mkdir(parents=True, exist_ok=True)
    stored, digest = secrets.token_hex(24), sha256()
    try:
        with (folder / stored).open("xb") as file:
            for piece in _measured(pieces):
                digest.update(piece)
                file.write(piece)
    except BaseException:
        remove_file(stored)
        raise
    return StoredUpload(stored, digest.hexdigest())


def _measured(pieces: Iterable[bytes]) -> Iterator[bytes]:
    size, limit = 0, Limits().text_bytes
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise FileRefused(errors.FILE_TOO_LARGE, size=-(-size // MEGABYTE), limit=limit // MEGABYTE)
        yield piece
    if not size:
        raise FileRefused(errors.FILE_EMPTY)


def receive(actor: Actor, office: Office, kept: StoredUpload, *, filename: str, year: int, at: datetime) -> ImportBatch:
    """A new batch of `office`, waiting to be checked; `year`: what 本年 in the file is.

    Raises FieldError('year'), or 'file' where its name says that it comes from the direct-reporting system.
    """
    if not FIRST_YEAR <= year <= at.year:
        raise FieldError("year", errors.BATCH_YEAR, first=FIRST_YEAR, last=at.year)
    if word := independence.named_in(filename):
        raise FieldError("file", independence.REFUSED, word=word)
    batch = ImportBatch(
        office=office,
        by_id=actor.user_id,
        by_name=actor.name,
        ordered_by_id=actor.user_id,
        filename=shown_name(filename),
        stored_name=kept.stored_name,
        sha256=kept.sha256,
        year=year,
        state=BatchState.WAITING,
        created_at=at,
        touched_at=at,
    )
    db.session.add(batch)
    db.session.flush()
    trail.record(actor, "upload", batch, at=at, after={"sha256": kept.sha256}, source=batch.filename)
    return batch


def accept_doubts(actor: Actor, batch: ImportBatch, reason: str, *, count: int, at: datetime) -> None:
    """Somebody answers for the rows in doubt, with a reason; it stands on the trail before anything is stored."""
    after = {"doubts": count}
    trail.record(actor, "accept_doubts", batch, at=at, after=after, reason=shown(reason, TOLD), source=batch.filename)


def give_reason(batch: ImportBatch, reason: str) -> None:
    """Why listed firms are corrected; it stands with each of them on the trail."""
    batch.reason = shown(reason.strip(), TOLD)
    db.session.flush()


def order(actor: Actor, batch: ImportBatch, what: str, *, at: datetime) -> None:
    """Give one of `ORDERS`; of two who give one at once, the second is refused. Raises BatchMoved, RegistryError."""
    sources, target, verb = ORDERS[what]
    if what == "apply" and not (batch.new + batch.changed or queries.carrying(batch)):
        raise RegistryError(errors.BATCH_NOTHING)
    if what == "recheck" and not batch.stored_name:
        raise RegistryError(errors.BATCH_NO_FILE)
    if what == "apply" and not batch.reason and (corrected := queries.corrected(batch)):
        raise BatchUnreasoned(count=corrected)
    fits = [ImportBatch.id == batch.id, ImportBatch.state.in_(sources)]
    if what == "take_back":  # once the batch is switched on it is undone instead
        fits.append(ImportBatch.applied_at.is_(None))
    moved = db.session.execute(
        update(ImportBatch)
        .where(*fits)
        .values(
            state=target,
            run=new_run(),
            ordered_by_id=actor.user_id,
            touched_at=at,
            done=0,
            total=None,
            message="",
            message_values={},
        )
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(batch)
    if not moved.rowcount:  # type: ignore[attr-defined]
        raise BatchMoved(state=BATCH_STATE_LABELS[batch.state], action=errors.BATCH_ACTIONS[what])
    if target is BatchState.DISCARDED:
        staging.clear(batch.id)
    if verb:
        trail.record(actor, verb, batch, at=at, source=batch.filename)


def refuse(actor: Actor, batch: ImportBatch, error: RegistryError, *, at: datetime) -> None:
    """The file is not taken, with the reason; nothing of its content is kept."""
    staging.clear(batch.id)
    send_back(batch, BatchState.REFUSED, error, at=at)
    trail.record(actor, "refuse_import", batch, at=at, reason=shown(str(error), TOLD), source=batch.filename)


def send_back(batch: ImportBatch, state: BatchState, error: RegistryError, *, at: datetime) -> None:
    """An order that could not be carried out: the batch waits in `state`, with the reason."""
    batch.state, batch.touched_at = state, at
    batch.message = error.template
    batch.message_values = {key: shown(str(value), TOLD) for key, value in error.values.items()}
    db.session.flush()


def start_checking(batch: ImportBatch, *, at: datetime) -> str | None:
    """Begin to check, from the start: the token of this run, which ends every earlier one; None where none waits.

    The batch is taken first, so that what an earlier run is staging at this moment is there to be cleared.
    """
    run = new_run()
    values: dict[str, Any] = {"state": BatchState.CHECKING, "run": run, "touched_at": at, "done": 0, "total": None}
    if batch.message == UNAVAILABLE:
        values |= {"message": "", "message_values": {}}
    begun = update(ImportBatch).where(ImportBatch.id == batch.id, ImportBatch.state.in_(TO_CHECK)).values(**values)
    moved = db.session.execute(begun.execution_options(synchronize_session=False))
    db.session.refresh(batch)
    if not moved.rowcount:  # type: ignore[attr-defined]
        return None
    if made := choosing.made(batch):
        batch.reading = {**batch.reading, "choices": made}
    staging.clear(batch.id)
    return run


def acting(batch: ImportBatch) -> Actor:
    """Whose order the batch is under: a person's, or the system's for the office."""
    if batch.ordered_by_id is None:
        return acting_for(batch.office)
    return actor_of(db.session.get_one(User, batch.ordered_by_id))


def acting_for(office: Office) -> Actor:
    """The system, importing for an office as one of its clerks would."""
    roles = frozenset({Role.CLERK})
    return Actor(None, SYSTEM_ACTOR.name, office.id, office.code, office.kind, roles)


def upload(stored_name: str) -> Path:
    """The file of a batch. Raises FileRefused where it is gone."""
    path = _path(stored_name)
    if not path.is_file():
        raise FileRefused(errors.BATCH_FILE_GONE)
    return path


def size_of(stored_name: str) -> int:
    """Bytes of the file of a batch; 0 where there is none."""
    path = _path(stored_name)
    return path.stat().st_size if stored_name and path.is_file() else 0


def _path(stored_name: str) -> Path:
    folder: Path = setting("UPLOADS")
    return folder / stored_name


def remove_file(stored_name: str) -> None:
    """After the commit that no longer needs it."""
    if stored_name:
        _path(stored_name).unlink(missing_ok=True)
