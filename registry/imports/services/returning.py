"""Rows that go back, marked in the form they can be mended in; and the form filled with the firms an office has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.firm_fields import FIGURE_FIELDS
from registry.firms.models.firms import Firm
from registry.imports.models import ImportBatch, ImportRow
from registry.imports.services.findings import StagedRow, fault_of
from registry.imports.services.plain import unpacked
from registry.imports.services.rows import UNITS
from registry.imports.services.staging import RETURNED
from registry.people.models import Office
from registry.reference.queries import reference
from registry.reference.rules.divisions import DivisionLevel
from registry.reference.rules.industries import CURRENT, IndustryLevel
from registry.sheets import words
from registry.sheets.account import row_words, sheets_of, where
from registry.sheets.columns import Column, ColumnKind, template_columns
from registry.sheets.marked import MarkedRow, as_in_file, heading_of
from registry.sheets.template import ReferenceLists
from registry.sheets.units import unit_words

READ = ("read", "mapped")
"""What is said to be taken of a column whose cells are read, by its heading or by what a person gave."""
_CHUNK = 1_000
_YUAN_PER_WAN = Decimal(10_000)


def marked(row: StagedRow, sheets: list[str]) -> MarkedRow:
    """A staged row with its cells as they were typed and a sentence at each faulty one; `sheets`: those read."""
    place = where(row["number"], sheets)
    faults = tuple((found["field"], fault_of(found, place["row"]).sentence()) for found in row["faults"])
    units = row["raw"].get(UNITS, {})
    cells = {key: unpacked(cell) for key, cell in row["raw"].items() if key != UNITS}
    told = row_words(row["number"], sheets)
    return MarkedRow(row["number"], cells, faults, told, units if isinstance(units, dict) else {})


def columns_of(reading: Mapping[str, Any]) -> list[Column]:
    """The form's columns, those of amounts as the file had them: its unit, and the months its heading runs to."""
    said: dict[str, Mapping[str, Any]] = {}
    for column in reading.get("columns", ()):
        if column["taken"] in READ:
            said.setdefault(column["as"], column)
    return [_as_in_file(column, said.get(column.key), reading.get("year")) for column in template_columns()]


def _as_in_file(column: Column, said: Mapping[str, Any] | None, year: int | None) -> Column:
    if said is None or column.kind is not ColumnKind.MONEY:
        return column
    unit = unit_words(Decimal(said["unit"]), said["currency"]) if said.get("unit") else None
    return as_in_file(column, heading_of(column, said.get("month"), year), unit)


def further(columns: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Columns of a file that the form has not, by the key of their cells; the first of equal headings."""
    in_form = {column.key for column in template_columns()}
    found: dict[str, str] = {}
    for column in columns:
        taken = column["taken"] in READ
        if column.get("why") == "ignored" or (taken and column["as"] in in_form):
            continue
        key = column["as"] if taken else f"@{column['column']} {column['heading']}"
        heading = column.get("kept", column["heading"])
        if heading not in found.values():
            found[key] = heading
    return found


def returned_rows(batch: ImportBatch) -> Iterator[MarkedRow]:
    """Duplicates and faulty rows of a batch, in the order of the file."""
    last, sheets = 0, sheets_of(batch.reading)
    while True:
        rows = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.kind.in_(RETURNED))
        chunk = list(db.session.scalars(rows.where(ImportRow.number > last).order_by(ImportRow.number).limit(_CHUNK)))
        if not chunk:
            return
        last = chunk[-1].number
        for row in chunk:
            yield marked({"number": row.number, "raw": row.raw, "faults": row.faults}, sheets)


def reference_lists(office: Office) -> ReferenceLists:
    """The words of the form's drop-downs: an office of a county or zone is offered its own territory."""
    territory, names = reference.territory(), reference.division_names()
    places = [row.code for row in reference.counties_and_zones()]
    towns = [row for row in reference.towns() if not row.excluded_reason]
    home = territory.get(office.division or "")
    if home is not None and home.level != DivisionLevel.CITY:
        places = [home.code]
        towns = [row for row in towns if territory.covers(home.code, row.code) is not False]
    industries = (row for row in reference.classification().all() if row.in_scope and row.level == IndustryLevel.CLASS)
    return ReferenceLists(
        divisions=[names[code] for code in places],
        towns=[row.name for row in towns],
        industries=[f"{row.code} {row.name}" for row in industries],
    )


def form_row(firm: Firm, year: int) -> dict[str, Any]:
    """A firm by the keys of the form's columns, in the words the form is read back by; figures of `year` only."""
    territory, names = reference.territory(), reference.division_names()
    values = {column.key: getattr(firm, column.key) for column in template_columns() if not column.restricted}
    if firm.standing_year != year:
        values |= dict.fromkeys(FIGURE_FIELDS)
    town = territory.get(firm.town or "")
    values["division"] = names.get(firm.division or "")
    values["town"] = town.name if town else None
    values["industry_year"] = CURRENT if firm.industry else None
    if firm.industry:
        values["industry"] = f"{firm.industry} {reference.classification().name_of(firm.industry)}".strip()
    if firm.capital is not None and firm.capital_currency != "CNY":
        values["capital"] = f"{firm.capital / _YUAN_PER_WAN:f}{_WAN}{_CURRENCY[firm.capital_currency]}"
    return values


_CURRENCY = {code: word for word, code in reversed(list(words.CURRENCIES.items()))}
"""The first word of each currency in the lexicon, by its code."""
_WAN = next(word for word, scale in words.SCALES.items() if scale == _YUAN_PER_WAN)
