"""What was chosen of a returned workbook, in one transaction; a cell that moved meanwhile is asked about again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, select

from registry.domain import industries
from registry.domain import workbooks as words
from registry.domain.contacts import RESTRICTED, masked
from registry.domain.errors import FieldError, RegistryError
from registry.domain.permissions import Actor, can
from registry.domain.vocabulary import FigureKind, FigureSource, Stage
from registry.domain.workbooks import CellKind, Choice, ReturnState
from registry.extensions import db
from registry.models import Firm, ReturnedValue, WorkbookReturn
from registry.models.base import Fixed
from registry.queries import proposals as nominations
from registry.queries import workbooks
from registry.services import figures, proposals, standing, trail
from registry.services import firms as upkeep
from registry.services.workbooks import cells
from registry.services.workbooks.comparing import Present, needs_reason
from registry.sheets import workbooks as books

_COLUMNS = Firm.__table__.columns
WRITTEN = (CellKind.CLEAN, CellKind.CONFLICT)


class CellRefused(RegistryError):
    """A service would not take a cell of `firm_id`; `error` says why."""

    template = words.CELL_REFUSED

    def __init__(self, firm: Firm, error: RegistryError) -> None:
        super().__init__(None, firm=firm.name)
        self.firm_id, self.error = firm.id, error


def apply(row: WorkbookReturn, actor: Actor, *, at: datetime, on: date) -> int:
    """Write the clean cells and what was chosen; the number of cells that moved since they were compared.

    Where it is not 0 nothing was written, and those cells wait for a choice. Raises CellRefused; the caller rolls back.
    """
    db.session.refresh(row, with_for_update={"of": WorkbookReturn})
    found = list(db.session.scalars(workbooks.values_of(row, *WRITTEN, CellKind.MISSING)).unique())
    firms = _locked(row, {cell.firm_id for cell in found if cell.firm_id})
    if moved := _moved(row, found, firms, actor, on):
        return moved
    by_firm: defaultdict[int, list[ReturnedValue]] = defaultdict(list)
    for cell in found:
        if cell.firm_id is not None:
            by_firm[cell.firm_id].append(cell)
    for firm_id in sorted(by_firm):
        try:
            _write(firms[firm_id], by_firm[firm_id], row, actor, at=at, on=on)
        except RegistryError as error:
            raise CellRefused(firms[firm_id], error) from error
    row.state, row.applied_at = ReturnState.APPLIED, at
    row.message, row.message_values = "", {}
    counts = dict.fromkeys(("applied", "kept", "withdrawn"), 0)
    for cell in found:
        counts[cell.outcome] += 1
    row.counts = {**row.counts, **counts}
    trail.record(actor, "apply_workbook", row, at=at, after=counts, source=row.filename)
    db.session.flush()
    return 0


def note_refusal(row: WorkbookReturn, refusal: CellRefused) -> None:
    """After the rollback: the cell the service refused, or all of the firm where it named none, is not taken."""
    named = refusal.error.field if isinstance(refusal.error, FieldError) else ""
    found = list(db.session.scalars(workbooks.values_of(row, *WRITTEN).where(ReturnedValue.firm_id == refusal.firm_id)))
    guilty = [cell for cell in found if cell.field == named] or found
    for cell in guilty:
        _refuse(cell, refusal.error.template, refusal.error.values)
    _recount(row)


# -- what moved ---------------------------------------------------------------------------------------
def _locked(row: WorkbookReturn, ids: set[int]) -> dict[int, Firm]:
    """The firms, held still until the end; those that are no longer the office's are not among them."""
    db.session.execute(select(Firm.id).where(Firm.id.in_(ids)).order_by(Firm.id).with_for_update(of=Firm))
    return {firm.id: firm for firm in cells.firms_of(row.office_id, ids)}


def _moved(
    row: WorkbookReturn, found: Sequence[ReturnedValue], firms: Mapping[int, Firm], actor: Actor, on: date
) -> int:
    """Cells whose value, or whose openness, is not what it was when they were compared; they are noted as such."""
    if row.workbook is None:
        return 0
    present = Present(row.workbook, on)
    now = present.of(list(firms.values()))
    moved = 0
    for cell in found:
        firm = firms.get(cell.firm_id or 0)
        if firm is None:
            _refuse(cell, words.NOT_HELD, {})
        elif cell.kind == CellKind.MISSING:
            if cell.choice != Choice.WITHDRAW or can(actor, "proposal.withdraw", firm):
                continue
            cell.choice, cell.values = "", {**cell.values, "withdraw": False}
        elif now[firm.id][cell.field].value != cell.values["now"]:
            _ask_again(cell, now[firm.id][cell.field].value)
        elif cell.choice == Choice.NOW or cell.field in cells.open_to(actor, firm, present.keys):
            continue
        else:
            _refuse(cell, words.NOT_RETURNED, {"heading": books.column_of(cell.field).heading})
        moved += 1
    if moved:
        _recount(row)
    return moved


