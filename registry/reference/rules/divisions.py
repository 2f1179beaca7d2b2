"""Divisions of the city: which one a text or an address names, who counts it, and whose territory it is."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from registry.base.vocabulary import (
    DIRECTIONS,
    OLD_PLACE_NAMES,
    OTHER_CITY_PATTERN,
    PLACE_LEADS,
    SPECIAL_ZONE_PATTERN,
    TOWN_SUFFIXES,
)

ELSEWHERE = "elsewhere"
"""In place of a division code: known to lie outside this city, or in a town another city runs."""
_OTHER_CITY = re.compile(OTHER_CITY_PATTERN)
_SPECIAL_ZONE = re.compile(SPECIAL_ZONE_PATTERN)


class DivisionLevel(StrEnum):
    CITY = "city"
    COUNTY = "county"
    ZONE = "zone"
    TOWN = "town"


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One row of the divisions. A zone has no official code and lies in the county that counts its firms.

    `excluded_reason` is set for the towns that another city runs; nothing in them belongs to this directory.
    """

    code: str
    name: str
    short_name: str
    level: str
    parent: str = ""
    statistical_county: str = ""
    excluded_reason: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What an address names: the closest division of this city, or that it lies in another one.

    `code` None and `elsewhere` False: the address does not say.
    """

    code: str | None
    elsewhere: bool = False


class Territory:
    """The divisions with their other names and the towns of the zones, built from the reference tables."""

    def __init__(
        self,
        divisions: Iterable[DivisionRow],
        zone_towns: Iterable[tuple[str, str]] = (),
        aliases: Iterable[tuple[str, str]] = (),
        followed: Mapping[str, str] | None = None,
    ) -> None:
        """`zone_towns` holds (zone, town) codes, `aliases` (other name, code of a city, county or zone).

        `followed`: of places that have ended, the one that their name and territory now mean.
        """
        self._followed = dict(followed or {})
        self._divisions = {row.code: row for row in divisions}
        self._zone_of: dict[str, str] = {}
        self._towns_of: defaultdict[str, set[str]] = defaultdict(set)
        for zone, town in zone_towns:
            self._zone_of[town] = zone
            self._towns_of[zone].add(town)
        self._areas = {
            normalise(name): row.code for row in self._above_towns() for name in (row.short_name, row.name)
        } | {normalise(alias): code for alias, code in aliases if code in self._divisions}
        self._lengths = sorted({len(name) for name in self._areas}, reverse=True)
        self._towns = [(row, _spellings(row)) for row in self._town_rows() if row.name not in self._areas]
        self._initials = frozenset(spelling[0] for _, spellings in self._towns for spelling in spellings)
        self._placed = lru_cache(maxsize=1_024)(self._place)  # one address is asked for several times in a row

    def _above_towns(self) -> list[DivisionRow]:
        return [row for row in self._divisions.values() if row.level != DivisionLevel.TOWN]

    def _town_rows(self) -> list[DivisionRow]:
        return [row for row in self._divisions.values() if row.level == DivisionLevel.TOWN]

    def get(self, code: str) -> DivisionRow | None:
        return self._divisions.get(code)

    def county_of(self, code: str | None) -> str | None:
        """The county that counts a firm of this division; None for the city itself and for unknown codes."""
        row = self._divisions.get(code or "")
        return (row.statistical_county or None) if row else None

    def zone_of(self, town: str) -> str | None:
        """The zone a town belongs to, None for an ordinary town."""
        return self._zone_of.get(town)

    def excluded_reason(self, code: str | None) -> str:
        """Why this town is none of this directory's; empty for every other division."""
        row = self._divisions.get(code or "")
        return row.excluded_reason if row else ""

    def covers(self, office_division: str, code: str | None) -> bool | None:
        """Whether a division lies in the territory of an office; None where that cannot be told.

        The city covers all of it, a county its towns without those of zones, a zone its list of towns (a zone
        without a list is not checked; docs/domain.md 2).
        """
        office, row = self._divisions.get(office_division), self._divisions.get(code or "")
        if office is None or row is None or row.level == DivisionLevel.CITY:
            return None
        if office.level == DivisionLevel.CITY or office.code == row.code:
            return True
        if row.statistical_county != office.statistical_county:
            return False
        if office.level == DivisionLevel.ZONE:
            return self._zone_covers(office, row)
        return row.level == DivisionLevel.TOWN and row.code not in self._zone_of

    def _zone_covers(self, zone: DivisionRow, row: DivisionRow) -> bool | None:
        towns = self._towns_of.get(zone.code)
        if towns is None or row.level == DivisionLevel.COUNTY:
            return None
        return row.code in towns

    def named(self, text: str) -> str | None:
        """The city, county or zone that a cell of the column 'division' names; None where it names none."""
        exact = self._areas.get(normalise(text))
        if exact:
            return self._followed.get(exact, exact)
        code = self.place(text).code
        row = self._divisions.get(code or "")
        if row is None or row.level != DivisionLevel.TOWN:
            return code
        return self._zone_of.get(row.code) or row.statistical_county

    def place(self, address: str) -> Place:
        """Read an address from its start: province and city, county or zone, then a town of it.

        A town without a county before it counts only at the very start and only where its name is the city's one
        town of that name: other cities have towns of the same names.
        """
        return self._placed(address)

    def _place(self, address: str) -> Place:
        text = _without_leads(normalise(address))
        special = _SPECIAL_ZONE.match(text)
        area, rest = (None, text[special.end() :]) if special else self._area(text)
        town = self._town(area, rest)
        if place := town or area:
            return Place(self._followed.get(place, place))
        return Place(None, elsewhere=bool(special or _OTHER_CITY.match(rest)))

    def operating_division(self, address: str) -> str | None:
        """The division that may count a firm at this address; ELSEWHERE in another city and in excluded towns."""
        place = self.place(address)
        return ELSEWHERE if place.elsewhere or self.excluded_reason(place.code) else place.code

    def _area(self, text: str) -> tuple[str | None, str]:
        """The narrowest area named at the start, and what follows it."""
        area: str | None = None
        while True:
            name = next((text[:n] for n in self._lengths if text[:n] in self._areas), None)
            if name is None or not self._within(self._areas[name], area):
                return area, text
            area, text = self._areas[name], text[len(name) :]

    def _within(self, code: str, area: str | None) -> bool:
        """Whether an area may follow `area` in an address: it lies in it, directly or through its county."""
        if area is None:
            return True
        parent = self._divisions[code].parent
        return area == parent or (parent in self._divisions and area == self._divisions[parent].parent)

    def _town(self, area: str | None, text: str) -> str | None:
        """The town named first in `text`, by its longest spelling; None where two towns fit equally."""
        if area is None and text[:1] not in self._initials:
            return None
        found: dict[tuple[int, int], set[str]] = defaultdict(set)
        for row, spellings in self._towns:
            if self._may_hold(area, row):
                for spelling in spellings:
                    at = text.find(spelling) if area is not None else -(not text.startswith(spelling))
                    if at >= 0:
                        found[at, -len(spelling)].add(row.code)
                if area is not None and _stands_alone(row, text):
                    found[0, -len(row.short_name)].add(row.code)
        towns = found[min(found)] if found else set()
        return towns.pop() if len(towns) == 1 else None

    def _may_hold(self, area: str | None, town: DivisionRow) -> bool:
        """Whether an address may go on from `area` to this town; from a zone without a list of towns it never does."""
        row = self._divisions.get(area or "")
        if row is None or row.level == DivisionLevel.CITY:
            return True
        if row.level == DivisionLevel.ZONE:
            return self._zone_of.get(town.code) == row.code
        return town.statistical_county == row.statistical_county


def find_division(text: str, territory: Territory) -> str | None:
    """The code of the division an address names most closely, None where it names none of this city."""
    return territory.place(text).code


def normalise(text: str) -> str:
    """Half width, without spaces, old spellings of places renewed."""
    folded = "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace())
    for old, new in OLD_PLACE_NAMES.items():
        folded = folded.replace(old, new)
    return folded


def _without_leads(text: str) -> str:
    for lead in PLACE_LEADS:
        text = text.removeprefix(lead)
    return text


def _spellings(town: DivisionRow) -> tuple[str, ...]:
    """A town under every rank it may have had; farms and the like only under their full name."""
    if town.short_name == town.name:
        return (town.name,)
    return tuple({town.name, *(town.short_name + suffix for suffix in TOWN_SUFFIXES)})


def _stands_alone(town: DivisionRow, text: str) -> bool:
    """Whether the text starts with the bare name, and the name is not just a direction."""
    return text.startswith(town.short_name) and not set(town.short_name) <= DIRECTIONS
