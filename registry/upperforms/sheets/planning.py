"""What would be written into which cell of a form, and of everything that would not, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from registry.base import contacts, credit_code
from registry.base.periods import Period
from registry.matching.normalise import name_key
from registry.sheets.columns import ColumnKind, by_key, has_key
from registry.sheets.meanings import plain
from registry.sheets.shape import letter
from registry.sheets.values import FIRST_DATE, cell_value, exact_number, visible
from registry.upperforms.sheets import fields
from registry.upperforms.sheets.rows import FormRows, NamedRow
from registry.upperforms.sheets.understanding import FormColumn, UnderstoodForm, is_money

FigureKey = tuple[str, Period]
"""Kind and period of a figure on record."""
_PERCENT = "%"
_OF_LINE = ("revenue_last_year", "revenue_to_date")
"""Amounts that a line says itself."""


class RecordedFigure(NamedTuple):
    """Yuan that a paper proves, and whether somebody is in doubt about it."""

    amount: Decimal
    doubted: bool = False


@dataclass(frozen=True)
class FormLine:
    """One firm as a form is filled from it. `values`: by the keys of `fields`, yuan, days, words; `figures`: those a
    paper proves, by kind and period; `withheld`: key -> code of `texts.CELLS` why what is on record is not handed on;
    `doubted`: keys of amounts that are in doubt. `to_month`: how far this year's figure runs.
    """

    firm_id: int
    name: str
    credit_code: str | None
    values: Mapping[str, Any]
    former_names: tuple[str, ...] = ()
    figures: Mapping[FigureKey, RecordedFigure] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)
    doubted: tuple[str, ...] = ()
    to_month: Period | None = None


@dataclass(frozen=True)
class FillBasis:
    """`period`: to which this year's figures have to run, None for the ledger as it is. `contacts`: whether persons to
    be called are asked for. `year`: what the form calls this year.
    """

    year: int
    period: Period | None = None
    contacts: bool = False


@dataclass(frozen=True)
class WrittenCell:
    row: int
    index: int
    kind: str
    value: Any
    key: str


@dataclass(frozen=True)
class LeftEmpty:
    """A place that is not filled: a column (`row` None), a row (`index` None) or a cell; `why`: a code of `texts`."""

    row: int | None
    index: int | None
    why: str
    values: Mapping[str, Any] = field(default_factory=dict)
    firm: str = ""
    heading: str = ""

    @property
    def place(self) -> str:
        return f"{letter(self.index) if self.index is not None else ''}{self.row or ''}"


@dataclass
class FillPlan:
    """`doubted`: cells that are filled with a figure in doubt."""

    form: UnderstoodForm
    rows: FormRows
    basis: FillBasis
    cells: list[WrittenCell] = field(default_factory=list)
    left: list[LeftEmpty] = field(default_factory=list)
    doubted: list[LeftEmpty] = field(default_factory=list)
    firms: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {"firms": self.firms, "cells": len(self.cells), "left": len(self.left), "named": len(self.rows.named)}

    @property
    def room(self) -> tuple[int, int] | None:
        """Before which row how many rows have to be put in."""
        lacking = 0 if self.rows.named or self.rows.room is None else self.firms - self.rows.room
        return (self.rows.closing, lacking) if lacking > 0 and self.rows.closing is not None else None

    @property
    def new(self) -> tuple[int, int] | None:
        """First and last of the rows that are written anew."""
        first = self.rows.first
        return None if self.rows.named or not self.firms else (first, first + self.firms - 1)

    def from_record(self, column: FormColumn) -> bool:
        """Whether its figures are no part of the closed quarter, but what is on record and proven now."""
        if self.basis.period is None or column.key not in ("figure", *fields.FIGURES):
            return False
        own = {"revenue_last_year": Period(self.basis.year - 1, 0), "revenue_to_date": self.basis.period}
        return column.key not in own or column.period not in (None, own[column.key])

    def by_column(self) -> dict[int, tuple[int, Counter[str]]]:
        """Index -> cells filled in it, and how many are not for which reason."""
        filled = Counter(cell.index for cell in self.cells)
        left: dict[int, Counter[str]] = {}
        for one in self.left:
            if one.index is not None and one.row is not None:
                left.setdefault(one.index, Counter())[one.why] += 1
        return {column.index: (filled[column.index], left.get(column.index, Counter())) for column in self.form.columns}


def plan(form: UnderstoodForm, rows: FormRows, lines: Sequence[FormLine], basis: FillBasis) -> FillPlan:
    """Rows that the form names are filled where they are certain; without such rows each firm gets one of its own."""
    found = FillPlan(form, rows, basis)
    found.left += [LeftEmpty(one.number, None, "row_beyond", firm=one.name or one.code) for one in rows.beyond]
    found.left += [
        LeftEmpty(None, column.index, why, heading=column.heading)
        for column in form.columns
        if (why := _why_column(column, basis))
    ]
    placed = _matched(found, lines) if rows.named else list(enumerate(lines, start=rows.first))
    found.firms = len(placed)
    for serial, (row, line) in enumerate(placed, start=1):
        _fill_row(found, row, line, serial, basis)
    return found


# -- which firm a row is ----------------------------------------------------------------------------
def _matched(found: FillPlan, lines: Sequence[FormLine]) -> list[tuple[int, FormLine]]:
    coded = {line.credit_code: line for line in lines if line.credit_code}
    named: dict[str, list[FormLine]] = {}
    for line in lines:
        for key in {name_key(name) for name in (line.name, *line.former_names)}:
            named.setdefault(key, []).append(line)
    taken: dict[int, int] = {}
    placed = []
    for row in found.rows.named:
        firm, why, values = _firm_of(row, coded, named)
        if firm is not None and (earlier := taken.get(firm.firm_id)) is not None:
            firm, why, values = None, "row_twice", {"row": earlier}
        if firm is None:
            found.left.append(LeftEmpty(row.number, None, why, values, firm=row.name or row.code))
            continue
        taken[firm.firm_id] = row.number
        placed.append((row.number, firm))
    return placed


def _firm_of(
    row: NamedRow, coded: Mapping[str, FormLine], named: Mapping[str, list[FormLine]]
) -> tuple[FormLine | None, str, dict[str, Any]]:
    """By its code; without one by its name, where that can be no other. A row that contradicts itself is nobody's."""
    alike = named.get(name_key(row.name), []) if row.name else []
    if row.code:
        line = coded.get(credit_code.normalise(row.code))
        if line is None:
            return (None, "row_code", {"name": alike[0].name}) if alike else (None, "row_unknown", {})
        if row.name and line not in alike:
            return None, "row_name", {"name": line.name}
        return line, "", {}
    if len(alike) > 1:
        return None, "row_several", {}
    return (alike[0], "", {}) if alike else (None, "row_unknown", {})


