"""What was chosen of a returned workbook is written in turns; a cell that moved meanwhile is asked about again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, select

from registry.base.contacts import RESTRICTED, masked
from registry.base.errors import FieldError, RegistryError
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.permissions import Actor, can
from registry.base.tables import Fixed
from registry.base.turns import Pace
from registry.base.vocabulary import FigureKind, FigureSource, Stage
from registry.entries.services import entries
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.pathway.services import standing
from registry.proposals.queries import nominations
from registry.proposals.services import proposals
from registry.reference.rules import industries
from registry.trail.services import trail
from registry.workbooks import queries, rules
from registry.workbooks.models import ReturnedValue, WorkbookReturn
from registry.workbooks.rules import WRITTEN, CellChoice, CellKind, ReturnState
from registry.workbooks.services import firm_cells
from registry.workbooks.services.comparing import Present, needs_reason
from registry.workbooks.sheets import layout

_COLUMNS = Firm.__table__.columns


class Overtaken(Exception):
    """The return is under another order by now, or another process has carried this one out."""


class CellRefused(RegistryError):
    """A service would not take a cell of `firm_id`; `error` says why."""

    template = rules.CELL_REFUSED

    def __init__(self, firm: Firm, error: RegistryError) -> None:
        super().__init__(None, firm=firm.name)
        self.firm_id, self.error = firm.id, error


class Application:
    """One order to write; whoever takes its `turns` commits after each.

    What fits into one turn is written whole or not at all: where a cell moved since it was compared nothing is written
    (`left` says how many), where a service refuses one CellRefused is raised and the caller rolls back. Of a larger
    workbook each firm is written whole; one that moved or is refused in a later turn is left as it is, and counted.
    """

    def __init__(self, row: WorkbookReturn, actor: Actor, *, at: datetime, on: date) -> None:
        self.row, self.actor, self.at, self.on = row, actor, at, on
        self.left, self.run, self.is_begun = 0, row.run, False

    def turns(self, pace: Pace) -> Iterator[int]:
        """Write, and yield the number of firms of each turn but the last; the return is applied unless `left`.

        Raises `Overtaken` where the return is under this order no more.
        """
        self._hold()
        self.is_begun = queries.is_partly_written(self.row)  # by a worker that died
        found = self._cells()
        firms = sorted({cell.firm_id for cell in found if cell.firm_id})
        if not self.is_begun and (moved := _moved(self.row, found, self._locked(firms), self.actor, self.on)):
            self.left = moved
            return
        while firms:
            now, firms = firms[: pace.size], firms[pace.size :]
            self._turn(now)
            if firms:
                yield len(now)
                self.is_begun = True
                self._hold()
        self._finish()

    def _turn(self, ids: Sequence[int]) -> None:
        """Once more without the firm that was refused, for a refusal takes back the whole turn."""
        refused: set[int] = set()
        while True:
            try:
                return self._write([firm_id for firm_id in ids if firm_id not in refused])
            except CellRefused as refusal:
                if not self.is_begun:
                    raise
                db.session.rollback()
                refused.add(refusal.firm_id)
                self._hold()

    def _hold(self) -> None:
        db.session.refresh(self.row, with_for_update={"of": WorkbookReturn})
        if self.row.state != ReturnState.APPLYING or self.row.run != self.run:
            raise Overtaken

    def _cells(self, ids: Sequence[int] | None = None) -> list[ReturnedValue]:
        """What is still to be written."""
        left = queries.values_of(self.row, *WRITTEN, CellKind.MISSING).where(ReturnedValue.outcome == "")
        return list(db.session.scalars(left if ids is None else left.where(ReturnedValue.firm_id.in_(ids))).unique())

    def _locked(self, ids: Sequence[int]) -> dict[int, Firm]:
        """The firms, held still until the turn's end; those that are no longer the office's are not among them."""
        db.session.execute(select(Firm.id).where(Firm.id.in_(ids)).order_by(Firm.id).with_for_update(of=Firm))
        return {firm.id: firm for firm in firm_cells.firms_of(self.row.office_id, set(ids))}

    def _write(self, ids: Sequence[int]) -> None:
        by_firm: defaultdict[int, list[ReturnedValue]] = defaultdict(list)
        for cell in self._cells(ids):
            by_firm[cell.firm_id or 0].append(cell)
        firms = self._locked(ids)
        for firm_id in sorted(by_firm):
            found, own = by_firm[firm_id], {firm_id: firms[firm_id]} if firm_id in firms else {}
            if self.is_begun and _moved(self.row, found, own, self.actor, self.on):
                continue
            try:
                _write(firms[firm_id], found, self.row, self.actor, at=self.at, on=self.on)
            except RegistryError as error:
                raise CellRefused(firms[firm_id], error) from error

    def _finish(self) -> None:
        self.left = queries.count_unwritten(self.row)
        counts = {"applied": 0, "kept": 0, "withdrawn": 0, **queries.count_by_outcome(self.row)}
        told = counts | ({"left": self.left} if self.left else {})
        if not self.left:
            self.row.state, self.row.applied_at = ReturnState.APPLIED, self.at
            self.row.message, self.row.message_values = "", {}
        self.row.counts = {**self.row.counts, **counts}
        trail.record(self.actor, "apply_workbook", self.row, at=self.at, after=told, source=self.row.filename)
        db.session.flush()


def note_refusal(row: WorkbookReturn, refusal: CellRefused) -> None:
    """After the rollback: the cell the service refused, or all of the firm where it named none, is not taken."""
    named = refusal.error.field if isinstance(refusal.error, FieldError) else ""
    found = list(db.session.scalars(queries.values_of(row, *WRITTEN).where(ReturnedValue.firm_id == refusal.firm_id)))
    guilty = [cell for cell in found if cell.field == named] or found
    for cell in guilty:
        _refuse(cell, refusal.error.template, refusal.error.values)
    _recount(row)


# -- what moved ---------------------------------------------------------------------------------------
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
            _refuse(cell, rules.NOT_HELD, {})
        elif cell.kind == CellKind.MISSING:
            if cell.choice != CellChoice.WITHDRAW or can(actor, "proposal.withdraw", firm):
                continue
            cell.choice, cell.values = "", {**cell.values, "withdraw": False}
        elif now[firm.id][cell.field].value != cell.values["now"]:
            _ask_again(cell, now[firm.id][cell.field].value)
        elif cell.choice == CellChoice.NOW or cell.field in firm_cells.open_to(actor, firm, present.keys):
            continue
        else:
            _refuse(cell, rules.NOT_RETURNED, {"heading": layout.column_of(cell.field).heading})
        moved += 1
    if moved:
        _recount(row)
    return moved


def _ask_again(cell: ReturnedValue, now: Any) -> None:
    cell.kind = CellKind.AGREED if now == cell.values["given"] else CellKind.CONFLICT
    cell.values = {**cell.values, "now": now}
    cell.reason, cell.choice = rules.CHANGED_SINCE, ""


def _refuse(cell: ReturnedValue, template: str, values: Mapping[str, Any]) -> None:
    cell.kind, cell.choice = CellKind.REFUSED, ""
    cell.reason, cell.reason_values = template, {key: str(value) for key, value in values.items()}


def _recount(row: WorkbookReturn) -> None:
    db.session.flush()
    missing = db.session.scalars(queries.values_of(row, CellKind.MISSING)).unique()
    asked = sum(bool(cell.values.get("withdraw")) for cell in missing)
    row.counts = {**row.counts, **queries.count_by_kind(row), "asked": asked}


# -- writing ------------------------------------------------------------------------------------------
def _write(
    firm: Firm, found: Sequence[ReturnedValue], row: WorkbookReturn, actor: Actor, *, at: datetime, on: date
) -> None:
    taken = [cell for cell in found if cell.kind == CellKind.CLEAN or cell.choice == CellChoice.GIVEN]
    _write_fields(firm, taken, row, actor, at=at, on=on)
    _write_figures(firm, taken, actor, at=at, on=on)
    for cell in found:
        cell.outcome = "applied" if cell in taken else "kept"
        if cell.choice == CellChoice.WITHDRAW:
            _withdraw(firm, actor, row, at=at, on=on)
            cell.outcome = "withdrawn"
        _mask(cell)
    if any(layout.figure_of(cell.field) for cell in taken):
        standing.refresh(firm, on=on, at=at)


def _write_fields(
    firm: Firm, taken: Sequence[ReturnedValue], row: WorkbookReturn, actor: Actor, *, at: datetime, on: date
) -> None:
    fields = [cell for cell in taken if not layout.figure_of(cell.field)]
    values: dict[str, Any] = {}
    for cell in fields:
        values |= _stored(cell.field, cell.values["given"])
    if values:
        reason = next((cell.values.get("because") for cell in fields if cell.values.get("because")), "") or ""
        entries.edit(actor, firm, values, at=at, on=on, reason=reason, source=row.filename)


def _write_figures(firm: Firm, taken: Sequence[ReturnedValue], actor: Actor, *, at: datetime, on: date) -> None:
    by_kind: defaultdict[tuple[FigureKind, str, str], list[Any]] = defaultdict(list)
    odd: dict[tuple[Period, FigureKind], list[Any]] = {}
    for cell in taken:
        if layout.figure_of(cell.field):
            kind, period = firm_cells.figure(cell.field)
            because = str(cell.values.get("because") or "")
            reason = because if needs_reason(firm, True, cell.values["now"]) else ""
            by_kind[kind, reason, because].append((period, firm_cells.amount_of(cell.values["given"])))
            odd[period, kind] = [doubt["noted"] for doubt in cell.warnings if "noted" in doubt]
    for (kind, reason, because), amounts in by_kind.items():
        recording.append_all(
            actor, firm, amounts, kind=kind, source=FigureSource.WORKBOOK, document=None, at=at, on=on, reason=reason,
            doubts={period: odd[period, kind] for period, _amount in amounts}, assurance=because,
        )  # fmt: skip


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