def _ask_again(cell: ReturnedValue, now: Any) -> None:
    cell.kind = CellKind.AGREED if now == cell.values["given"] else CellKind.CONFLICT
    cell.values = {**cell.values, "now": now}
    cell.reason, cell.choice = words.CHANGED_SINCE, ""


def _refuse(cell: ReturnedValue, template: str, values: Mapping[str, Any]) -> None:
    cell.kind, cell.choice = CellKind.REFUSED, ""
    cell.reason, cell.reason_values = template, {key: str(value) for key, value in values.items()}


def _recount(row: WorkbookReturn) -> None:
    db.session.flush()
    missing = db.session.scalars(workbooks.values_of(row, CellKind.MISSING)).unique()
    asked = sum(bool(cell.values.get("withdraw")) for cell in missing)
    row.counts = {**row.counts, **workbooks.count_by_kind(row), "asked": asked}


# -- writing ------------------------------------------------------------------------------------------
def _write(
    firm: Firm, found: Sequence[ReturnedValue], row: WorkbookReturn, actor: Actor, *, at: datetime, on: date
) -> None:
    taken = [cell for cell in found if cell.kind == CellKind.CLEAN or cell.choice == Choice.GIVEN]
    _write_fields(firm, taken, row, actor, at=at, on=on)
    _write_figures(firm, taken, actor, at=at, on=on)
    for cell in found:
        cell.outcome = "applied" if cell in taken else "kept"
        if cell.choice == Choice.WITHDRAW:
            _withdraw(firm, actor, row, at=at, on=on)
            cell.outcome = "withdrawn"
        _mask(cell)
    if any(books.figure_of(cell.field) for cell in taken):
        standing.refresh(firm, on=on, at=at)


def _write_fields(
    firm: Firm, taken: Sequence[ReturnedValue], row: WorkbookReturn, actor: Actor, *, at: datetime, on: date
) -> None:
    fields = [cell for cell in taken if not books.figure_of(cell.field)]
    values: dict[str, Any] = {}
    for cell in fields:
        values |= _stored(cell.field, cell.values["given"])
    if values:
        reason = next((cell.values.get("because") for cell in fields if cell.values.get("because")), "") or ""
        upkeep.edit(actor, firm, values, at=at, on=on, reason=reason, source=row.filename)


def _write_figures(firm: Firm, taken: Sequence[ReturnedValue], actor: Actor, *, at: datetime, on: date) -> None:
    by_kind: defaultdict[tuple[FigureKind, str], list[Any]] = defaultdict(list)
    for cell in taken:
        if books.figure_of(cell.field):
            kind, period = cells.figure(cell.field)
            reason = cell.values.get("because") if needs_reason(firm, True, cell.values["now"]) else ""
            by_kind[kind, reason or ""].append((period, cells.amount_of(cell.values["given"])))
    for (kind, reason), amounts in by_kind.items():
        figures.append_all(
            actor, firm, amounts, kind=kind, source=FigureSource.WORKBOOK, document=None, at=at, on=on, reason=reason
        )


def _withdraw(firm: Firm, actor: Actor, row: WorkbookReturn, *, at: datetime, on: date) -> None:
    proposal = nominations.open_of(firm)
    if proposal is not None and firm.stage == Stage.RETURNED:
        proposals.withdraw(actor, proposal, at=at, on=on, note=row.filename)


def _stored(key: str, value: Any) -> dict[str, Any]:
    """A canonical value in the types of the table, with what is said along with it."""
    if key == "capital":
        amount, currency = value or (None, "CNY")
        return {"capital": None if amount is None else Decimal(amount), "capital_currency": currency}
    found = {key: _typed(key, value)}
    if key == "industry":
        found["industry_year"] = industries.CURRENT
    if key == "credit_code" and value:
        found["no_code_reason"] = ""
    return found


def _typed(key: str, value: Any) -> Any:
    column = _COLUMNS[key]
    if value is None:
        return None if column.nullable else ""
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(column.type, Fixed) else value


def _mask(cell: ReturnedValue) -> None:
    """A contact is kept in the history as everywhere: masked."""
    if cell.field in RESTRICTED:
        sides = ("issued", "now", "given")
        cell.values = cell.values | {side: masked(cell.field, str(cell.values[side] or "")) for side in sides}
