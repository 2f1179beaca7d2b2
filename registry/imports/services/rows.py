"""One row of an uploaded table as the directory would store it: plain values, dated figures, faults and notices."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from registry.base import credit_code
from registry.base.characters import shown
from registry.base.credit_code import holds_identity_number
from registry.base.faults import Fault, Notice, unread
from registry.base.firm_fields import FIELDS
from registry.base.periods import Period
from registry.base.vocabulary import NO_CODE_REASON, FigureKind
from registry.figures.queries import beside
from registry.figures.rules.doubts import DoubtLimits
from registry.figures.rules.usual import Usual
from registry.imports.services.places import Places
from registry.imports.services.plain import packed
from registry.imports.services.tolerance import BEYOND, UNBEARABLE
from registry.matching.keys import Keys, keys
from registry.matching.normalise import LONGEST_NAME, NameTooLong, former_names, remarks, without_additions
from registry.people.models import Office
from registry.reference.queries import reference
from registry.reference.rules import industries
from registry.reference.rules.divisions import Territory
from registry.reference.rules.industries import Classification
from registry.sheets import cells, states, words
from registry.sheets.account import MARKS, carried_as
from registry.sheets.byhand import is_identity
from registry.sheets.cells import MonthGiven, Parsed
from registry.sheets.columns import Column, ColumnKind, by_key
from registry.sheets.headings import Heading, RecognisedColumn
from registry.sheets.months import column_of
from registry.sheets.parsed import Lost, folded
from registry.sheets.reader import UploadedRow
from registry.sheets.units import unit_words
from registry.sheets.values import visible

log = logging.getLogger(__name__)

UNITS = "#units"
"""Among the cells of a row as typed: the units of its own table, where they are not those of the file's first."""
DATED = ("revenue_to_date", "revenue_same_period", "vat_sales")
"""Figures that say nothing without the month they run to."""


class Dated(NamedTuple):
    """A cumulative amount in yuan with what it is of."""

    kind: FigureKind
    period: Period
    amount: Decimal


_CODE_IN_NAME = re.compile(words.CODE_IN_NAME)
_NO_KEYS = Keys("", "", "", "", "")
_KEYS = frozenset(("name", "credit_code", "to_month"))
_EXACT_KINDS = frozenset((ColumnKind.MONEY, ColumnKind.INTEGER))


@dataclass(slots=True)
class Reading:
    """What one row says. `fields` holds only what is given, an empty cell is not; a row with `faults` goes back.

    `assumed` holds what is filled in for a firm that is new. `undated`: figures whose month the row does not say.
    `carried`: cells kept as they were typed, by heading. `letters`: the columns of its own table, by key; `months`: to
    which a heading itself says that its figures run; `group`: the words of the group of rows it stands in.
    """

    number: int
    raw: dict[str, Any]
    name: str = ""
    keys: Keys = _NO_KEYS
    fields: dict[str, Any] = field(default_factory=dict)
    assumed: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Dated] = field(default_factory=dict)
    undated: dict[str, Decimal] = field(default_factory=dict)
    former: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)
    notices: list[tuple[str | None, Notice]] = field(default_factory=list)
    letters: Mapping[str, str] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    group: str = ""
    assumptions: list[tuple[str | None, Notice]] = field(default_factory=list)
    carried: dict[str, Any] = field(default_factory=dict)

    @property
    def credit_code(self) -> str | None:
        code: str | None = self.fields.get("credit_code")
        return code

    def copy(self) -> Reading:
        """The row once more, without what was found in the directory; its own notices and figures to be added to."""
        return replace(
            self, faults=[], notices=list(self.notices), figures=dict(self.figures), undated=dict(self.undated),
            assumptions=list(self.assumptions),
        )  # fmt: skip

    def fault(self, code: str, key: str | None = None, /, **values: object) -> None:
        self.faults.append(Fault(code, key, _with_heading(key, values), self.number))

    def notice(self, code: str, key: str | None = None, /, **values: object) -> None:
        self.notices.append((key, Notice(code, _with_heading(key, values))))

    def assume(self, code: str, key: str | None = None, /, **values: object) -> None:
        """A notice that matters only if the firm is new."""
        self.assumptions.append((key, Notice(code, _with_heading(key, values))))


@dataclass(frozen=True)
class Ground:
    """What rows are judged by; plain objects, so that it outlives transactions. `home`: the office's division.

    `limits`, `usual`: what a figure is held against, the latter by division of industry.
    """

    territory: Territory
    classification: Classification
    names: Mapping[str, str]
    home: str | None
    year: int
    on: date
    limits: DoubtLimits
    usual: Mapping[str, Usual]

    @classmethod
    def of(cls, office: Office, *, year: int, on: date) -> Ground:
        names = reference.division_names()
        limits, usual = beside.limits(on), beside.usual_ranges()
        return cls(reference.territory(), reference.classification(), names, office.division, year, on, limits, usual)


