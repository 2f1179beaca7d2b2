"""A workbook that came back is received, ordered about, refused, given up; its file goes when nothing needs it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, update

from registry.base.characters import shown
from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.runs import new_run
from registry.base.vocabulary import BatchState
from registry.imports.services import batches
from registry.imports.services.batches import TOLD, StoredUpload
from registry.people.models import Office, User
from registry.people.queries.signed_in import actor_of
from registry.sheets.uploaded import shown_name
from registry.trail.services import trail
from registry.workbooks import queries, rules
from registry.workbooks.models import ReturnedValue, WorkbookReturn
from registry.workbooks.rules import CellChoice, CellKind, ReturnState

_S = ReturnState
TO_READ = (_S.WAITING, _S.READING)
# Order -> the states it may be given in, the state it leads to, its word in the trail.
ORDERS: Mapping[str, tuple[tuple[ReturnState, ...], ReturnState, str | None]] = {
    "apply": ((_S.COMPARED,), _S.APPLYING, None),
    "compare": ((_S.COMPARED,), _S.WAITING, None),
    "discard": ((_S.WAITING, _S.READING, _S.COMPARED), _S.DISCARDED, "discard_workbook"),
}
CHOSEN = {
    CellKind.CONFLICT: (CellChoice.GIVEN, CellChoice.NOW),
    CellKind.MISSING: (CellChoice.KEEP, CellChoice.WITHDRAW),
}
"""What can be chosen of which cells."""


class ChoicesNeeded(RegistryError):
    """Cells that still wait for a choice; `cells` are their ids."""

    template = rules.CHOICES_NEEDED

    def __init__(self, cells: list[int]) -> None:
        super().__init__(None, count=len(cells))
        self.cells = cells


def receive(actor: Actor, office: Office, kept: StoredUpload, *, filename: str, at: datetime) -> WorkbookReturn:
    """A file of `office`, waiting to be compared."""
    row = WorkbookReturn(
        office=office,
        by_id=actor.user_id,
        by_name=actor.name,
        filename=shown_name(filename),
        stored_name=kept.stored_name,
        sha256=kept.sha256,
        state=_S.WAITING,
        at=at,
    )
    db.session.add(row)
    db.session.flush()
    trail.record(actor, "return_workbook", row, at=at, after={"sha256": kept.sha256}, source=row.filename)
    return row


def order(actor: Actor, row: WorkbookReturn, what: str, *, at: datetime) -> None:
    """Give one of `ORDERS`; of two who give one at once, the second is refused. Raises RegistryError."""
    sources, target, verb = ORDERS[what]
    if what == "apply" and not is_something_to_apply(row):
        raise RegistryError(rules.NOTHING_TO_APPLY)
    moved = db.session.execute(
        update(WorkbookReturn)
        .where(WorkbookReturn.id == row.id, WorkbookReturn.state.in_(sources))
        .values(state=target, run=new_run(), applied_by_id=actor.user_id, message="", message_values={})
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(row)
    if not moved.rowcount:  # type: ignore[attr-defined]
        raise RegistryError(rules.STATE_MOVED, state=rules.STATE_LABELS[row.state])
    if target is _S.APPLYING and row.batch is not None and row.batch.state == BatchState.CHECKED:
        row.batch.run = row.run  # the very rows that were confirmed: see `choosing.choose`
        db.session.flush()
    if target is _S.DISCARDED:
        clear(row.id)
        if row.batch is not None and row.batch.state == BatchState.CHECKED:
            batches.order(actor, row.batch, "discard", at=at)
    if verb:
        trail.record(actor, verb, row, at=at, source=row.filename)


def start_reading(return_id: int) -> str | None:
    """Begin to compare, from the start: the token of this run, which ends every earlier one; None where none waits."""
    run = new_run()
    begun = update(WorkbookReturn).where(WorkbookReturn.id == return_id, WorkbookReturn.state.in_(TO_READ))
    begun = begun.values(state=_S.READING, run=run).execution_options(synchronize_session=False)
    return run if db.session.execute(begun).rowcount else None  # type: ignore[attr-defined]


def choose(row: WorkbookReturn, choices: Mapping[int, str]) -> None:
    """Keep what was chosen cell by cell; raises ChoicesNeeded where one that asks has no answer yet."""
    open_ = list(db.session.scalars(queries.values_of(row, *CHOSEN)).unique())
    for cell in open_:
        given = choices.get(cell.id, "")
        if asks(cell) and given in CHOSEN[CellKind(cell.kind)]:
            cell.choice = given
    db.session.flush()
    if unanswered := [cell.id for cell in open_ if asks(cell) and not cell.choice]:
        raise ChoicesNeeded(unanswered)


def asks(cell: ReturnedValue) -> bool:
    """Whether somebody has to choose: of a conflict always, of a missing row where it could be withdrawn."""
    return cell.kind == CellKind.CONFLICT or (cell.kind == CellKind.MISSING and bool(cell.values.get("withdraw")))


def is_something_to_apply(row: WorkbookReturn) -> bool:
    counts, batch = row.counts, row.batch
    if batch is not None and batch.state == BatchState.CHECKED and batch.new + batch.changed:
        return True
    return bool(counts.get(CellKind.CLEAN) or counts.get(CellKind.CONFLICT) or counts.get("asked"))


def refuse(actor: Actor, row: WorkbookReturn, error: RegistryError, *, at: datetime) -> None:
    """The file is not taken, with the reason; nothing of its content is kept."""
    clear(row.id)
    send_back(row, _S.REFUSED, error)
    trail.record(actor, "refuse_workbook", row, at=at, reason=shown(str(error), TOLD), source=row.filename)


def send_back(row: WorkbookReturn, state: ReturnState, error: RegistryError) -> None:
    """An order that could not be carried out: the return waits in `state`, with the reason."""
    row.state = state
    row.message = error.template
    row.message_values = {key: shown(str(value), TOLD) for key, value in error.values.items()}
    db.session.flush()


def clear(return_id: int) -> None:
    db.session.execute(delete(ReturnedValue).where(ReturnedValue.return_id == return_id))


def acting(user_id: int | None) -> Actor:
    """Whose order it is."""
    return actor_of(db.session.get_one(User, user_id))
