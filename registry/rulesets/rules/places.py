"""What is wrong with divisions, zones, offices and routing between each other: levels, codes, kinds, names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from registry.base.vocabulary import OfficeKind
from registry.reference.rules.divisions import DivisionLevel
from registry.rulesets.rules.cells import FileFault, FileRow, FileTable

_CITY, _COUNTY, _ZONE, _TOWN = DivisionLevel.CITY, DivisionLevel.COUNTY, DivisionLevel.ZONE, DivisionLevel.TOWN
ABOVE: Mapping[str, str] = MappingProxyType({_COUNTY: _CITY, _ZONE: _COUNTY, _TOWN: _COUNTY})
"""What a place lies in directly. Which towns a zone runs is told apart, in zone_towns.csv."""
_SHAPES: Mapping[str, str] = MappingProxyType(
    {_CITY: r"\d{4}00", _COUNTY: r"\d{6}", _ZONE: r"\d{6}-Z\d{1,2}", _TOWN: r"\d{9}(\d{3})?"}
)
_SHARED: Mapping[str, int] = MappingProxyType({_COUNTY: 4, _ZONE: 6, _TOWN: 6})
"""How many digits of its code a place has from what it lies in."""


@dataclass(frozen=True, slots=True)
class DivisionPlace:
    """A division as the others see it; `county` is the one that counts its firms."""

    level: str
    parent: str | None = None
    county: str | None = None


def may_follow(level: str, after: str) -> bool:
    """Whether a place of one level can take the place of another: one of its level, or a county that of a zone."""
    return level == after or (level == _ZONE and after == _COUNTY)


@dataclass(frozen=True, slots=True)
class _Map:
    """What the files and the database hold together; where both hold a place, the file is judged by itself."""

    places: Mapping[str, DivisionPlace]
    zone_of: Mapping[str, str]

    def level(self, code: str | None) -> str | None:
        """None also where the place is not known: that is said of the parent."""
        place = self.places.get(code or "")
        return place.level if place else None

    def counting(self, code: str | None) -> str | None:
        place = self.places.get(code or "")
        return place.county if place else None


def place_checks(
    divisions: FileTable, zone_towns: FileTable, held: Mapping[str, DivisionPlace], zones: Mapping[str, str]
) -> Iterator[FileFault]:
    """`zones`: of each town in one, the zone that the database holds."""
    in_file = {
        values["code"]: DivisionPlace(values["level"], values.get("parent"), values.get("statistical_county"))
        for values in (row.values for row in divisions.rows)
        if "code" in values and "level" in values
    }
    pairs = [(row.values.get("town"), row.values.get("zone")) for row in zone_towns.rows]
    told = {town: zone for town, zone in reversed(pairs) if town and zone}  # of two zones the first, as read below
    area = _Map({**held, **in_file}, {**told, **zones})
    for row in divisions.rows:
        if row.values.get("code") in in_file:
            yield from _place(divisions, row, area)
    for row in zone_towns.rows:
        yield from _membership(zone_towns, row, area)


def _place(table: FileTable, row: FileRow, area: _Map) -> Iterator[FileFault]:
    code, level, parent = row.values["code"], row.values["level"], row.values.get("parent")
    if not re.fullmatch(_SHAPES[level], code, re.ASCII) or (level == _COUNTY and code.endswith("00")):
        yield table.fault(row.number, "code", "place_code", text=code, level=level)
    elif level in _SHARED and area.level(parent) == ABOVE[level] and code[: _SHARED[level]] != _begins(parent, level):
        odd = "parent" if level == _TOWN and code[:6] == row.values.get("statistical_county") else "code"
        yield table.fault(row.number, odd, "place_outside", text=code, digits=_begins(parent, level), other=parent)
    if level == _CITY and parent is not None:
        yield table.fault(row.number, "parent", "city_parent")
    elif level != _CITY and area.level(parent) not in (None, ABOVE[level]):
        values = {"text": parent, "here": area.level(parent), "level": level, "wanted": ABOVE[level]}
        yield table.fault(row.number, "parent", "parent_level", **values)
    if "statistical_county" in row.values:
        yield from _county(table, row, area)


def _begins(parent: str | None, level: str) -> str:
    return (parent or "")[: _SHARED[level]]


def _county(table: FileTable, row: FileRow, area: _Map) -> Iterator[FileFault]:
    """A county counts its own firms, and those of its towns; a zone and its towns may be counted elsewhere."""
    code, level, county = row.values["code"], row.values["level"], row.values["statistical_county"]
    parent, heading = row.values.get("parent"), "statistical_county"
    if level == _CITY:
        if county is not None:
            yield table.fault(row.number, heading, "city_county")
    elif county is None:
        yield table.fault(row.number, heading, "empty")
    elif area.level(county) not in (None, _COUNTY):
        yield table.fault(row.number, heading, "county_level", text=county, level=area.level(county))
    elif level == _COUNTY and county != code:
        yield table.fault(row.number, heading, "county_self", text=county, code=code)
    elif level == _TOWN and area.level(parent) == _COUNTY and code not in area.zone_of and county != parent:
        yield table.fault(row.number, heading, "county_town", text=county, parent=parent)


def _membership(table: FileTable, row: FileRow, area: _Map) -> Iterator[FileFault]:
    zone, town = row.values.get("zone"), row.values.get("town")
    levels = {"zone": (zone, _ZONE), "town": (town, _TOWN)}
    wrong = [name for name, (code, level) in levels.items() if area.level(code) not in (None, level)]
    for name in wrong:
        code, level = levels[name]
        yield table.fault(row.number, name, "column_level", text=code, here=area.level(code), wanted=level)
    if wrong or area.level(zone) is None or area.level(town) is None:
        return
    if area.zone_of[town or ""] != zone:
        yield table.fault(row.number, "zone", "zone_twice", text=town, other=area.zone_of[town or ""])
    elif area.counting(zone) != area.counting(town):
        values = {"text": town, "county": area.counting(town), "zone": zone, "other": area.counting(zone)}
        yield table.fault(row.number, "town", "zone_county", **values)


# -- routing --------------------------------------------------------------------------------------
def routing_checks(routing: FileTable, offices: FileTable, held: Mapping[str, str]) -> Iterator[FileFault]:
    """An industry is led by bureaus: only their officers can act on a case. `held`: the kinds of offices."""
    kinds = kinds_of(offices, held)
    for row in routing.rows:
        for heading in ("lead", "co_bureaus"):
            for code in _codes(row.values, heading):
                if kinds.get(code, OfficeKind.BUREAU) != OfficeKind.BUREAU:
                    yield routing.fault(row.number, heading, "routing_kind", text=code, kind=kinds[code])
        if (lead := row.values.get("lead")) in _codes(row.values, "co_bureaus"):
            yield routing.fault(row.number, "co_bureaus", "co_lead", text=lead)


def kinds_of(offices: FileTable, held: Mapping[str, str]) -> dict[str, str]:
    rows = (row.values for row in offices.rows)
    return {**held, **{values["code"]: values["kind"] for values in rows if "code" in values and "kind" in values}}


def _codes(values: Mapping[str, Any], heading: str) -> list[str]:
    return (values.get(heading) or "").split()


# -- offices --------------------------------------------------------------------------------------
_SEATS: Mapping[str, str] = MappingProxyType({OfficeKind.COUNTY: _COUNTY, OfficeKind.ZONE: _ZONE})
"""What an office of the kind is of; all others are of the city."""


def office_checks(
    offices: FileTable, aliases: FileTable, divisions: FileTable, held: Mapping[str, DivisionPlace]
) -> Iterator[FileFault]:
    """An office is of a place of its kind, is not shorter by its full name, and bears nobody else's name."""
    rows = [row.values for row in divisions.rows]
    levels = {code: place.level for code, place in held.items()}
    levels |= {values["code"]: values["level"] for values in rows if "code" in values and "level" in values}
    for row in offices.rows:
        kind, division = row.values.get("kind"), row.values.get("division")
        wanted = _SEATS.get(kind or "", _CITY)
        if kind and division and levels.get(division, wanted) != wanted:
            values = {"kind": kind, "wanted": wanted, "text": division, "here": levels[division]}
            yield offices.fault(row.number, "division", "office_division", **values)
    for table in (offices, divisions):
        yield from _short_names(table)
    yield from _aliases(offices, aliases)


def _short_names(table: FileTable) -> Iterator[FileFault]:
    for row in table.rows:
        name, short = row.values.get("name"), row.values.get("short_name")
        if name and short and len(short) > len(name):
            yield table.fault(row.number, "short_name", "short_longer", text=short, name=name)


def _aliases(offices: FileTable, aliases: FileTable) -> Iterator[FileFault]:
    named = {
        str(row.values[heading]): row.values.get("code")
        for row in offices.rows
        for heading in ("short_name", "name")
        if heading in row.values
    }
    for row in aliases.rows:
        alias, office = row.values.get("alias"), row.values.get("office")
        if alias and office and named.get(alias, office) != office:
            yield aliases.fault(row.number, "office", "alias_other", text=alias, other=named[alias], office=office)


def street_checks(streets: FileTable) -> Iterator[FileFault]:
    """A street of the invented city belongs to the office of its county, or of a zone in that county."""
    for row in streets.rows:
        office, town = row.values.get("office"), row.values.get("town")
        if office and town and office[:6] != town[:6]:
            yield streets.fault(row.number, "office", "street_office", text=town, office=office)
