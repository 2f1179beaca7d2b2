"""What stands in the cells of a firm, which of them are open to its office, and how a cell is read back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from registry.base.extensions import db
from registry.base.firm_fields import FOLLOWERS
from registry.base.periods import Period
from registry.base.permissions import Actor, can
from registry.base.vocabulary import LISTED_STAGES, FigureKind, Stage
from registry.figures.models import Figure
from registry.firms.models.firms import Firm
from registry.imports.services.plain import plain
from registry.imports.services.returning import form_row
from registry.imports.services.rows import Ground, Reading, RowReader
from registry.imports.services.stored import FigureKey
from registry.pathway.queries import facts
from registry.proposals.models import Proposal, ReturnedCell
from registry.sheets import cells
from registry.sheets.columns import ColumnKind
from registry.sheets.headings import Heading, RecognisedColumn
from registry.sheets.parsed import Cell
from registry.sheets.reader import UploadedRow
from registry.sheets.values import YUAN_PER_UNIT, CellValue, cell_value
from registry.workbooks.rules import NOT_UNDERSTOOD
from registry.workbooks.sheets import layout

FILLABLE = (Stage.RETURNED, Stage.LEAD, *LISTED_STAGES)
"""Stages at which an office may change anything of its firm by a workbook."""
ALONG = frozenset({"industry_year"})
"""Read with another cell, and never a change by itself."""
Figures = Mapping[FigureKey, Figure]
_OF_NOTHING = frozenset({"blank_word", "invisible_removed", "space_changed"})


def firms_of(office_id: int, ids: Collection[int] | None = None) -> list[Firm]:
    """The firms that `office` may fill in, those sent back first; or those of `ids` that still are its own."""
    rows = select(Firm).where(Firm.office_id == office_id, Firm.voided_at.is_(None), Firm.merged_into_id.is_(None))
    rows = rows.where(Firm.stage.in_(FILLABLE)) if ids is None else rows.where(Firm.id.in_(ids))
    rows = rows.options(selectinload(Firm.open_proposal).selectinload(Proposal.returned_cells))
    return list(db.session.scalars(rows.order_by(Firm.stage != Stage.RETURNED, Firm.id)).unique())


def values_of(firm: Firm, keys: Sequence[str], figures: Figures, year: int) -> dict[str, CellValue]:
    """The cells of `keys` as the file shows them: words, 万元, days. Contacts in full, where they are asked for."""
    known = form_row(firm, year)
    return {key: _value(firm, key, known, figures) for key in keys}


def _value(firm: Firm, key: str, known: Mapping[str, Any], figures: Figures) -> CellValue:
    named = layout.figure_of(key)
    if named is None:
        return cell_value(layout.column_of(key), known[key] if key in known else getattr(firm, key))
    kind, period = named
    held = figures.get(FigureKey(firm.id, kind, period))
    if held is None:
        return None
    return int(held.amount) if layout.column_of(key).kind is ColumnKind.INTEGER else held.amount / YUAN_PER_UNIT


def open_to(actor: Actor, firm: Firm, keys: Sequence[str]) -> set[str]:
    """Which of `keys` the actor may change now: the rules of the form, but for name and code, which stand locked."""
    figures = {key for key in keys if layout.figure_of(key)}
    fields = set(keys) - figures - set(layout.IDENTITY)
    if not firm.credit_code:
        fields.add("credit_code")
    if firm.stage == Stage.RETURNED:
        fields = set(keys) & mended(firm)
    found = fields if can(actor, "firm.edit", firm) else set()
    return found | figures if can(actor, "figure.record", firm) else found


def returned_cells(firm: Firm) -> list[ReturnedCell]:
    """What the reviewer wants mended in the present round."""
    proposal = firm.open_proposal if firm.stage == Stage.RETURNED else None
    return [cell for cell in proposal.returned_cells if cell.round == proposal.rounds] if proposal else []


def mended(firm: Firm) -> set[str]:
    """The fields open in a returned case: the marked ones, those still empty that submitting requires, and those that
    are said with them.
    """
    marked = {cell.field for cell in returned_cells(firm)} | facts.blank(firm)
    return marked | {follower for key in marked for follower in FOLLOWERS.get(key, ())}


# -- reading ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Read:
    """A cell in canonical form: `value` as JSON holds it (None: empty), or what is wrong with it."""

    value: Any
    template: str = ""
    values: Mapping[str, Any] | None = None

    @property
    def is_sound(self) -> bool:
        return not self.template


class Reader:
    """Reads rows whose columns stand in `columns`; the very rules by which imports are read."""

    def __init__(self, columns: Mapping[str, RecognisedColumn], ground: Ground) -> None:
        own = [replace(column, key=key) for key, column in columns.items() if not _is_ours(key)]
        self.columns = columns
        self._rows = RowReader(Heading(0, tuple(own)), ground)

    def read(self, number: int, row: Sequence[Cell]) -> dict[str, Read]:
        """Every cell by its key."""
        reading = self._rows.read(UploadedRow(number, tuple(row)))
        return {key: self._one(key, row[column.index], reading) for key, column in self.columns.items()}

    def _one(self, key: str, cell: Cell, reading: Reading) -> Read:
        if _is_ours(key):
            return self._figure(key, cell)
        fault = next((fault for fault in reading.faults if fault.field == key), None)
        if fault is not None:
            return Read(None, fault.template, fault.values)
        left = next((notice for of, notice in reading.notices if of == key and notice.is_unread), None)
        if left is not None:
            return Read(None, left.template, left.values)
        if key == "name":
            return Read(reading.name or None)
        value = reading.fields.get(key)
        if value is None and key not in ALONG and not _is_blank(key, cell):
            return _not_understood(key, cell, reading)
        if key == "capital" and value is not None:
            return Read([plain(value), reading.fields["capital_currency"]])
        return Read(plain(value))

    def _figure(self, key: str, cell: Cell) -> Read:
        parsed = cells.parse(layout.column_of(key), cell, scale=self.columns[key].scale or YUAN_PER_UNIT)
        if parsed.fault is not None:
            return Read(None, parsed.fault.template, parsed.fault.values)
        return Read(plain(parsed.value))


def in_order(keys: Sequence[str]) -> dict[str, RecognisedColumn]:
    """Columns as they stand in a file of ours that nobody touched."""
    return {
        key: RecognisedColumn(index, "", layout.column_of(key).heading, key, YUAN_PER_UNIT)
        for index, key in enumerate(keys)
    }


def _is_ours(key: str) -> bool:
    """A column that no import knows: a figure of a month, the key, the reason."""
    return key in (layout.KEY, layout.STATE, layout.REASON) or layout.figure_of(key) is not None


def _is_blank(key: str, cell: Cell) -> bool:
    """Nothing stands in the cell, or a word for nothing."""
    parsed = cells.parse(layout.column_of(key), cell, scale=YUAN_PER_UNIT)
    return parsed.value in (None, ()) and all(notice.code in _OF_NOTHING for notice in parsed.notices)


def _not_understood(key: str, cell: Cell, reading: Reading) -> Read:
    """What an import would pass over with a notice; here the cell was filled in on purpose."""
    notice = next(
        (notice for field, notice in reading.notices if field == key and notice.code not in _OF_NOTHING), None
    )
    if notice is not None:
        return Read(None, notice.template, notice.values)
    return Read(None, NOT_UNDERSTOOD, {"heading": layout.column_of(key).heading, "text": str(cell)[:40]})


def amount_of(value: Any) -> Decimal:
    """The amount of a figure as it is stored, from its canonical form."""
    return Decimal(str(value))


def figure(key: str) -> tuple[FigureKind, Period]:
    named = layout.figure_of(key)
    if named is None:
        raise KeyError(key)
    return named
