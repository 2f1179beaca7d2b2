"""What is wrong with files of reference data as a whole: keys, parents, dates, the city, lines and settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from registry.rulesets.rules.cells import FileFault, FileRow, FileTable
from registry.rulesets.rules.editions import edition_checks, holiday_checks, succession_checks
from registry.rulesets.rules.files import (
    DIVISION,
    HOLDERS,
    INDUSTRY,
    OFFICE,
    PRESENT,
    REASON,
    SPANS,
    STREETS,
    WIDTHS,
)
from registry.rulesets.rules.filling import Filled, filling_checks
from registry.rulesets.rules.industries import industry_checks, present_sections, relation_checks
from registry.rulesets.rules.lines import line_checks
from registry.rulesets.rules.places import DivisionPlace, office_checks, place_checks, routing_checks, street_checks
from registry.rulesets.rules.settings import setting_checks
from registry.rulesets.rules.widths import width_checks
from registry.rulesets.texts.traces import OPEN


@dataclass(frozen=True, slots=True)
class Published:
    """What the database holds already: codes by set, the city (code, name), the newest lines in yuan and settings.

    `rules`: every line, also those without an amount; `zones`: the zone of a town; `kinds`: of the offices; `routed`:
    the industries of the routing, the empty one for every other.
    """

    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    city: tuple[str, str] | None = None
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()
    places: Mapping[str, DivisionPlace] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    routed: frozenset[str] = frozenset()


Tables = Mapping[str, FileTable]


def faults(tables: Tables, held: Published, on: date, today: date) -> Iterator[FileFault]:
    """Every fault of all files, those of reading first; a row with an unreadable cell is judged by its other cells.

    `on`: the day of the load, on which what fills an empty place has to hold; `today`: that of whoever checks, which
    is another in an invented city.
    """
    for table in tables.values():
        yield from table.faults
    yield from row_faults(tables, held)
    yield from proof_checks(tables, today)
    yield from relation_checks(tables["industry_map.csv"])
    if WIDTHS.name in tables:
        yield from width_checks(tables[WIDTHS.name])
    if STREETS.name in tables:
        yield from street_checks(tables[STREETS.name])
    yield from _city(tables["divisions.csv"], held)
    yield from line_checks(tables["thresholds.csv"], held.amounts, present_sections(tables[HOLDERS[INDUSTRY]]))
    yield from setting_checks(tables["parameters.csv"], held.settings, _codes(tables, held)[REASON])
    yield from filling_checks(tables, Filled(held.settings, held.kinds, held.routed, held.rules), on)


def row_faults(tables: Tables, held: Published) -> Iterator[FileFault]:
    """What is wrong with rows between each other: keys, dates, what they refer to, and whether that can be."""
    for table in tables.values():
        yield from _keys(table)
        yield from _distinct(table)
        yield from _many(table)
        yield from _spans(table)
    known = _codes(tables, held)
    for table in tables.values():
        yield from _parents(table, known)
    yield from place_checks(tables["divisions.csv"], tables["zone_towns.csv"], held.places, held.zones)
    yield from office_checks(tables["offices.csv"], tables["office_aliases.csv"], tables["divisions.csv"], held.places)
    yield from routing_checks(tables["routing.csv"], tables["offices.csv"], held.kinds)
    yield from industry_checks(tables[HOLDERS[INDUSTRY]])
    for table in tables.values():
        if table.file.dated:
            yield from edition_checks(table)
    yield from succession_checks(tables, held.kinds, held.places)
    yield from holiday_checks(tables["holidays.csv"])


def _keys(table: FileTable) -> Iterator[FileFault]:
    seen: dict[tuple[Any, ...], int] = {}
    names = (*table.file.key, "valid_from") if table.file.dated else table.file.key
    for row in table.rows:
        if any(name not in row.values for name in names):
            continue
        key = tuple(row.values[name] for name in names)
        if key in seen:
            said = " ".join(str(part) for part in key if part is not None)
            yield table.fault(row.number, table.file.key[0], "key_twice", other=seen[key], key=said)
        seen.setdefault(key, row.number)


def _distinct(table: FileTable) -> Iterator[FileFault]:
    """Other values by which people tell rows apart: names under one parent, reasons."""
    for names in table.file.distinct:
        seen: dict[tuple[Any, ...], list[FileRow]] = {}
        for row in table.rows:
            if any(name not in row.values for name in names):
                continue
            told = tuple(row.values[name] for name in names)
            other = next((one for one in seen.get(told, ()) if not _are_apart(table, one, row)), None)
            if other is not None:
                yield table.fault(row.number, names[-1], "not_distinct", text=told[-1], other=other.number)
            seen.setdefault(told, []).append(row)


def _are_apart(table: FileTable, one: FileRow, other: FileRow) -> bool:
    """Two versions of one row may say the same, and so may rows of which one ended before the other began."""
    if not table.file.dated:
        return False
    if all(one.values.get(name) == other.values.get(name) for name in table.file.key):
        return True
    first, second = sorted((one.values, other.values), key=lambda values: values.get("valid_from") or date.min)
    last, begins = first.get("valid_to"), second.get("valid_from")
    return last is not None and begins is not None and last < begins


def _many(table: FileTable) -> Iterator[FileFault]:
    """Several words in one cell, one of them twice; of lines the page says the same (`line_faults`)."""
    for heading in (name for name, cell in table.file.cells.items() if cell.many and name != "industry_prefixes"):
        for row in table.rows:
            told = (row.values.get(heading) or "").split()
            if twice := next((word for at, word in enumerate(told) if word in told[:at]), None):
                yield table.fault(row.number, heading, "many_twice", text=twice)


def proof_checks(tables: Tables, today: date) -> Iterator[FileFault]:
    """Looked up on a day that has been, and not called verified where the source itself says that it is open.

    A day ahead that other rows share is the mistake of the machine's clock, not of the row.
    """
    rows = (row for table in tables.values() for row in table.rows)
    days = Counter(row.proof["checked_on"] for row in rows if "checked_on" in row.proof)
    latest = max(days, default=today)
    for table in tables.values():
        for row in table.rows:
            day = row.proof.get("checked_on")
            if day is not None and day > today and day == latest and days[latest] == 1:
                yield table.fault(row.number, "checked_on", "checked_ahead", text=day, today=today)
            if row.values.get("verified") and OPEN in row.values.get("source", ""):
                yield table.fault(row.number, "verified", "open_verified")


def _spans(table: FileTable) -> Iterator[FileFault]:
    for row in table.rows:
        for first, last in SPANS.get(table.file.name, ()):
            begins, ends = row.values.get(first), row.values.get(last)
            if begins is not None and ends is not None and begins > ends:
                yield table.fault(row.number, last, "span", first=begins, last=ends)


# -- what rows refer to ---------------------------------------------------------------------------
def _codes(tables: Tables, held: Published) -> dict[str, frozenset[str]]:
    """The codes of every set: those in the files and those held."""
    found = {
        of: {str(row.values["code"]) for row in tables[HOLDERS[of]].rows if "code" in row.values}
        for of in (DIVISION, OFFICE, REASON)
    }
    for row in tables[HOLDERS[INDUSTRY]].rows:
        found.setdefault(f"{INDUSTRY} {row.values.get('year')}", set()).add(str(row.values.get("code")))
    names = found.keys() | held.codes.keys() | {PRESENT}
    return {of: frozenset(found.get(of, set())) | held.codes.get(of, frozenset()) for of in names}


def _parents(table: FileTable, known: Mapping[str, frozenset[str]]) -> Iterator[FileFault]:
    for heading, cell in table.file.cells.items():
        if not cell.parent:
            continue
        for row in table.rows:
            value = row.values.get(heading)
            if value is None:
                continue
            of = cell.parent.format(year=row.values.get("year"))
            for code in value.split() if cell.many else (value,):
                if code not in known.get(of, frozenset()):
                    where = HOLDERS[of.partition(" ")[0] if of.startswith(INDUSTRY) else of]
                    yield table.fault(row.number, heading, "parent", text=code, file=where)


def _city(table: FileTable, held: Published) -> Iterator[FileFault]:
    """One city, the one that is held, and every place of it."""
    cities = [row for row in table.rows if row.values.get("level") == "city"]
    if table.rows and len({city.values.get("code") for city in cities}) != 1:
        yield table.fault(cities[1].number if cities else 0, "level", "city_count", count=len(cities))
        return
    for city in cities:
        code, name = city.values.get("code"), city.values.get("name")
        if held.city is not None and code is not None and code != held.city[0]:
            values = {"text": code, "name": name, "code": held.city[0], "here": held.city[1]}
            yield table.fault(city.number, "code", "city_other", **values)
        yield from _outside(table, code, held.codes.get(DIVISION, frozenset()))


def _outside(table: FileTable, city: str | None, held: frozenset[str]) -> Iterator[FileFault]:
    above = {row.values.get("code"): row.values.get("parent") for row in table.rows}
    for row in table.rows:
        code, steps = row.values.get("code"), 0
        at = code
        while at in above and at != city and steps < len(above):
            at, steps = above[at], steps + 1
        if code is not None and at != city and at not in held - above.keys():
            yield table.fault(row.number, "parent", "city_outside", text=code)
