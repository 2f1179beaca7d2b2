"""Reads one cell by the kind of its column: a value, what was put right on the way, or what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from registry.domain import credit_code
from registry.domain.characters import clean
from registry.domain.errors import BadCharacter, TextTooLong
from registry.domain.faults import Fault, Notice
from registry.domain.vocabulary import CHOICES
from registry.sheets import days, words
from registry.sheets.amounts import LARGEST, Amount, exact, read_amount, to_fen
from registry.sheets.columns import Column, ColumnKind
from registry.sheets.reader import Cell, Lost

TEMPLATE_SCALE = words.SCALES["万"]
_MOST_PEOPLE = 10_000_000
_SHOWN = 40
_LOST = {"error": "error_cell", "formula": "formula_cell", "number": "number_cell"}
_EXPORTED_QUOTE = re.compile(r"'(?='?[=+\-@\t\r])")
_FORCED_TEXT = re.compile(r'="([^"]*)"')
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{2}", re.IGNORECASE)
_INDUSTRY = re.compile(r"(?<![\d.])\d{2,4}(?![\d.])")
_INTEGER = re.compile(rf"(\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.0+)?(?:{words.PEOPLE})?")
_PHONE = re.compile(r"(?:\+?86-?)?(?:1[3-9]\d{9}|(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,6})?|[48]00-?\d{3}-?\d{4})")
_PHONE_SEPARATOR = re.compile(words.PHONE_SEPARATORS)
_NAME_SEPARATOR = re.compile(words.NAME_SEPARATORS)


class MonthGiven(NamedTuple):
    """To which month a cumulative figure runs; `year` is None where only the month is written."""

    year: int | None
    month: int


Value = str | int | Decimal | date | MonthGiven | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A cell as the directory may store it.

    `value` by kind: text, name, code, industry, division, town, phone, person: str; choice: the code of the vocabulary;
    names: a tuple of str; date: date; money: Decimal yuan to the fen (or units of `currency`, for capital); integer and
    year: int; month: `MonthGiven`; ratio: Decimal (0.95 for 95 %). None where nothing is given, or with a `fault`.
    """

    value: Value
    notices: tuple[Notice, ...] = ()
    fault: Fault | None = None
    currency: str = "CNY"


def parse(column: Column, value: Cell, *, scale: Decimal | None = None) -> Parsed:
    """Read `value` (from `reader`, or text from a form) as a cell of `column`.

    `scale` is how many yuan one unit of a money column is, as its heading says; without it 万元 is assumed, with a
    notice. Nothing is raised: what is wrong is the `fault`, still without its place (`fault.at(row, letter)`).
    """
    if isinstance(value, Lost):
        return _fault(column, _LOST[value.kind])
    if not isinstance(value, str):
        return _absent(column) if value is None else _READERS[column.kind](column, value, scale)
    try:
        text, notices = _tidy(column, value)
    except BadCharacter as error:
        place = {key: error.values[key] for key in ("position", "codepoint")}
        return _fault(column, error.values["kind"], **place)
    except TextTooLong as error:
        return _fault(column, "too_long", **error.values)
    if _folded(text) in words.BLANK_WORDS:
        blank = (_notice(column, "blank_word", text),) if text else ()
        return replace(_absent(column), notices=(*notices, *blank))
    parsed = _READERS[column.kind](column, text, scale)
    return replace(parsed, notices=(*notices, *parsed.notices)) if notices else parsed


def _tidy(column: Column, text: str) -> tuple[str, tuple[Notice, ...]]:
    notices = []
    if _EXPORTED_QUOTE.match(text):
        text = text[1:]
        notices.append(_notice(column, "quote_dropped", text))
    forced = _FORCED_TEXT.fullmatch(text.strip())
    cleaned = clean(forced[1] if forced else text, column.max_length)
    notices += [_notice(column, code, cleaned.text) for code in cleaned.notices]
    return cleaned.text, tuple(notices)


