"""Reads one cell by the kind of its column: a value, what was put right on the way, or what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache

from registry.base import contacts, credit_code
from registry.base.characters import clean
from registry.base.errors import BadCharacter, TextTooLong
from registry.base.faults import Notice
from registry.base.vocabulary import CHOICES
from registry.sheets import figures, words
from registry.sheets.columns import Column, ColumnKind
from registry.sheets.parsed import Cell, Lost, MonthGiven, Parsed, absent, bad, fault_of, folded, is_number, notice
from registry.sheets.states import state_of

__all__ = ["MonthGiven", "Parsed", "parse"]

_LOST = {"error": "error_cell", "formula": "formula_cell", "number": "number_cell"}
_EXPORTED_QUOTE = re.compile(r"'(?='?[=+\-@\t\r])|['’‘`´](?=\d)")
_FORCED_TEXT = re.compile(r'="([^"]*)"')
_VOUCHED = re.compile(r"([0-9A-Z]{18})[(\[【](?:执照)?已?(?:经)?核对?(?:营业)?(?:执照)?(?:无误|属实|一致)?[)\]】]")
_ORGANISATION = 9
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{2}", re.IGNORECASE)
_INDUSTRY = re.compile(r"(?<![\d.])\d{2,4}(?![\d.])")
_NAME_SEPARATOR = re.compile(words.NAME_SEPARATORS)


def parse(column: Column, value: Cell, *, scale: Decimal | None = None, currency: str = "CNY") -> Parsed:
    """Read `value` (from `reader`, or text from a form) as a cell of `column`.

    `scale` is how many of `currency` one unit of a money column is, as its heading says; without it 万元 is assumed,
    with a notice. Nothing is raised: what is wrong is the `fault`, still without its place (`fault.at(row, letter)`).
    """
    if isinstance(value, Lost):
        return fault_of(column, _LOST[value.kind])
    if not isinstance(value, str):
        if value is None:
            return absent(column)
        return _in_currency(_READERS[column.kind](column, value, scale), column, value, currency)
    try:
        text, notices = _tidy(column, value)
    except BadCharacter as error:
        place = {key: error.values[key] for key in ("position", "codepoint")}
        return fault_of(column, error.values["kind"], **place)
    except TextTooLong as error:
        return fault_of(column, "too_long", **error.values)
    if folded(text) in words.BLANK_WORDS:
        blank = (notice(column, "blank_word", text),) if text else ()
        return replace(absent(column), notices=(*notices, *blank))
    parsed = _in_currency(_READERS[column.kind](column, text, scale), column, text, currency)
    return replace(parsed, notices=(*notices, *parsed.notices)) if notices else parsed


def _in_currency(parsed: Parsed, column: Column, value: Cell, currency: str) -> Parsed:
    """An amount beneath a heading in a foreign currency; a cell that names its own was read as such."""
    if currency == "CNY" or column.kind is not ColumnKind.MONEY or parsed.value is None or parsed.currency != "CNY":
        return parsed
    if column.key != "capital":
        return bad(column, "foreign_currency", value)
    said = notice(column, "foreign_currency", value, currency=currency)
    return replace(parsed, currency=currency, notices=(*parsed.notices, said))


def _tidy(column: Column, text: str) -> tuple[str, tuple[Notice, ...]]:
    notices = []
    if _EXPORTED_QUOTE.match(text):
        text = text[1:]
        notices.append(notice(column, "quote_dropped", text))
    forced = _FORCED_TEXT.fullmatch(text.strip())
    cleaned = clean(forced[1] if forced else text, column.max_length)
    notices += [notice(column, code, cleaned.text) for code in cleaned.notices]
    return cleaned.text, tuple(notices)


# -- texts ------------------------------------------------------------------------------------------
def _text(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    if isinstance(value, str):
        return Parsed(value)
    if not is_number(value):
        return fault_of(column, "not_text")
    if isinstance(value, float) and abs(value) >= 10**15:
        return fault_of(column, "digits_lost")
    text = str(value)
    return Parsed(text, (notice(column, "typed_as_number", text),))


def _code(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    given = _text(column, value, scale)
    if not isinstance(given.value, str):
        return given
    if _SCIENTIFIC.fullmatch(given.value):
        return fault_of(column, "digits_lost")
    checked = credit_code.check(given.value)
    if checked.fault is not None:
        return _mended_code(column, given.value, checked)
    changed = () if checked.code == given.value else (notice(column, "code_normalised", checked.code),)
    return Parsed(checked.code, (*given.notices, *changed))


def _mended_code(column: Column, text: str, checked: credit_code.CodeCheck) -> Parsed:
    """The one code that stands in a longer text (a copy's number, an old number); else what the text is instead."""
    found = credit_code.within(text)
    if len(found) == 1:
        return Parsed(found[0], (notice(column, "code_extracted", text, found=found[0]),))
    if len(found) > 1:
        return fault_of(column, "code_several")
    vouched = _VOUCHED.fullmatch("".join(unicodedata.normalize("NFKC", text).upper().split()))
    if vouched and (own := credit_code.check(vouched[1])).is_wrongly_checked:
        return Parsed(own.code, (notice(column, "code_vouched", text, found=own.code),))
    if credit_code.is_identity_number(checked.code):
        return fault_of(column, "code_identity")
    if len(checked.code) == _ORGANISATION and credit_code.organisation_check(checked.code):
        return bad(column, "code_organisation", text)
    fault = checked.fault
    if fault is None or checked.is_wrongly_checked:
        return fault_of(column, "code_unvouched")
    return fault_of(column, f"code_{'suggestion' if fault.suggestion else fault.kind.value}", **fault.values)


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
        return Parsed(None, (notice(column, "no_industry_code", given.value),))
    return Parsed(codes[0])


def _person(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    """A contact stands in no sentence: whoever reads these may not have asked for it."""
    given = _text(column, value, scale)
    masked = isinstance(given.value, str) and "*" in unicodedata.normalize("NFKC", given.value)
    return fault_of(column, "masked") if masked else given


def _phone(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    given = _person(column, value, scale)
    if not isinstance(given.value, str):
        return given
    numbers = contacts.given(given.value)
    if numbers is None:
        return fault_of(column, "bad_phone")
    remarks = (notice(column, "phone_remark", ""),) if contacts.has_remark(given.value) else ()
    return Parsed(numbers, remarks)


def _choice(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    given = _text(column, value, scale)
    labels = CHOICES.get(column.choices or "")
    if labels is None or not isinstance(given.value, str):
        return given
    code = _choice_words(column.choices or "").get(folded(given.value))
    if code is None and column.key == "operating_state":
        code = state_of(given.value)
    if code is not None:
        return Parsed(code)
    if column.fallback is not None:
        label = labels[column.fallback]
        return Parsed(column.fallback, (notice(column, "choice_fallback", given.value, choice=label),))
    return bad(column, "bad_choice", given.value, choices="、".join(labels.values()))


@cache
def _choice_words(name: str) -> Mapping[str, str]:
    labels = CHOICES[name]
    aliases = words.CHOICE_ALIASES.get(name, {})
    return {
        **{folded(alias): code for alias, code in aliases.items()},
        **{folded(str(code)): str(code) for code in labels},
        **{folded(label): str(code) for code, label in labels.items()},
    }


_READERS: Mapping[ColumnKind, Callable[[Column, Cell, Decimal | None], Parsed]] = {
    ColumnKind.TEXT: _text,
    ColumnKind.NAME: _text,
    ColumnKind.DIVISION: _text,
    ColumnKind.TOWN: _text,
    ColumnKind.CODE: _code,
    ColumnKind.NAMES: _names,
    ColumnKind.INDUSTRY: _industry,
    ColumnKind.CHOICE: _choice,
    ColumnKind.DATE: figures.date_of,
    ColumnKind.MONEY: figures.money_of,
    ColumnKind.INTEGER: figures.integer_of,
    ColumnKind.MONTH: figures.month_of,
    ColumnKind.YEAR: figures.year_of,
    ColumnKind.RATIO: figures.ratio_of,
    ColumnKind.PHONE: _phone,
    ColumnKind.PERSON: _person,
}