# -- one row ----------------------------------------------------------------------------------------
def _fill_row(found: FillPlan, row: int, line: FormLine, serial: int, basis: FillBasis) -> None:
    sheet, fresh = found.form.sheet, not found.rows.named and row >= (found.rows.closing or row + 1)
    for column in found.form.columns:
        if column.key is None or _why_column(column, basis):
            continue
        kind, value, why, values = _cell(column, line, serial, found.form, basis)
        held = None if fresh else sheet.rows.get(row, {}).get(column.index)
        if held is not None:
            why = "" if _same(held, value) else "occupied"
        elif not why and not fresh:
            why, values = _barred(found.form, row, column.index, kind, value) or ("", {})
        if why:
            found.left.append(LeftEmpty(row, column.index, why, values, line.name, column.heading))
        elif held is None:
            found.cells.append(WrittenCell(row, column.index, kind, value, column.key))
            if _is_doubted(column, line, found.form, basis):
                found.doubted.append(LeftEmpty(row, column.index, "doubted", {}, line.name, column.heading))


def _same(held: Any, value: Any) -> bool:
    if isinstance(held, bool) or value is None:
        return False
    if isinstance(held, int | float) and isinstance(value, int | float):
        return held == value
    return str(held).strip() == str(value)


def _barred(form: UnderstoodForm, row: int, index: int, kind: str, value: Any) -> tuple[str, dict[str, Any]] | None:
    """Why the form itself does not take the value at this place."""
    if form.sheet.covered(row, index):
        return "merged", {}
    offered = form.sheet.offered(row, index) if kind == "text" else None
    if offered is not None and str(value) not in offered:
        return "not_offered", {"text": str(value)[:40]}
    return None


# -- one cell ---------------------------------------------------------------------------------------
_Found = tuple[str, Any, str, dict[str, Any]]
"""Kind and value of a cell, or why there is none and what fills that sentence."""


def _why_column(column: FormColumn, basis: FillBasis) -> str:
    """Why nothing is written into a column at all."""
    if column.key is None:
        return column.why or "unknown"
    if column.key in contacts.RESTRICTED and not basis.contacts:
        return "contacts"
    return "foreign" if is_money(column.key) and column.currency != "CNY" else ""