@dataclass(frozen=True)
class _Table:
    """The columns under one heading: `cells` are (key, column, place) of what is read; `state`: index of 登记状态."""

    cells: tuple[tuple[str, Column, RecognisedColumn], ...]
    further: tuple[RecognisedColumn, ...]
    carried: Mapping[int, str]
    letters: Mapping[str, str]
    by_index: Mapping[int, str]
    months: Mapping[str, int]
    version: int | None
    state: int | None
    state_heading: str

    @classmethod
    def of(cls, heading: Heading) -> _Table:
        taken = {c.key: c for c in heading.columns if c.key is not None and not by_key(c.key).derived}
        state = taken.get("operating_state")
        return cls(
            tuple((key, by_key(key), column) for key, column in taken.items()),
            tuple(c for c in heading.columns if c.key not in taken),
            carried_as(heading),
            {key: column.letter for key, column in taken.items()},
            {column.index: key for key, column in taken.items()},
            {key: column.month for key, column in taken.items() if column.month},
            taken["industry"].version if "industry" in taken else None,
            state.index if state else None,
            state.heading if state else "",
        )

    def raw(self, row: UploadedRow) -> dict[str, Any]:
        """Every cell as typed: by the key of its column, or by the heading of one that is not read.

        Of the latter, identity numbers are not kept: neither a column of them, nor one in any other cell.
        """
        found = {key: packed(row.cells[column.index]) for key, _, column in self.cells}
        return found | {
            f"@{c.letter} {shown(c.heading, 100)}": packed(row.cells[c.index])
            for c in self.further
            if row.cells[c.index] is not None
            and not (is_identity(c.heading) or holds_identity_number(str(row.cells[c.index])))
        }

    def units_beside(self, first: _Table) -> dict[str, str]:
        """The units, in words, of amounts whose heading says another than the file's first."""
        if self is first:
            return {}
        others = {key: (place.scale, place.currency) for key, _, place in first.cells}
        return {
            key: unit_words(place.scale, place.currency)
            for key, column, place in self.cells
            if column.kind is ColumnKind.MONEY
            and place.scale is not None
            and others.get(key, (None, "")) != (place.scale, place.currency)
        }

    def carry(self, row: UploadedRow, reading: Reading) -> None:
        """Keep the cells of the columns that are carried along as they were typed, but for identity numbers."""
        for index, heading in self.carried.items():
            cell = row.cells[index]
            if cell is None or isinstance(cell, Lost):
                continue
            if holds_identity_number(str(cell)):
                reading.notice("carried_identity", None, heading=heading)
            else:
                reading.carried[heading] = packed(visible(cell) if isinstance(cell, str) else cell)


