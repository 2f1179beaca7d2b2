"""Days, months and years as people and spreadsheets write them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from registry.base.characters import plainly
from registry.sheets.amounts import compact
from registry.sheets.words import DATE, MONTH, MONTH_RUN

FIRST_YEAR, LAST_YEAR = 1900, 2100
_SERIAL_DAY = date(1899, 12, 30)
_LAST_SERIAL = 73_000
_DATE = re.compile(rf"{DATE}(?:[T ]?\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\.0+)?)?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"[1-9]\d{4}(?:\.\d+)?")
_MONTH = re.compile(MONTH)
_MONTH_RUN = re.compile(MONTH_RUN)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def read_date(value: str | float) -> date | None:
    """`2021-09-30`, `2021/9/30`, `2021年9月30日`, `20210930`, or the day number of a spreadsheet (1900 system)."""
    text = _plain(value)
    match = _DATE.fullmatch(text) or _DIGITS.fullmatch(text)
    if match:
        return _day(*(int(part) for part in match.groups()))
    if is_serial(value):
        return _SERIAL_DAY + timedelta(days=int(float(text)))
    return None


def is_serial(value: object) -> bool:
    """Whether the value can only be a spreadsheet's day number, of 1927 to 2099."""
    text = _plain(value)
    return bool(_SERIAL.fullmatch(text)) and float(text) < _LAST_SERIAL


def read_month(text: str) -> tuple[int | None, int] | None:
    """`9`, `9月`, `1-9月`, `2021-09`, `202109`, or the month of a full date; None where two readings are possible."""
    plain = _OF_MONTH.sub("月", compact(_in_digits(text)))
    full = _DATE.fullmatch(plain)
    if full:
        year, month, day = (int(part) for part in full.groups())
        doubtful = month == 1 and day <= 12 and plain.isascii()
        return None if doubtful else _checked(year, month)
    match = _MONTH_RUN.fullmatch(plain) or _MONTH.fullmatch(plain)
    return _checked(int(match[1]) if match[1] else None, int(match[2])) if match else None


def read_year(text: str) -> int | None:
    """The last year written: `2017`, `2017版`, `GB/T 4754-2017`."""
    years = _YEAR.findall(_plain(text))
    return int(years[-1]) if years else None


def _plain(value: object) -> str:
    return plainly(_in_digits(str(value))).strip()


def _in_digits(text: str) -> str:
    """`二〇二一年九月三十日` in digits; any other text as it is."""
    if _NUMERAL.search(text) is None:
        return text
    years = _NUMERAL_YEAR.sub(lambda found: "".join(str(_NUMERALS[sign]) for sign in found[0]), text)
    return _NUMERAL_DAY.sub(lambda found: str(_number(found[0])), years)


def _number(words: str) -> int:
    """`九`, `十`, `十二`, `三十`, `三十一`."""
    tens, ten, ones = words.rpartition("十")
    return (_NUMERALS[tens] if tens else 1) * 10 * bool(ten) + (_NUMERALS[ones] if ones else 0)


_NUMERALS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_NUMERAL = re.compile("[〇零○一二三四五六七八九十](?=[年月日号])")
_NUMERAL_YEAR = re.compile("[〇零○一二三四五六七八九]{4}(?=年)")
_NUMERAL_DAY = re.compile("(?:[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[月日号])")
_OF_MONTH = re.compile("月(?:份?[底末止]|份)$")


def _day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _checked(year: int | None, month: int) -> tuple[int | None, int] | None:
    if not 1 <= month <= 12 or (year is not None and not FIRST_YEAR <= year <= LAST_YEAR):
        return None
    return year, month