def _none(why: str = "empty", **values: Any) -> _Found:
    return "", None, why, values


def _cell(column: FormColumn, line: FormLine, serial: int, form: UnderstoodForm, basis: FillBasis) -> _Found:
    key = column.key or ""
    if key == "serial":
        return "number", serial, "", {}
    if key in line.withheld:
        return _none(line.withheld[key])
    if key in ("figure", *fields.FIGURES):
        amount, why, values = _figure(column, line, form, basis)
        return _amount(column, amount) if amount is not None else _none(why, **values)
    value = line.values.get(key)
    if value in (None, "", (), []):
        return _none()
    if is_money(key):
        return _amount(column, value) if isinstance(value, Decimal) else _none("foreign", text=str(value)[:40])
    return _plain(column, key, value)


def _amount(column: FormColumn, yuan: Decimal) -> _Found:
    return "number", exact_number(yuan / (column.scale or Decimal(1))), "", {}


def _plain(column: FormColumn, key: str, value: Any) -> _Found:
    if fields.kind_of(key) is ColumnKind.RATIO:
        return "number", exact_number(value * 100 if _PERCENT in plain(column.heading) else value), "", {}
    if isinstance(value, date):
        early = value < FIRST_DATE
        return "text" if early else "day", value.isoformat(), "", {}
    if isinstance(value, int):
        return "number", value, "", {}
    told = cell_value(by_key(key), value) if has_key(key) else visible(str(value))
    return "text", str(told), "", {}


def _figure(
    column: FormColumn, line: FormLine, form: UnderstoodForm, basis: FillBasis
) -> tuple[Decimal | None, str, dict[str, Any]]:
    """The amount of the very period that is asked for; another one is none."""
    wanted = _period(column, line, form, basis)
    if wanted is None:
        return None, "empty", {}
    if basis.period is not None and wanted > basis.period:
        return None, "later", {"period": basis.period.label}
    if column.key == "revenue_last_year" and wanted == Period(basis.year - 1, 0):
        held = line.values.get("revenue_last_year")
    elif column.key == "revenue_to_date" and wanted == line.to_month:
        held = line.values.get("revenue_to_date")
    else:
        recorded = _on_record(line, column.kind, wanted)
        held = recorded.amount if recorded is not None else None
    runs = line.to_month
    if held is None and column.key == "revenue_to_date" and runs is not None and runs != wanted:
        return None, "other_month", {"month": runs.label}
    return held, "empty", {}


def _on_record(line: FormLine, kind: str, period: Period) -> RecordedFigure | None:
    """A full year is the same as one cumulative to December."""
    same = [period, Period(period.year, 12 if period.is_annual else 0)] if period.is_full_year else [period]
    return next((line.figures[kind, one] for one in same if (kind, one) in line.figures), None)


def _is_doubted(column: FormColumn, line: FormLine, form: UnderstoodForm, basis: FillBasis) -> bool:
    if column.key in line.doubted:
        return True
    wanted = _period(column, line, form, basis) if column.kind and column.key not in _OF_LINE else None
    held = _on_record(line, column.kind, wanted) if wanted is not None else None
    return held is not None and held.doubted


def _period(column: FormColumn, line: FormLine, form: UnderstoodForm, basis: FillBasis) -> Period | None:
    """What the heading names; else as far as the quarter runs, or the figure where its month stands beside it."""
    if column.period is not None:
        return column.period
    if column.key == "revenue_last_year":
        return Period(basis.year - 1, 0)
    runs = line.to_month if basis.period is None or form.column("to_month") else basis.period
    if runs is None:
        return None
    return runs.year_before if column.key == "revenue_same_period" else runs


def orders(found: FillPlan, notes: Mapping[str, Any]) -> dict[str, Any]:
    """As `writing.fill` takes them."""
    return {
        "sheet": found.form.sheet.name,
        "cells": [[cell.row, cell.index + 1, cell.kind, cell.value] for cell in found.cells],
        "like": found.rows.first,
        "new": found.new,
        "room": found.room,
        "notes": notes,
    }


def places(found: FillPlan) -> Iterator[LeftEmpty]:
    """Everything that was left, columns first, then rows that the form names, then cells as they stand."""
    order = {True: 0, False: 1}
    yield from sorted(found.left, key=lambda one: (order[one.row is None], order[one.index is None], one.row or 0))
