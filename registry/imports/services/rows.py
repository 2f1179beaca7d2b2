"""One row of an uploaded table as the directory would store it: plain values, dated figures, faults and notices."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from registry.base.characters import shown
from registry.base.faults import Fault, Notice
from registry.base.firm_fields import FIELDS
from registry.base.periods import Period
from registry.base.vocabulary import NO_CODE_REASON, FigureKind
from registry.figures.queries import beside
from registry.figures.rules.doubts import Limits
from registry.figures.rules.usual import Usual
from registry.imports.services.places import Places
from registry.imports.services.plain import packed
from registry.imports.services.tolerance import BEYOND, UNBEARABLE
from registry.matching.keys import Keys, keys
from registry.matching.normalise import NameTooLong
from registry.people.models import Office
from registry.reference.queries import reference
from registry.reference.rules import industries
from registry.reference.rules.divisions import Territory
from registry.reference.rules.industries import Classification
from registry.sheets import cells, words
from registry.sheets.cells import MonthGiven, Parsed
from registry.sheets.columns import by_key
from registry.sheets.headings import RecognisedColumn
from registry.sheets.reader import UploadedRow

log = logging.getLogger(__name__)

DATED = ("revenue_to_date", "revenue_same_period", "vat_sales")
"""Figures that say nothing without the month they run to."""


class Dated(NamedTuple):
    """A cumulative amount in yuan with what it is of."""

    kind: FigureKind
    period: Period
    amount: Decimal


_NO_KEYS = Keys("", "", "", "")


@dataclass(slots=True)
class Reading:
    """What one row says. `fields` holds only what is given, an empty cell is not; a row with `faults` goes back.

    `assumed` holds what is filled in for a firm that is new. `undated`: figures whose month the row does not say.
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
    assumptions: list[tuple[str | None, Notice]] = field(default_factory=list)

    @property
    def credit_code(self) -> str | None:
        code: str | None = self.fields.get("credit_code")
        return code

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
    limits: Limits
    usual: Mapping[str, Usual]

    @classmethod
    def of(cls, office: Office, *, year: int, on: date) -> Ground:
        names = reference.division_names()
        limits, usual = beside.limits(on), beside.usual_ranges()
        return cls(reference.territory(), reference.classification(), names, office.division, year, on, limits, usual)


class RowReader:
    """Reads rows of one file; `columns` are those its heading row was understood to have, by key."""

    def __init__(self, columns: Mapping[str, RecognisedColumn], ground: Ground) -> None:
        self.ground = ground
        self.columns = {key: column for key, column in columns.items() if not by_key(key).derived}
        self._cells = [(key, by_key(key), column.index, column.scale) for key, column in self.columns.items()]
        self._places = Places(ground.territory, ground.names, ground.home)

    def read(self, row: UploadedRow) -> Reading:
        """Never raises: what is wrong with the row is among its faults, be it that nobody foresaw it."""
        reading = Reading(row.number, {key: packed(row.cells[index]) for key, _, index, _ in self._cells})
        try:
            return self._read(row, reading)
        except BEYOND:
            log.exception("row %s could not be read", row.number)
            return Reading(
                row.number, reading.raw, self._shown_name(reading), faults=[Fault(UNBEARABLE, row=row.number)]
            )

    def _read(self, row: UploadedRow, reading: Reading) -> Reading:
        if row.fault is not None:  # the cells of this record stand under the wrong headings
            reading.faults.append(row.fault)
            reading.name = self._shown_name(reading)
            return reading
        given = self._parse(row, reading)
        self._name(given, reading)
        self._fields(given, reading)
        self._industry(given, reading)
        self._places.settle(given, reading)
        self._days(reading)
        self._figures(given, reading)
        return reading

    def _parse(self, row: UploadedRow, reading: Reading) -> dict[str, Parsed]:
        given: dict[str, Parsed] = {}
        for key, column, index, scale in self._cells:
            parsed = cells.parse(column, row.cells[index], scale=scale)
            if parsed.fault is not None:
                reading.faults.append(parsed.fault.at(row.number, self.columns[key].letter))
            if parsed.notices:
                reading.notices += [(key, notice) for notice in parsed.notices]
            if parsed.value is not None and parsed.value != ():
                given[key] = parsed
        return given

    def _name(self, given: Mapping[str, Parsed], reading: Reading) -> None:
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

    def _industry(self, given: Mapping[str, Parsed], reading: Reading) -> None:
        """Stored as a 2017 code; digits that meant something else in 2011 ask for the classification."""
        if "industry" not in given:
            return
        year = given["industry_year"].value if "industry_year" in given else None
        resolved = self.ground.classification.resolve(
            str(given["industry"].value), year if isinstance(year, int) else None
        )
        if resolved.code_2017 is None:
            reading.fault(f"industry_{resolved.note.value}", "industry", **resolved.values)
            return
        reading.fields |= {"industry": resolved.code_2017, "industry_year": industries.CURRENT}
        if resolved.note is not industries.Note.PLAIN:
            reading.notice(f"industry_{resolved.note.value}", "industry", **resolved.values)

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
        month = given["to_month"].value if "to_month" in given else None
        if not isinstance(month, MonthGiven):
            reading.undated = {key: value for key, value in amounts.items() if isinstance(value, Decimal)}
        elif month.year not in (None, year):
            reading.fault("month_year", "to_month", given=month.year, year=year)
        elif Period(year, month.month).end > self.ground.on:
            reading.fault("future_figure", "to_month", period=Period(year, month.month).label)
        else:
            reading.figures |= dated(amounts, Period(year, month.month))


def dated(amounts: Mapping[str, object], period: Period) -> dict[str, Dated]:
    """Figures of the row, each with the period it is of, where this year's run to `period`."""
    shapes = {
        "revenue_to_date": (FigureKind.REVENUE, period),
        "revenue_same_period": (FigureKind.REVENUE, period.year_before),
        "vat_sales": (FigureKind.VAT_SALES, period),
    }
    return {key: Dated(*shapes[key], amount) for key, amount in amounts.items() if isinstance(amount, Decimal)}


def _with_heading(key: str | None, values: Mapping[str, object]) -> dict[str, object]:
    return {"heading": by_key(key).heading, **values} if key else dict(values)
