"""What is wrong with rows in time: versions that overlap or leave days, ends without a successor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from registry.base.vocabulary import OfficeKind
from registry.reference.rules.calendar import is_weekday
from registry.rulesets.rules.cells import FileFault, FileRow, FileTable
from registry.rulesets.rules.places import DivisionPlace, kinds_of, may_follow

_DAY = timedelta(days=1)
LASTING = frozenset({OfficeKind.STATISTICS, OfficeKind.LEADERSHIP, OfficeKind.SYSTEM})
"""Kinds of offices that the pathway and the accounts cannot be without for a day."""


def edition_checks(table: FileTable) -> Iterator[FileFault]:
    """Of each row its versions follow each other without a day between them; one without a first day is the first."""
    for rows in _versions(table).values():
        for before, after in pairwise(rows):
            first, last = after.values["valid_from"], before.values.get("valid_to")
            if first is None or last is None:
                continue  # two without a first day are one key twice
            said = " ".join(str(after.values[name]) for name in table.file.key)
            if last >= first:
                yield table.fault(after.number, "valid_from", "overlap", key=said, last=last)
            elif last < first - _DAY:
                yield table.fault(after.number, "valid_from", "gap", key=said, last=last, first=first)


def _versions(table: FileTable) -> dict[tuple[Any, ...], list[FileRow]]:
    found: dict[tuple[Any, ...], list[FileRow]] = {}
    for row in table.rows:
        if all(name in row.values for name in (*table.file.key, "valid_from")):
            found.setdefault(tuple(row.values[name] for name in table.file.key), []).append(row)
    return {key: sorted(rows, key=lambda row: row.values["valid_from"] or date.min) for key, rows in found.items()}


# -- who follows ----------------------------------------------------------------------------------
def succession_checks(
    tables: Mapping[str, FileTable], held: Mapping[str, str], places: Mapping[str, DivisionPlace]
) -> Iterator[FileFault]:
    """Who follows what ends is there then, and nothing is led by what has ended. `held`: the kinds of offices."""
    kinds = kinds_of(tables["offices.csv"], held)
    yield from _places_follow(tables["divisions.csv"], places)
    for name in ("divisions.csv", "offices.csv"):
        table, ends = tables[name], _ends(tables[name])
        for row in table.rows:
            yield from _follows(table, row, ends, kinds if name == "offices.csv" else {})
    yield from _led(tables)


def _places_follow(table: FileTable, held: Mapping[str, DivisionPlace]) -> Iterator[FileFault]:
    """A place that ends is counted in another of its level, or a zone in a county."""
    levels = {code: place.level for code, place in held.items()}
    levels |= {row.values["code"]: row.values["level"] for row in table.rows if {"code", "level"} <= row.values.keys()}
    for row in table.rows:
        code, after = row.values.get("code") or "", row.values.get("successor")
        if row.values.get("valid_to") is not None and after is None and code in levels:
            yield table.fault(row.number, "successor", "place_unfollowed", text=code)
        elif after in levels and code in levels and not may_follow(levels[code], levels[after]):
            values = {"text": after, "level": levels[after], "wanted": levels[code]}
            yield table.fault(row.number, "successor", "successor_level", **values)


def _ends(table: FileTable) -> dict[str, tuple[date, str | None]]:
    """By code the last day of what ends, and its successor."""
    found = {}
    for key, rows in _versions(table).items():
        last = rows[-1].values.get("valid_to")
        if last is not None:
            found[key[0]] = (last, rows[-1].values.get("successor"))
    return found


def _follows(
    table: FileTable, row: FileRow, ends: Mapping[str, tuple[date, str | None]], kinds: Mapping[str, str]
) -> Iterator[FileFault]:
    code, after, last = row.values.get("code") or "", row.values.get("successor"), row.values.get("valid_to")
    if code in ends and ends[code][0] == last and kinds.get(code) in LASTING:
        yield table.fault(row.number, "valid_to", "office_lasting", text=code, kind=kinds[code])
    if after is None:
        return
    if "valid_to" in row.values and last is None:
        yield table.fault(row.number, "successor", "successor_early", text=after)
    elif after == code:
        yield table.fault(row.number, "successor", "successor_self", text=after)
    elif last is not None and after in ends and ends[after][0] <= last:
        yield table.fault(row.number, "successor", "successor_ended", text=after, last=ends[after][0])
    elif code in kinds and after in kinds and not fits(kinds[code], kinds[after]):
        values = {"text": after, "kind": kinds[after], "wanted": kinds[code]}
        yield table.fault(row.number, "successor", "successor_kind", **values)


def fits(kind: str, after: str) -> bool:
    """Whether an office of one kind can go on with the work of another: of its own kind, or a county with a zone's."""
    return kind == after or (kind == OfficeKind.ZONE and after == OfficeKind.COUNTY)


def _led(tables: Mapping[str, FileTable]) -> Iterator[FileFault]:
    """An industry, or a name, of an office that ended without a successor is nobody's."""
    gone = {code for code, (_last, after) in _ends(tables["offices.csv"]).items() if after is None}
    for name, headings in (("routing.csv", ("lead", "co_bureaus")), ("office_aliases.csv", ("office",))):
        for row in tables[name].rows:
            for heading in headings:
                for code in (row.values.get(heading) or "").split():
                    if code in gone and row.values.get("valid_to") is None:
                        yield tables[name].fault(row.number, heading, "office_gone", text=code)


# -- days without work ----------------------------------------------------------------------------
def holiday_checks(table: FileTable) -> Iterator[FileFault]:
    """A day that makes up for a holiday is one of a weekend; the notice is the one of that year."""
    for row in table.rows:
        day, source = row.values.get("day"), row.values.get("source")
        if day is None:
            continue
        if row.values.get("working") and is_weekday(day):
            yield table.fault(row.number, "working", "works_anyway", text=day)
        if source and str(day.year) not in source:
            yield table.fault(row.number, "day", "notice_year", text=day)
