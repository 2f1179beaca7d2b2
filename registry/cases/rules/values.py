"""Text of a field as a value: yuan with two places, numbers, days; folded as the rest of the registry reads them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from registry.base.characters import clean
from registry.base.errors import RegistryError
from registry.base.money import CENT
from registry.cases.rules.kinds import FieldType, Kind, KindField
from registry.cases.texts import BETWEEN, FIELD_ERRORS, NO, YES

_NUMBER = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)
MOST = Decimal("99999999999999.99")
_LONGEST = {FieldType.LONG: 4000}
_SHORT = 300


def read(field: KindField, text: str) -> str:
    """What is stored for what was typed: "" or the value as text, always written alike. Raises RegistryError."""
    said = clean(text, _LONGEST.get(field.type, _SHORT)).text
    return _READERS[field.type](field, said) if said else ""


def value(field: KindField, stored: str) -> Any:
    """Decimal for amounts, date for days, else the text; None where nothing is stored."""
    if not stored:
        return None
    if field.is_amount:
        return Decimal(stored)
    return date.fromisoformat(stored) if field.type is FieldType.DAY else stored


def shown(field: KindField, stored: str) -> str:
    """As a page and a paper say it, with its unit."""
    if not stored:
        return ""
    said = f"{Decimal(stored):,}" if field.is_amount else stored
    return f"{said}{field.unit}" if field.unit else said


def missing(kind: Kind, values: Mapping[str, str], rows: Mapping[str, list[dict[str, str]]]) -> list[str]:
    """Required fields and lists that are empty, and lists in which a required column is."""
    found = [field.code for field in kind.of_case if field.required and not values.get(field.code)]
    for one in kind.lists:
        lines = rows.get(one.code, [])
        wanted = [field.code for field in kind.columns(one.code) if field.required]
        if (one.required and not lines) or any(not line.get(code) for line in lines for code in wanted):
            found.append(one.code)
    return found


def _number(field: KindField, text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        raise RegistryError(FIELD_ERRORS["range" if plain.startswith("-") else "number"], text=text)
    number = Decimal(plain.replace(",", ""))
    if number > MOST:
        raise RegistryError(FIELD_ERRORS["range"], text=text)
    places = (
        CENT if field.type is FieldType.YUAN else Decimal(1) if field.type is FieldType.WHOLE else Decimal("0.0001")
    )
    exact = number.quantize(places)
    if exact != number:
        raise RegistryError(FIELD_ERRORS["places"], text=text, places=-int(places.as_tuple().exponent))
    return f"{exact if field.type is FieldType.YUAN else exact.normalize():f}"


def _day(_field: KindField, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise RegistryError(FIELD_ERRORS["day"], text=text) from None


def _choice(field: KindField, text: str) -> str:
    if text not in field.choices:
        raise RegistryError(FIELD_ERRORS["choice"], text=text, known="、".join(field.choices))
    return text


def _yes_no(_field: KindField, text: str) -> str:
    if text not in (YES, NO):
        raise RegistryError(FIELD_ERRORS["choice"], text=text, known=f"{YES}{BETWEEN}{NO}")
    return text


_READERS: Mapping[FieldType, Callable[[KindField, str], str]] = {
    FieldType.TEXT: lambda _field, text: text,
    FieldType.LONG: lambda _field, text: text,
    FieldType.YUAN: _number,
    FieldType.NUMBER: _number,
    FieldType.WHOLE: _number,
    FieldType.DAY: _day,
    FieldType.CHOICE: _choice,
    FieldType.YES_NO: _yes_no,
}
