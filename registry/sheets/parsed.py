"""A cell before and after it is read: what the child sends, what the directory may store, and what is said about it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from registry.base.contacts import RESTRICTED, masked
from registry.base.faults import Fault, Notice
from registry.sheets.columns import Column

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Lost:
    """A value that the file does not hold: kind `error` (#N/A), `formula` (never calculated), `number` (infinite)."""

    kind: str


Cell = str | int | float | bool | date | datetime | Lost | None


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


def absent(column: Column) -> Parsed:
    return fault_of(column, "required") if column.required else Parsed(None)


def fault_of(column: Column, code: str, **values: object) -> Parsed:
    return Parsed(None, fault=Fault(code, column.key, {"heading": column.heading, **values}))


def bad(column: Column, code: str, value: object, **values: object) -> Parsed:
    return fault_of(column, code, text=_shown(column, value), **values)


def notice(column: Column, code: str, value: object, **values: object) -> Notice:
    return Notice(code, {"heading": column.heading, "text": _shown(column, value), **values})


def _shown(column: Column, value: object) -> str:
    """What a sentence repeats of a cell; of a contact no more than anybody may see."""
    text = masked(column.key, str(value)) if column.key in RESTRICTED else str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
