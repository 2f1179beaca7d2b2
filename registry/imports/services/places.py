"""Where a row says its firm lies: division, town and addresses against the divisions and the office's territory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from registry.reference.rules.divisions import DivisionLevel, DivisionRow, Territory
from registry.sheets.cells import Parsed

if TYPE_CHECKING:
    from registry.imports.services.rows import Reading

_CITY = "市"
_BETWEEN = re.compile(r"[、,，/;；和及与()（）]")
_ORDINAL = re.compile(r"^[(（]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．:：\s]*")
ADDRESSES = ("registered_address", "operating_address")


class Places:
    """Settles places for the rows of one file. `home` is the division of the office, the city's or its own."""

    def __init__(self, territory: Territory, names: Mapping[str, str], home: str | None) -> None:
        self._territory, self._names, self._home = territory, names, home
        self._place = territory.place
        own = territory.get(home or "")
        self._own = own if own is not None and own.level != DivisionLevel.CITY else None

    def settle(self, given: Mapping[str, Parsed], reading: Reading) -> None:
        """Put the codes of division and town among the fields, and say what does not fit."""
        self._division(_text(given, "division"), reading)
        self._town(_text(given, "town"), reading)
        self._addresses(reading)

    def _division(self, text: str, reading: Reading) -> None:
        code = self._named(text) if text else None
        row = self._territory.get(code or "")
        if text and self._are_several(text):
            reading.notice("division_several", "division", text=text)
            row = None
        elif text and row is None:
            reading.notice("division_unknown", "division", text=text)
        if row is not None and row.level != DivisionLevel.CITY:
            if self._covers(code) is False:
                reading.fault("foreign_division", "division", text=text)
            else:
                reading.fields["division"] = code
            return
        self._assume_division(text if row is not None else "", reading)

    def _named(self, text: str) -> str | None:
        """Also by our own code, and as 市城区."""
        bare = text.strip()
        if self._territory.get(bare) is not None:
            return bare
        return self._territory.named(bare) or (self._territory.named(bare[1:]) if bare.startswith(_CITY) else None)

    def _are_several(self, text: str) -> bool:
        """Whether a cell names two places of which neither lies in the other."""
        parts = [part for part in _BETWEEN.split(text) if part.strip()]
        codes = [code for part in parts if (code := self._named(part)) is not None]
        return any(
            self._territory.covers(one, other) is False and self._territory.covers(other, one) is False
            for at, one in enumerate(codes)
            for other in codes[at + 1 :]
        )

    def _assume_division(self, city: str, reading: Reading) -> None:
        """A county or zone names its own firms; for the city's offices the address may say which county."""
        if self._own is not None:
            reading.assumed["division"] = self._own.code
            return
        if (own := self._of_group(reading.group)) is not None:
            reading.assumed["division"] = own
            reading.assume("division_of_group", "division", text=reading.group, division=self._names[own])
            return
        found = next((code for key in ADDRESSES if (code := self._area_of(reading.fields.get(key)))), None)
        if found:
            reading.assumed["division"] = found
            reading.assume("division_derived", "division", division=self._names[found])
        elif city:
            reading.assume("division_missing", "division", text=city)

    def _of_group(self, group: str) -> str | None:
        """The county or zone that the heading of a group of rows names: `二、海丰县（1家）`."""
        code = (
            self._named(_ORDINAL.sub("", group.split("（", maxsplit=1)[0].split("(", maxsplit=1)[0])) if group else None
        )
        row = self._territory.get(code or "")
        return code if row is not None and row.level != DivisionLevel.CITY else None

    def _area_of(self, address: str | None) -> str | None:
        """The county or zone an address lies in."""
        row = self._territory.get(self._place(address).code or "") if address else None
        if row is None or row.level == DivisionLevel.CITY:
            return None
        if row.level == DivisionLevel.TOWN:
            return self._territory.zone_of(row.code) or row.statistical_county
        return row.code

    def _town(self, text: str, reading: Reading) -> None:
        if not text:
            return
        area = reading.fields.get("division") or reading.assumed.get("division") or ""
        row = self._town_row(area, text)
        if row is None:
            reading.notice("town_unknown", "town", text=text)
        elif row.excluded_reason:
            reading.fault("excluded_town", "town", town=row.name, reason=row.excluded_reason)
        else:
            reading.fields["town"] = row.code
            if self._covers(row.code) is False:
                reading.notice("town_outside", "town", town=row.name)
            elif area and self._territory.covers(area, row.code) is False:
                reading.notice("town_mismatch", "town", town=row.name)

    def _town_row(self, area: str, text: str) -> DivisionRow | None:
        before = self._territory.get(area)
        for spelled in ((before.name if before else "") + text, text):
            row = self._territory.get(self._place(spelled).code or "")
            if row is not None and row.level == DivisionLevel.TOWN:
                return row
        return None

    def _addresses(self, reading: Reading) -> None:
        """The address where the firm works decides whether another city runs its town (docs/domain.md 1)."""
        decisive = next((key for key in reversed(ADDRESSES) if reading.fields.get(key)), None)
        for key in ADDRESSES:
            if not reading.fields.get(key):
                continue
            place = self._place(reading.fields[key])
            row = self._territory.get(place.code or "")
            if key == decisive and row is not None and row.excluded_reason:
                reading.fault("excluded_town", key, town=row.name, reason=row.excluded_reason)
            elif place.elsewhere or (place.code and self._covers(place.code) is False):
                reading.notice("address_outside", key)

    def _covers(self, code: str | None) -> bool | None:
        return self._territory.covers(self._home, code) if self._home else None


def _text(given: Mapping[str, Parsed], key: str) -> str:
    value = given[key].value if key in given else ""
    return value if isinstance(value, str) else ""