class RowReader:
    """Reads rows of one file; `heading`: its first."""

    def __init__(self, heading: Heading, ground: Ground) -> None:
        self.ground = ground
        self.table = _Table.of(heading)
        self._tables = {id(heading): (heading, self.table)}
        self._places = Places(ground.territory, ground.names, ground.home)
        self._industries = _codes_by_name(ground.classification)

    def read(self, row: UploadedRow) -> Reading:
        """Never raises: what is wrong with the row is among its faults, be it that nobody foresaw it."""
        table = self._table_of(row)
        raw = table.raw(row) | ({UNITS: units} if (units := table.units_beside(self.table)) else {})
        reading = Reading(row.number, raw, letters=table.letters, months=table.months, group=row.group)
        try:
            return self._read(row, table, reading)
        except BEYOND:
            log.exception("row %s could not be read", row.number)
            return Reading(
                row.number, reading.raw, self._shown_name(reading), faults=[Fault(UNBEARABLE, row=row.number)]
            )

    def _table_of(self, row: UploadedRow) -> _Table:
        """What the heading that the row stands under was understood to have; a file may have several."""
        if row.heading is None:
            return self.table
        known = self._tables.get(id(row.heading))
        if known is None:
            known = self._tables[id(row.heading)] = (row.heading, _Table.of(row.heading))
        return known[1]

    def _read(self, row: UploadedRow, table: _Table, reading: Reading) -> Reading:
        if row.fault is not None:  # the cells of this record stand under the wrong headings
            reading.faults.append(row.fault)
            reading.name = self._shown_name(reading)
            return reading
        given = self._parse(row, table, reading)
        self._say_marks(row, table, reading)
        table.carry(row, reading)
        self._name(given, reading)
        self._fields(given, reading)
        self._industry(given, table, reading)
        self._state(row, table, reading)
        self._places.settle(given, reading)
        self._days(reading)
        self._figures(given, reading)
        return reading

    def _parse(self, row: UploadedRow, table: _Table, reading: Reading) -> dict[str, Parsed]:
        given: dict[str, Parsed] = {}
        for key, column, place in table.cells:
            cell = row.cells[place.index]
            parsed = cells.parse(column, cell, scale=place.scale, currency=place.currency)
            if parsed.fault is not None:
                self._say_fault(column, parsed.fault, place, reading)
            if parsed.notices:
                reading.notices += [(key, notice) for notice in parsed.notices]
            if parsed.value is not None and parsed.value != ():
                given[key] = parsed
                if place.doubt:
                    reading.notice(place.doubt, key, unit=unit_words(place.scale, place.currency))
        return given

    def _say_fault(self, column: Column, fault: Fault, place: RecognisedColumn, reading: Reading) -> None:
        """A figure, a key or a masked contact costs the row; any other cell costs only itself, and that is said."""
        if column.key in _KEYS or column.kind in _EXACT_KINDS or fault.code == "masked":
            reading.faults.append(fault.at(reading.number, place.letter))
        else:
            reading.notices.append((column.key, unread(fault)))

    def _say_marks(self, row: UploadedRow, table: _Table, reading: Reading) -> None:
        for mark in row.marks:
            reading.notice(MARKS[mark])
        for index, start in row.filled.items():
            reading.notice("filled_down", table.by_index.get(index), row=start)
        for index, above in row.dittos.items():
            reading.notice("same_as_above", table.by_index.get(index), row=above)
        for index in row.shared:
            reading.notice("amount_shared", table.by_index.get(index))

    def _state(self, row: UploadedRow, table: _Table, reading: Reading) -> None:
        """A firm that the file says is gone is no lead without a question."""
        cell = row.cells[table.state] if table.state is not None else None
        text = str(cell).strip() if isinstance(cell, str) else ""
        if states.is_gone(text):
            reading.notice("state_gone", "operating_state", text=shown(text, 40), heading=table.state_heading)

    def _bare_name(self, given: dict[str, Parsed], reading: Reading) -> None:
        """A number, a mark, a remark in brackets is no part of the name; what it says is asked about."""
        typed = given["name"].value if "name" in given else None
        if not isinstance(typed, str) or len(typed) > LONGEST_NAME:
            return
        code, name = self._code_of_name(typed, given)
        if (name := without_additions(name)) == typed:
            return
        given["name"] = replace(given["name"], value=name)
        former, said = former_names(typed), remarks(typed)
        reading.notice(
            "name_remarks" if former or said or code else "name_marks", "name", text=shown(typed, 60), name=name
        )
        if former and "former_names" not in given:
            given["former_names"] = Parsed(former)
        for text in filter(states.is_gone, said):
            reading.notice("state_gone", "operating_state", text=text, heading=by_key("name").heading)

    def _code_of_name(self, name: str, given: dict[str, Parsed]) -> tuple[str, str]:
        """A credit code in the cell of the name, and the name without it; it is the row's own where that has none."""
        found = _CODE_IN_NAME.search(name)
        if found is None or not (checked := credit_code.check(found[1])).valid:
            return "", name
        if "credit_code" not in given:
            given["credit_code"] = Parsed(checked.code)
        return checked.code, (name[: found.start()] + name[found.end() :]).strip()

    def _name(self, given: dict[str, Parsed], reading: Reading) -> None:
        self._bare_name(given, reading)
        name = given["name"].value if "name" in given else None
        reading.name = name if isinstance(name, str) else self._shown_name(reading)
        if isinstance(name, str):
            try:
                reading.keys = keys(name)
            except NameTooLong as refusal:
                reading.fault("too_long", "name", **refusal.values)
                return
            if not reading.keys.name_key:
                reading.fault("no_words", "name", text=name)

    def _shown_name(self, reading: Reading) -> str:
        raw = reading.raw.get("name")
        return shown(str(raw), 100) if isinstance(raw, str | int | float) else ""

    def _fields(self, given: Mapping[str, Parsed], reading: Reading) -> None:
        """Values that are stored as they are read."""
        settled = {"division", "town", "industry", "industry_year"}
        for key, parsed in given.items():
            if key in FIELDS and key not in settled:
                reading.fields[key] = parsed.value
        if "qualifications" in reading.fields:
            reading.fields["qualifications"] = words.NAME_JOINER.join(reading.fields["qualifications"])
        if "capital" in given:
            reading.fields["capital_currency"] = given["capital"].currency
        if "former_names" in given:
            former = given["former_names"].value
            reading.former = tuple(str(name)[:100] for name in former) if isinstance(former, tuple) else ()
        if "name" in reading.fields and "credit_code" not in reading.fields:
            reading.assumed["no_code_reason"] = reading.fields.get("issue") or NO_CODE_REASON

    def _industry(self, given: Mapping[str, Parsed], table: _Table, reading: Reading) -> None:
        """Stored as a 2017 code; of digits that meant something else in 2011 it is said that they are read as 2017."""
        code = str(given["industry"].value) if "industry" in given else self._named_industry(reading)
        if not code:
            return
        year = given["industry_year"].value if "industry_year" in given else table.version
        resolved = self.ground.classification.resolve(code, year if isinstance(year, int) else None)
        if resolved.note is industries.Note.ASK_YEAR:
            known = self.ground.classification
            now, before = known.name_of(code), known.name_of(code, industries.FORMER)
            reading.notice("industry_both_years", "industry", code=code, now=now, before=before)
            resolved = self.ground.classification.resolve(code, industries.CURRENT)
        if resolved.code_2017 is None:
            fault = Fault(f"industry_{resolved.note.value}", "industry", _with_heading("industry", resolved.values))
            reading.notices.append(("industry", unread(fault)))
            return
        reading.fields |= {"industry": resolved.code_2017, "industry_year": industries.CURRENT}
        if resolved.note is not industries.Note.PLAIN:
            reading.notice(f"industry_{resolved.note.value}", "industry", **resolved.values)

    def _named_industry(self, reading: Reading) -> str:
        """The code of an industry that is written by its official name alone; said, so that it can be looked at."""
        text = reading.raw.get("industry")
        code = self._industries.get(folded(text), "") if isinstance(text, str) else ""
        if code:
            reading.notices = [one for one in reading.notices if one[1].code != "no_industry_code"]
            reading.notice("industry_named", "industry", text=shown(str(text).strip(), 40), code=code)
        return code

    def _days(self, reading: Reading) -> None:
        for key in ("founded_on", "opened_on"):
            day = reading.fields.get(key)
            if day is not None and day > self.ground.on:
                reading.fault("future_date", key, date=day.isoformat())

    def _figures(self, given: Mapping[str, Parsed], reading: Reading) -> None:
        amounts = {key: parsed.value for key, parsed in given.items() if key in (*DATED, "revenue_last_year")}
        year = self.ground.year
        last = amounts.pop("revenue_last_year", None)
        if isinstance(last, Decimal):
            reading.figures["revenue_last_year"] = Dated(FigureKind.REVENUE, Period(year - 1, 0), last)
        if not amounts:
            return
        for key in [key for key in amounts if key in reading.months]:
            self._of_heading(key, amounts.pop(key), reading)
        if not amounts:
            return
        month = given["to_month"].value if "to_month" in given else None
        if not isinstance(month, MonthGiven):
            reading.undated = {key: value for key, value in amounts.items() if isinstance(value, Decimal)}
        elif month.year not in (None, year):
            reading.fault("month_year", "to_month", given=month.year, year=year)
        elif Period(year, month.month).end > self.ground.on:
            reading.fault("future_figure", "to_month", period=Period(year, month.month).label)
        else:
            reading.figures |= dated(amounts, Period(year, month.month))

    def _of_heading(self, key: str, amount: object, reading: Reading) -> None:
        """A figure whose heading says to which month it runs."""
        period = Period(self.ground.year, reading.months[key])
        shape = dated({key: amount}, period)
        if any(one.period.end > self.ground.on for one in shape.values()):
            reading.fault("future_figure", key, period=period.label)
        else:
            reading.figures |= shape


def _codes_by_name(classification: Classification) -> dict[str, str]:
    """Official names of 2017 -> code; where a class bears the name of its group, the class."""
    rows = sorted(classification.all(), key=lambda row: len(row.code) if row.code.isdigit() else 0)
    return {folded(row.name): row.code for row in rows if row.year == industries.CURRENT}


def dated(amounts: Mapping[str, object], period: Period) -> dict[str, Dated]:
    """Figures of the row, each with the period it is of, where this year's run to `period`."""
    shapes = {
        "revenue_to_date": (FigureKind.REVENUE, period),
        "revenue_same_period": (FigureKind.REVENUE, period.year_before),
        "vat_sales": (FigureKind.VAT_SALES, period),
    }
    return {key: Dated(*shapes[key], amount) for key, amount in amounts.items() if isinstance(amount, Decimal)}


def _with_heading(key: str | None, values: Mapping[str, object]) -> dict[str, object]:
    return {"heading": column_of(key).heading, **values} if key else dict(values)
