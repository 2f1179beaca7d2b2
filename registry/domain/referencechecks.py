"""What is wrong with files of reference data as a whole: keys, parents, dates, the city, lines and settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from registry.domain.reference import DIVISION, HOLDERS, INDUSTRY, OFFICE, PRESENT, REASON, SPANS
from registry.domain.referencecells import FileFault, Row, Table, unit_word
from registry.domain.referencelines import line_checks
from registry.domain.rulefaults import is_number, same_form, value_faults
from registry.domain.rulesets import NO_RULE

CODES_OF = ("exit.bar_reasons",)
"""Settings that hold codes of exit reasons; every other one is a number."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the database holds already: codes by set, the city (code, name), the newest lines in yuan and settings."""

    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    city: tuple[str, str] | None = None
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)


Tables = Mapping[str, Table]


def faults(tables: Tables, held: Held) -> Iterator[FileFault]:
    """Every fault of all files, those of reading first; a row with an unreadable cell is judged by its other cells."""
    for table in tables.values():
        yield from table.faults
    yield from row_faults(tables, held)
    yield from _city(tables["divisions.csv"], held)
    yield from line_checks(tables["thresholds.csv"], held.amounts)
    yield from _settings(tables["parameters.csv"], held.settings, _codes(tables, held)[REASON])


def row_faults(tables: Tables, held: Held) -> Iterator[FileFault]:
    """What is wrong with rows whatever they are about: keys, dates, and what they refer to."""
    for table in tables.values():
        yield from _keys(table)
        yield from _spans(table)
    known = _codes(tables, held)
    for table in tables.values():
        yield from _parents(table, known)


def _keys(table: Table) -> Iterator[FileFault]:
    seen: dict[tuple[Any, ...], int] = {}
    for row in table.rows:
        if any(name not in row.values for name in table.file.key):
            continue
        key = tuple(row.values[name] for name in table.file.key)
        if key in seen:
            said = " ".join(str(part) for part in key if part is not None)
            yield table.fault(row.number, table.file.key[0], "key_twice", other=seen[key], key=said)
        seen.setdefault(key, row.number)


def _spans(table: Table) -> Iterator[FileFault]:
    for row in table.rows:
        for first, last in SPANS.get(table.file.name, ()):
            begins, ends = row.values.get(first), row.values.get(last)
            if begins is not None and ends is not None and begins > ends:
                yield table.fault(row.number, last, "span", first=begins, last=ends)


# -- what rows refer to ---------------------------------------------------------------------------
def _codes(tables: Tables, held: Held) -> dict[str, frozenset[str]]:
    """The codes of every set: those in the files and those held."""
    found = {
        of: {str(row.values["code"]) for row in tables[HOLDERS[of]].rows if "code" in row.values}
        for of in (DIVISION, OFFICE, REASON)
    }
    for row in tables[HOLDERS[INDUSTRY]].rows:
        found.setdefault(f"{INDUSTRY} {row.values.get('year')}", set()).add(str(row.values.get("code")))
    names = found.keys() | held.codes.keys() | {PRESENT}
    return {of: frozenset(found.get(of, set())) | held.codes.get(of, frozenset()) for of in names}


def _parents(table: Table, known: Mapping[str, frozenset[str]]) -> Iterator[FileFault]:
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


def _city(table: Table, held: Held) -> Iterator[FileFault]:
    """One city, the one that is held, and every place of it."""
    cities = [row for row in table.rows if row.values.get("level") == "city"]
    if table.rows and len(cities) != 1:
        yield table.fault(cities[1].number if cities else 0, "level", "city_count", count=len(cities))
        return
    for city in cities:
        code, name = city.values.get("code"), city.values.get("name")
        if held.city is not None and code is not None and code != held.city[0]:
            values = {"text": code, "name": name, "code": held.city[0], "here": held.city[1]}
            yield table.fault(city.number, "code", "city_other", **values)
        yield from _outside(table, code, held.codes.get(DIVISION, frozenset()))


def _outside(table: Table, city: str | None, held: frozenset[str]) -> Iterator[FileFault]:
    above = {row.values.get("code"): row.values.get("parent") for row in table.rows}
    for row in table.rows:
        code, steps = row.values.get("code"), 0
        at = code
        while at in above and at != city and steps < len(above):
            at, steps = above[at], steps + 1
        if code is not None and at != city and at not in held - above.keys():
            yield table.fault(row.number, "parent", "city_outside", text=code)


# -- settings -------------------------------------------------------------------------------------
def _settings(table: Table, held: Mapping[str, str], reasons: frozenset[str]) -> Iterator[FileFault]:
    versions: dict[str, list[Row]] = {}
    for row in table.rows:
        yield from _setting(table, row, held, reasons)
        if isinstance(row.values.get("valid_from"), date) and row.values.get("key"):
            versions.setdefault(row.values["key"], []).append(row)
    newest = {}
    for key, rows in versions.items():
        rows.sort(key=lambda row: row.values["valid_from"])
        newest[key] = rows[-1]
        yield from _overlaps(table, rows)
    values = {key: row.values.get("value") or "" for key, row in newest.items()}
    for fault in value_faults({key: text for key, text in values.items() if is_number(text)}):
        at = newest[fault.field].number
        yield FileFault(table.file.name, fault.template, fault.values, at, table.letters.get("value", ""), "value")


def _setting(table: Table, row: Row, held: Mapping[str, str], reasons: frozenset[str]) -> Iterator[FileFault]:
    key, text = row.values.get("key") or "", row.values.get("value")
    if key.startswith(NO_RULE):
        yield table.fault(row.number, "key", "setting_reserved", text=NO_RULE[0])
    if text is None:
        return
    if key in CODES_OF:
        for code in text.split():
            if code not in reasons:
                yield table.fault(row.number, "value", "parent", text=code, file=HOLDERS[REASON])
    elif not is_number(text):
        yield table.fault(row.number, "value", "unit" if unit_word(text) else "number", text=text)
    elif key in held and not same_form(held[key], text):
        yield table.fault(row.number, "value", "form_held", text=text, here=held[key])


def _overlaps(table: Table, rows: list[Row]) -> Iterator[FileFault]:
    for before, after in pairwise(rows):
        last = before.values.get("valid_to")
        if last is not None and last > after.values["valid_from"] - timedelta(days=1):
            yield table.fault(after.number, "valid_from", "overlap", key=after.values["key"], last=last)
