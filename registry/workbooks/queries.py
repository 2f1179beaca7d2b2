"""Workbooks handed out and what came back, in an actor's reach; and the cells of one return."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select, true

from registry.base.belongings import Belonging
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.pending import Pending, Task, first_of
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.workbooks.models import IssuedRow, IssuedWorkbook, ReturnedValue, WorkbookReturn
from registry.workbooks.rules import RUNNING, WRITTEN, CellKind, ReturnState


def visible_to(actor: Actor) -> Select[WorkbookReturn]:
    """What came back to the actor's office (to every office for the city office and auditors), the newest first."""
    return select(WorkbookReturn).where(_within(actor, WorkbookReturn)).order_by(WorkbookReturn.id.desc())


def issued_to(actor: Actor) -> Select[IssuedWorkbook]:
    """Workbooks of the same reach, the newest first."""
    return select(IssuedWorkbook).where(_within(actor, IssuedWorkbook)).order_by(IssuedWorkbook.id.desc())


def _within(actor: Actor, model: Any) -> ColumnElement[bool]:
    """`base.permissions` says the same of one row (`workbook.read`)."""
    if actor.holds(Role.AUDITOR, Role.CITY_OFFICE):
        return true()
    if actor.holds(Role.CLERK):
        own: ColumnElement[bool] = model.office_id == actor.office_id
        return own
    return false()


def one(actor: Actor, return_id: int) -> Select[WorkbookReturn]:
    return visible_to(actor).where(WorkbookReturn.id == return_id)


def issued(actor: Actor, workbook_id: int) -> Select[IssuedWorkbook]:
    return issued_to(actor).where(IssuedWorkbook.id == workbook_id)


def by_token(token: str, office_id: int) -> IssuedWorkbook | None:
    """The workbook of this number, if it was issued to this office; of others nothing is told."""
    statement = select(IssuedWorkbook).where(IssuedWorkbook.token == token, IssuedWorkbook.office_id == office_id)
    return db.session.scalars(statement).unique().one_or_none()


def rows_of(workbook: IssuedWorkbook) -> list[IssuedRow]:
    rows = select(IssuedRow).where(IssuedRow.workbook_id == workbook.id).order_by(IssuedRow.number)
    return list(db.session.scalars(rows))


def newer_than(workbook: IssuedWorkbook) -> int:
    """How many workbooks the office got after this one."""
    newer = select(func.count()).where(
        IssuedWorkbook.office_id == workbook.office_id, IssuedWorkbook.id > workbook.id
    )  # fmt: skip
    return db.session.scalar(newer) or 0


def values_of(row: WorkbookReturn, *kinds: CellKind) -> Select[ReturnedValue]:
    """The cells of a return in the order of the file, rows that are gone from it last."""
    cells = select(ReturnedValue).where(ReturnedValue.return_id == row.id)
    if kinds:
        cells = cells.where(ReturnedValue.kind.in_(kinds))
    return cells.order_by(ReturnedValue.number.is_(None), ReturnedValue.number, ReturnedValue.id)


def count_by_kind(row: WorkbookReturn) -> dict[str, int]:
    kinds = (
        select(ReturnedValue.kind, func.count()).where(ReturnedValue.return_id == row.id).group_by(ReturnedValue.kind)
    )
    found = {str(kind): int(number) for kind, number in db.session.execute(kinds)}
    return {kind.value: found.get(kind, 0) for kind in CellKind}


def count_by_outcome(row: WorkbookReturn) -> dict[str, int]:
    """What became of the cells that were written, or left as they are because somebody chose so."""
    done = ReturnedValue.return_id == row.id, ReturnedValue.outcome != ""
    counts = select(ReturnedValue.outcome, func.count()).where(*done).group_by(ReturnedValue.outcome)
    return {str(outcome): int(number) for outcome, number in db.session.execute(counts)}


def firms_of(row: WorkbookReturn) -> Select[Any]:
    """The numbers of the firms of which something was written."""
    rows = select(ReturnedValue.firm_id).where(ReturnedValue.return_id == row.id, ReturnedValue.outcome == "applied")
    return rows.where(ReturnedValue.firm_id.is_not(None))


def count_unwritten(row: WorkbookReturn) -> int:
    left = ReturnedValue.return_id == row.id, ReturnedValue.outcome == "", ReturnedValue.kind.in_(WRITTEN)
    return db.session.scalar(select(func.count()).where(*left)) or 0


def is_partly_written(row: WorkbookReturn) -> bool:
    return bool(count_by_outcome(row))


def unfinished() -> list[tuple[str, int]]:
    """(state, return) of what a stopped worker left behind, the oldest first."""
    rows = select(WorkbookReturn.state, WorkbookReturn.id).where(WorkbookReturn.state.in_(RUNNING))
    return [(ReturnState(state), number) for state, number in db.session.execute(rows.order_by(WorkbookReturn.id))]


_UNSETTLED = (ReturnState.WAITING, ReturnState.READING, ReturnState.COMPARED)
BELONGINGS = (
    Belonging(
        "workbooks",
        N_("待写入的离线填报回件"),
        WorkbookReturn.by_id,
        lambda _user: WorkbookReturn.state.in_(_UNSETTLED),
        roles=frozenset({Role.CLERK, Role.CITY_OFFICE}),
        for_deputy=True,
    ),
)


# -- what waits -----------------------------------------------------------------------------------
def to_write(actor: Actor) -> Select[WorkbookReturn] | None:
    """Office workbooks that came back and were compared, which nobody has written in or given up yet."""
    if not actor.holds(Role.CLERK, Role.CITY_OFFICE):
        return None
    return (
        select(WorkbookReturn)
        .where(WorkbookReturn.state == ReturnState.COMPARED, WorkbookReturn.by_id.in_(actor.people))
        .order_by(WorkbookReturn.at, WorkbookReturn.id)
    )


def _to_write(actor: Actor, limit: int) -> list[Task]:
    return [
        Task(
            "workbook", row.filename, row.id, row.office.short_name, row.at, label=N_("离线填报待写入"),
            endpoint="workbooks.show", values={"return_id": row.id},
        )
        for row in first_of(to_write(actor), limit)
    ]  # fmt: skip


WAITING = (Pending("workbook", N_("离线填报待写入"), "workbooks.listing", to_write, tasks=_to_write),)
