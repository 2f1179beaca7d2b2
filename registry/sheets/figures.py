"""Reads amounts, numbers, ratios, dates, months and years; one reader for each kind of column."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from registry.base.faults import Notice
from registry.sheets import days, words
from registry.sheets.amounts import LARGEST, Amount, compact, exact, read_amount, to_fen
from registry.sheets.columns import Column
from registry.sheets.parsed import Cell, Lost, MonthGiven, Parsed, bad, is_number, notice

TEMPLATE_SCALE = words.SCALES["万"]
_SIGNS = "¥￥"
_MONTHS = 12
_MOST_PEOPLE = 10_000_000
_INTEGER = re.compile(rf"(\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.0+)?(?:{words.PEOPLE})?")


def money_of(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    if isinstance(value, str):
        amount = read_amount(value)
    else:
        amount = Amount(exact(value)) if isinstance(value, (int, float)) and is_number(value) else None
    if amount is None:
        return bad(column, "bad_amount", value)
    if amount.currency != "CNY" and column.key != "capital":
        return bad(column, "foreign_currency", value)
    notices = []
    unit = amount.scale or scale or TEMPLATE_SCALE
    if amount.scale is not None and scale is not None and amount.scale != scale:
        is_sign = str(value).strip()[:1] in _SIGNS and words.YUAN not in str(value)
        notices.append(notice(column, "currency_sign" if is_sign else "unit_in_cell", value))
    if amount.scale is None and scale is None:
        notices.append(notice(column, "unit_assumed", value))
    if amount.currency != "CNY":
        notices.append(notice(column, "foreign_currency", value, currency=amount.currency))
    return _bounded(column, value, amount.number * unit, notices, amount.currency)


def _bounded(column: Column, value: Cell, worth: Decimal, notices: list[Notice], currency: str) -> Parsed:
    if worth < 0:
        return bad(column, "negative", value)
    if worth >= LARGEST:
        return bad(column, "too_large", value)
    rounded = to_fen(worth)
    if rounded != worth:
        notices.append(notice(column, "rounded", value))
    return Parsed(rounded, tuple(notices), currency=currency)


def integer_of(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    match = _INTEGER.fullmatch(compact(str(value))) if isinstance(value, str) or is_number(value) else None
    if match is None:
        return bad(column, "bad_integer", value)
    number = int(match[1].replace(",", ""))
    return Parsed(number) if number <= _MOST_PEOPLE else bad(column, "too_large", value)


def ratio_of(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    if isinstance(value, (int, float)) and is_number(value):
        return Parsed(exact(value))
    match = re.fullmatch(r"(\d{1,9}(?:\.\d+)?)(%?)", compact(str(value)))
    if match is None:
        return bad(column, "bad_ratio", value)
    return Parsed(Decimal(match[1]) / 100 if match[2] else Decimal(match[1]))


def date_of(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    if isinstance(value, datetime):
        dropped = () if value.time() == time(0) else (notice(column, "time_dropped", value),)
        return Parsed(value.date(), dropped)
    if isinstance(value, date):
        return Parsed(value)
    day = None if isinstance(value, (bool, Lost)) or value is None else days.read_date(value)
    if day is None:
        return bad(column, "bad_date", value)
    if not days.is_serial(value):
        return Parsed(day)
    return Parsed(day, (notice(column, "serial_date", value, date=day.isoformat()),))


def month_of(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    if isinstance(value, date):
        return Parsed(MonthGiven(value.year, value.month), _doubted(column, value))
    found = None if isinstance(value, (bool, float, Lost)) or value is None else days.read_month(str(value))
    return bad(column, "bad_month", value) if found is None else Parsed(MonthGiven(*found))


def _doubted(column: Column, day: date) -> tuple[Notice, ...]:
    """A day within the month may be what a spreadsheet made of `1-9`; the first or last day stands for its month."""
    last = (day + timedelta(days=1)).month != day.month
    if day.day == 1 or (last and day.day > _MONTHS):
        return ()
    return (notice(column, "month_of_date", f"{day:%Y-%m-%d}", month=day.month),)


def year_of(column: Column, value: Cell, scale: Decimal | None) -> Parsed:
    year = days.read_year(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else None
    return bad(column, "bad_year", value) if year is None else Parsed(year)