def _absent(column: Column) -> Parsed:
    return _fault(column, "required") if column.required else Parsed(None)


def _fault(column: Column, code: str, **values: object) -> Parsed:
    return Parsed(None, fault=Fault(code, column.key, {"heading": column.heading, **values}))


def _bad(column: Column, code: str, value: object, **values: object) -> Parsed:
    return _fault(column, code, text=_shown(value), **values)


def _notice(column: Column, code: str, value: object, **values: object) -> Notice:
    return Notice(code, {"heading": column.heading, "text": _shown(value), **values})


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


# -- texts ------------------------------------------------------------------------------------------
def _text(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    if isinstance(value, str):
        return Parsed(value)
    if not _is_number(value):
        return _fault(column, "not_text")
    if isinstance(value, float) and abs(value) >= 10**15:
        return _fault(column, "digits_lost")
    text = str(value)
    return Parsed(text, (_notice(column, "typed_as_number", text),))


def _code(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    given = _text(column, value, scale)
    if not isinstance(given.value, str):
        return given
    if _SCIENTIFIC.fullmatch(given.value):
        return _fault(column, "digits_lost")
    checked = credit_code.check(given.value)
    if checked.fault is not None:
        code = "suggestion" if checked.fault.suggestion else checked.fault.kind.value
        return _fault(column, f"code_{code}", **checked.fault.values)
    changed = () if checked.code == given.value else (_notice(column, "code_normalised", checked.code),)
    return Parsed(checked.code, (*given.notices, *changed))


def _names(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    given = _text(column, value, scale)
    if not isinstance(given.value, str):
        return given
    return replace(given, value=tuple(name.strip() for name in _NAME_SEPARATOR.split(given.value) if name.strip()))


def _industry(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    given = _text(column, value, scale)
    if not isinstance(given.value, str):
        return given
    codes = _INDUSTRY.findall(unicodedata.normalize("NFKC", given.value))
    if len(codes) != 1:
        return Parsed(None, (_notice(column, "no_industry_code", given.value),))
    return Parsed(codes[0])


def _person(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    given = _text(column, value, scale)
    masked = isinstance(given.value, str) and "*" in unicodedata.normalize("NFKC", given.value)
    return _bad(column, "masked", given.value) if masked else given


def _phone(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    given = _person(column, value, scale)
    if not isinstance(given.value, str):
        return given
    text = unicodedata.normalize("NFKC", given.value)
    numbers = [re.sub(r"[\s()—–]+", "-", part).strip("-") for part in _PHONE_SEPARATOR.split(text) if part.strip()]
    if not numbers or not all(_PHONE.fullmatch(number.replace("--", "-")) for number in numbers):
        spaceless = [number.replace("-", "") for number in numbers]
        if not spaceless or not all(_PHONE.fullmatch(number) for number in spaceless):
            return _bad(column, "bad_phone", given.value)
        numbers = spaceless
    return Parsed("/".join(numbers))


def _choice(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    given = _text(column, value, scale)
    labels = CHOICES.get(column.choices or "")
    if labels is None or not isinstance(given.value, str):
        return given
    code = _choice_words(column.choices or "").get(_folded(given.value))
    if code is not None:
        return Parsed(code)
    if column.fallback is not None:
        label = labels[column.fallback]
        return Parsed(column.fallback, (_notice(column, "choice_fallback", given.value, choice=label),))
    return _bad(column, "bad_choice", given.value, choices="、".join(labels.values()))


@cache
def _choice_words(name: str) -> Mapping[str, str]:
    labels = CHOICES[name]
    aliases = words.CHOICE_ALIASES.get(name, {})
    return {
        **{_folded(alias): code for alias, code in aliases.items()},
        **{_folded(str(code)): str(code) for code in labels},
        **{_folded(label): str(code) for code, label in labels.items()},
    }


# -- figures ----------------------------------------------------------------------------------------
def _money(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    if isinstance(value, str):
        amount = read_amount(value)
    else:
        amount = Amount(exact(value)) if isinstance(value, (int, float)) and _is_number(value) else None
    if amount is None:
        return _bad(column, "bad_amount", value)
    if amount.currency != "CNY" and column.key != "capital":
        return _bad(column, "foreign_currency", value)
    notices = []
    unit = amount.scale or scale or TEMPLATE_SCALE
    if amount.scale is not None and scale is not None and amount.scale != scale:
        notices.append(_notice(column, "unit_in_cell", value))
    if amount.scale is None and scale is None:
        notices.append(_notice(column, "unit_assumed", value))
    if amount.currency != "CNY":
        notices.append(_notice(column, "foreign_currency", value, currency=amount.currency))
    return _bounded(column, value, amount.number * unit, notices, amount.currency)


def _bounded(column: Column, value: Cell, worth: Decimal, notices: list[Notice], currency: str) -> Parsed:
    if worth < 0:
        return _bad(column, "negative", value)
    if worth >= LARGEST:
        return _bad(column, "too_large", value)
    rounded = to_fen(worth)
    if rounded != worth:
        notices.append(_notice(column, "rounded", value))
    return Parsed(rounded, tuple(notices), currency=currency)


def _integer(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    match = _INTEGER.fullmatch(_folded(str(value))) if isinstance(value, str) or _is_number(value) else None
    if match is None:
        return _bad(column, "bad_integer", value)
    number = int(match[1].replace(",", ""))
    return Parsed(number) if number <= _MOST_PEOPLE else _bad(column, "too_large", value)


def _ratio(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    if isinstance(value, (int, float)) and _is_number(value):
        return Parsed(exact(value))
    match = re.fullmatch(r"(\d{1,9}(?:\.\d+)?)(%?)", _folded(str(value)))
    if match is None:
        return _bad(column, "bad_ratio", value)
    return Parsed(Decimal(match[1]) / 100 if match[2] else Decimal(match[1]))


# -- dates ------------------------------------------------------------------------------------------
def _date(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    if isinstance(value, datetime):
        dropped = () if value.time() == time(0) else (_notice(column, "time_dropped", value),)
        return Parsed(value.date(), dropped)
    if isinstance(value, date):
        return Parsed(value)
    day = None if isinstance(value, (bool, Lost)) or value is None else days.read_date(value)
    if day is None:
        return _bad(column, "bad_date", value)
    if not days.is_serial(value):
        return Parsed(day)
    return Parsed(day, (_notice(column, "serial_date", value, date=day.isoformat()),))


def _month(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    if isinstance(value, date):
        return Parsed(MonthGiven(value.year, value.month))
    found = None if isinstance(value, (bool, float, Lost)) or value is None else days.read_month(str(value))
    return _bad(column, "bad_month", value) if found is None else Parsed(MonthGiven(*found))


def _year(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    year = days.read_year(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else None
    return _bad(column, "bad_year", value) if year is None else Parsed(year)


_READERS: Mapping[ColumnKind, Callable[[Column, Cell, Decimal | None], Parsed]] = {
    ColumnKind.TEXT: _text,
    ColumnKind.NAME: _text,
    ColumnKind.DIVISION: _text,
    ColumnKind.TOWN: _text,
    ColumnKind.CODE: _code,
    ColumnKind.NAMES: _names,
    ColumnKind.INDUSTRY: _industry,
    ColumnKind.CHOICE: _choice,
    ColumnKind.DATE: _date,
    ColumnKind.MONEY: _money,
    ColumnKind.INTEGER: _integer,
    ColumnKind.MONTH: _month,
    ColumnKind.YEAR: _year,
    ColumnKind.RATIO: _ratio,
    ColumnKind.PHONE: _phone,
    ColumnKind.PERSON: _person,
}
