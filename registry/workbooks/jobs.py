"""Returned workbooks in the background: read and compare a file, apply what was chosen."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from registry.base import runs, turns
from registry.base.errors import FileRefused, RegistryError
from registry.base.extensions import clock, db, queue
from registry.base.trouble import trouble_in
from registry.imports.services import batches
from registry.imports.services.staging import looking
from registry.queue.jobs import lanes
from registry.queue.jobs.lanes import Place, TurnedOutLong
from registry.queue.rules import UNAVAILABLE, Lane, Unavailable
from registry.sheets import account, tokens
from registry.sheets.reader import JOB_SECONDS, UploadedRow, UploadedTable, read_table
from registry.workbooks import queries, rules
from registry.workbooks.models import ReturnedValue, WorkbookReturn
from registry.workbooks.rules import ReturnState
from registry.workbooks.services import applying, comparing, newcomers, returns
from registry.workbooks.services.applying import Application, CellRefused, Overtaken
from registry.workbooks.services.comparing import File
from registry.workbooks.sheets import layout

log = logging.getLogger(__name__)

# What a stopped worker leaves behind -> the job that takes it up from the start.
JOB_OF = {
    ReturnState.WAITING: "compare_workbook",
    ReturnState.READING: "compare_workbook",
    ReturnState.APPLYING: "apply_workbook",
}


def place(return_id: int) -> Place:
    """By the rows of the file, or, where they are not counted yet, by its size."""
    row = db.session.get(WorkbookReturn, return_id)
    if row is None:
        return lanes.short()
    lane = lanes.by_rows(int(row.counts.get("rows") or 0))
    return Place(lane if lane is Lane.LONG else lanes.by_size(batches.size_of(row.stored_name)), row.office_id)


def compare(return_id: int) -> None:
    """Read the file and hold every cell against what was issued and what is there now."""
    row = db.session.get_one(WorkbookReturn, return_id)
    stored_name, name = row.stored_name, row.filename
    run = returns.start_reading(return_id)
    db.session.commit()
    if run is None:
        return
    try:
        token, file = _read(batches.upload(stored_name), name)
        _compare(return_id, run, token, file)
    except TurnedOutLong:
        raise
    except RegistryError as error:
        refuse(return_id, error, run)
    except Exception as error:
        if trouble_in(error):  # no fault of the file: the queue tries again
            raise
        log.exception("comparing workbook %s failed", return_id)
        refuse(return_id, RegistryError(rules.NOT_READ), run)


def _read(path: Path, name: str) -> tuple[str, File]:
    with read_table(path, cpu_seconds=JOB_SECONDS, name=name, recognise=layout.recognise) as table:
        if table.token is None:
            raise FileRefused(rules.NO_TOKEN)
        lanes.needs(table.expected_rows)
        token, version = tokens.split(table.token)
        if version > int(rules.VERSION):
            raise FileRefused(rules.NEWER, version=version)
        rows = list(table.rows)
        return token, File(rows, table.recognised(), table.formulas, reading=_account(table, rows))


def _account(table: UploadedTable, rows: Iterable[UploadedRow]) -> dict[str, Any]:
    """What was read of the file and what was not, in the words of every door; and what its rows look like."""
    looks = account.Assumptions(also=frozenset(account.MARKS.values()))
    sheets = [sheet.name for sheet in table.sheets if not sheet.why]
    letters = {column.key: column.letter for column in table.columns}
    for row in rows:
        notices = [
            {"code": notice.code, "field": key, "column": letters.get(key), "values": dict(notice.values)}
            for key, notice in account.of_row(row, row.heading or table.heading)
        ]
        looks.add([{"number": row.number, "notices": notices}], sheets)
    return account.of(table, read_as=lambda column: column.key) | {"assumed": looks.told()}


def _compare(return_id: int, run: str, token: str, file: File) -> None:
    with looking():
        row = db.session.get_one(WorkbookReturn, return_id)
        book = queries.by_token(token, row.office_id)
        if book is None:
            raise FileRefused(rules.NOT_OURS, token=token)
        book_id = book.id
        actor = returns.acting(row.by_id)
        found = comparing.compare(book, file, actor=actor, on=clock.today())
        year = book.year
        staged = newcomers.sort(book, file, found.newcomers, actor=actor, on=clock.today())
    held = runs.held(WorkbookReturn, return_id, run, ReturnState.READING)
    if held is None:  # somebody gave it up meanwhile, or a later run compares it
        db.session.rollback()
        return
    row = held
    if row.message == UNAVAILABLE:
        row.message, row.message_values = "", {}
    returns.clear(return_id)
    db.session.add_all(ReturnedValue(return_id=return_id, **cell) for cell in found.cells)
    row.workbook_id, row.counts, row.reading = book_id, found.counts, file.reading
    newcomers.keep(row, staged, file, actor=actor, year=year, at=clock.now(), on=clock.today())
    asks = staged or any(not _is_idle(cell) for cell in found.cells)
    row.state = ReturnState.COMPARED if asks else ReturnState.EQUAL
    stored_name, settled = row.stored_name, row.state == ReturnState.EQUAL
    db.session.commit()
    if settled:
        batches.remove_file(stored_name)


def _is_idle(cell: dict[str, object]) -> bool:
    """A cell that asks nothing of anybody: both sides say the same."""
    return cell["kind"] == rules.CellKind.AGREED


def apply(return_id: int) -> None:
    """Write what was chosen; where that cannot be, say why and leave what was not written as it was."""
    row = db.session.get_one(WorkbookReturn, return_id)
    if row.state != ReturnState.APPLYING:
        return
    stored_name, run = row.stored_name, row.run
    application = Application(row, returns.acting(row.applied_by_id), at=clock.now(), on=clock.today())
    try:
        pace = turns.Pace(turns.LEAST)
        turns.take(application.turns(pace), db.session.commit, pace)
        if application.left:
            _go_back(row, RegistryError(rules.MOVED, count=application.left))
        db.session.commit()
    except Overtaken:
        db.session.rollback()
    except CellRefused as refusal:
        _ask_again(return_id, run, refusal)
    except Exception as error:
        if trouble_in(error):
            raise
        log.exception("applying workbook %s failed", return_id)
        send_back(return_id, RegistryError(rules.NOT_READ), run)
    else:
        _after(return_id, stored_name)


def _ask_again(return_id: int, run: str, refusal: CellRefused) -> None:
    db.session.rollback()
    if (row := runs.held(WorkbookReturn, return_id, run, ReturnState.APPLYING)) is not None:
        applying.note_refusal(row, refusal)
        returns.send_back(row, ReturnState.COMPARED, refusal)
    db.session.commit()


def _after(return_id: int, stored_name: str) -> None:
    state = db.session.get_one(WorkbookReturn, return_id).state
    db.session.rollback()
    if state == ReturnState.WAITING:
        queue.enqueue("compare_workbook", return_id)
    elif state == ReturnState.APPLIED:
        batches.remove_file(stored_name)
        _apply_newcomers(return_id)


def _apply_newcomers(return_id: int) -> None:
    """The rows of new firms were confirmed along with the cells; where they cannot be ordered they keep waiting.

    So do they where somebody chose otherwise in them since: what is doubtful in them now nobody has answered for.
    """
    row = db.session.get_one(WorkbookReturn, return_id)
    batch = newcomers.waiting(row, held=True)
    if batch is None or batch.run != row.run or not batch.new + batch.changed:
        db.session.rollback()
        return
    batch_id = batch.id
    try:
        batches.order(returns.acting(row.applied_by_id), batch, "apply", at=clock.now())
    except RegistryError:
        db.session.rollback()
        log.warning("the new rows of workbook %s wait: batch %s was not confirmed", return_id, batch_id)
        return
    db.session.commit()
    queue.enqueue("apply_batch", batch_id)


def _go_back(row: WorkbookReturn, error: RegistryError) -> None:
    """What was not written is asked about again; where a part is written, all of the file is compared anew."""
    if not (written := queries.count_by_outcome(row)):
        returns.send_back(row, ReturnState.COMPARED, error)
        return
    cells = RegistryError(rules.PARTLY, written=written.get("applied", 0), count=queries.count_unwritten(row))
    returns.send_back(row, ReturnState.WAITING, cells)


def unfinished() -> list[tuple[str, tuple[int, ...]]]:
    """(job, return) of everything that was begun or ordered and not finished."""
    found: list[tuple[str, tuple[int, ...]]] = [
        (JOB_OF[ReturnState(state)], (number,)) for state, number in queries.unfinished()
    ]
    db.session.rollback()  # the jobs that follow want the lock
    return found


def refuse(return_id: int, error: RegistryError, run: str | None = None) -> None:
    """The file (as `run` read it, else whatever run) is not taken, with the reason; nothing of its content is kept.

    Where only the database was away the file is kept, and waits.
    """
    db.session.rollback()
    row = db.session.get_one(WorkbookReturn, return_id)
    held = runs.held(WorkbookReturn, return_id, row.run if run is None else run, *returns.TO_READ)
    if held is None:
        db.session.rollback()
    elif isinstance(error, Unavailable):
        returns.send_back(held, ReturnState.WAITING, error)
        db.session.commit()
    else:
        stored_name = held.stored_name
        returns.refuse(returns.acting(held.by_id), held, error, at=clock.now())
        db.session.commit()
        batches.remove_file(stored_name)


def send_back(return_id: int, error: RegistryError, run: str | None = None) -> None:
    """What could not be written waits with the reason, or is compared anew."""
    db.session.rollback()
    row = db.session.get_one(WorkbookReturn, return_id)
    stored_name = row.stored_name
    held = runs.held(WorkbookReturn, return_id, row.run if run is None else run, ReturnState.APPLYING)
    if held is not None:
        _go_back(held, error)
    db.session.commit()
    _after(return_id, stored_name)
