"""A row of the register as it is kept: what the file says, the keys of its name, its place, its sector."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from registry.base.faults import Fault
from registry.base.vocabulary import PLACE_LEADS
from registry.matching.keys import keys
from registry.matching.normalise import NameTooLong
from registry.reference.rules.divisions import DivisionLevel, Territory, normalise
from registry.register.rules import Status
from registry.register.services.sectors import Sectors
from registry.register.sheets import Reading
from registry.sheets.states import is_gone

PLAIN = ("name", "founded_on", "legal_form", "form_text", "capital", "capital_currency", "scope", "address", "region",
         "registration")  # fmt: skip
"""Fields that a file gives; all others are derived from them."""
_DERIVED = ("name_key", "parts_key", "core_key", "sound_key", "division", "sector", "sector_word", "status")
FIELDS = (*PLAIN, *_DERIVED)
keys_of = lru_cache(maxsize=256)(keys)  # a row's keys are asked for several times in a row


class Deriver:
    """Completes the rows of one load by the reference data as they stand when it begins."""

    def __init__(self, territory: Territory, sectors: Sectors) -> None:
        self._territory, self._sectors = territory, sectors

    def given(self, reading: Reading) -> dict[str, Any]:
        """The fields of a sound row that the file fills; an empty cell fills nothing."""
        fields = dict(reading.fields)
        province, city = fields.pop("province", ""), fields.pop("city", "")
        if "region" not in fields and (province or city):
            fields["region"] = province + city if city != province else city
        fields.pop("credit_code", None)
        try:
            own = keys_of(fields["name"])
        except NameTooLong as refusal:  # within the limit as typed, not once unfolded
            reading.faults.append(Fault("too_long", "name", {"heading": "", **refusal.values}, reading.number))
            return fields | {"name": ""}
        if not own.name_key:
            reading.faults.append(Fault("no_words", "name", {"heading": "", "text": fields["name"]}, reading.number))
        return fields

    def complete(self, fields: dict[str, Any]) -> dict[str, Any]:
        """All columns of a registered firm, derived ones too, from its plain fields."""
        name, scope = fields["name"], fields.get("scope") or ""
        own = keys_of(name)
        sign = self._sectors.of(own.name_key, scope)
        gone = is_gone(fields.get("registration") or "")
        return {
            **_EMPTY,
            **fields,
            **{key: text for key, text in own._asdict().items() if key in _DERIVED},
            "division": self._division(fields),
            "sector": sign.sector,
            "sector_word": sign.word,
            "status": Status.GONE if gone else Status.CURRENT,
        }

    def _division(self, fields: dict[str, Any]) -> str | None:
        """The county or zone by the address, then by the name; the city alone where no more is told."""
        region = fields.get("region") or ""
        told = self._region(region) if region else None
        if region and told is None:
            return None
        for text in (fields.get("address") or "", fields["name"]):
            place = self._territory.place(text) if text else None
            if place is not None and (found := self._area(place.code)):
                return found
            if place is not None and place.elsewhere and not told:
                return None
        return told

    def _region(self, region: str) -> str | None:
        """What of this city a region names, with or without its province before it."""
        text = normalise(region)
        for lead in PLACE_LEADS:
            text = text.removeprefix(lead)
        return self._territory.named(text) if text else None

    def _area(self, code: str | None) -> str | None:
        row = self._territory.get(code or "")
        if row is None or row.level == DivisionLevel.CITY or row.excluded_reason:
            return None
        if row.level == DivisionLevel.TOWN:
            return self._territory.zone_of(row.code) or row.statistical_county
        return row.code


_EMPTY: dict[str, Any] = {
    "founded_on": None,
    "legal_form": None,
    "form_text": "",
    "capital": None,
    "capital_currency": "CNY",
    "scope": "",
    "address": "",
    "region": "",
    "registration": "",
}
