"""What a stored value looks like in a cell: 万元 for yuan, labels for codes, and text that can never be a formula."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from registry.base.errors import CellTooLong
from registry.base.vocabulary import CHOICES
from registry.sheets import wording
from registry.sheets.columns import Column, ColumnKind
from registry.sheets.wording import LIST_JOINT

CellValue = str | int | float | Decimal | date | None

YUAN_PER_UNIT = Decimal(10_000)
TEXT_LIMIT = 32_767
"""Characters (UTF-16 units) a spreadsheet cell can hold; writers would cut the rest without a word."""
FIRST_DATE = date(1900, 3, 1)
"""Serial numbers of earlier days mean different days in different programs; such dates go out as text."""

_TEXT_KINDS = frozenset({ColumnKind.CODE, ColumnKind.MONTH, ColumnKind.YEAR, ColumnKind.PHONE, ColumnKind.INDUSTRY})
_BREAKS = re.compile(r"\r\n?")
_ESCAPE_LIKE = re.compile(r"(_x[0-9a-fA-F]{4}_)")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")


def stated(column: Column, row: Mapping[str, Any]) -> CellValue:
    """The cell of a row; an amount that waits for the paper of its period says so (`pending`: those columns)."""
    return wording.PENDING if column.key in row.get("pending", ()) else cell_value(column, row.get(column.key))


def cell_value(column: Column, value: Any) -> CellValue:
    """The value of one cell: `value` as stored (codes, yuan, dates) -> text, number or date as a person reads it.

    Money becomes 万元 in full precision. A text stays a text in every kind of column, so a raw cell that could not be
    understood goes back as it was typed; capital in another currency must be given so (`1000万美元`). A month is a
    number, a text or a pair of year (or None) and month. Empty text and None are an empty cell.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        value = value.date()
    if column.choices is not None:
        value = _labelled(column.choices, value)
    if isinstance(value, str):
        return visible(value)
    if column.kind is ColumnKind.MONTH and isinstance(value, tuple):
        return _month(*value)
    if isinstance(value, list | tuple):
        return visible(LIST_JOINT.join(str(item) for item in value))
    if isinstance(value, date):
        return value if value >= FIRST_DATE else value.isoformat()
    if column.kind in _TEXT_KINDS or isinstance(value, bool):
        return str(value)
    if column.kind is ColumnKind.MONEY and isinstance(value, Decimal | int):
        return Decimal(value) / YUAN_PER_UNIT
    return _checked_number(value)


def _labelled(choices: str, value: Any) -> Any:
    labels: Mapping[str, str] = CHOICES.get(choices, {})
    if isinstance(value, list | tuple):
        return tuple(labels.get(item, item) for item in value)
    return labels.get(value, value) if isinstance(value, str) else value


def _month(year: int | None, month: int) -> str:
    return str(month) if year is None else f"{year}-{month:02d}"


def _checked_number(value: Any) -> CellValue:
    if isinstance(value, int | float | Decimal):
        return value
    raise TypeError(f"no cell can hold a {type(value).__name__}")


def visible(text: str) -> str:
    """`text` with what a workbook cannot hold (controls, lone surrogates) shown as U+FFFD, never dropped unseen."""
    return _UNPRINTABLE.sub("\ufffd", _BREAKS.sub("\n", str(text)))


def openxml_text(text: str) -> str:
    """`text` for a writer that does not escape `_x0041_`, which a spreadsheet would read back as the character A."""
    return _ESCAPE_LIKE.sub(r"_x005F\1", text)


def exact_number(value: int | float | Decimal) -> float | str:
    """A number for a spreadsheet, or its digits as text where a double of 16 digits would lose a part of it."""
    number = float(value)
    if isinstance(value, float):
        return number
    places = Decimal(value).as_tuple().exponent
    kept = Decimal(f"{number:.16G}")
    same = kept.quantize(Decimal(1).scaleb(places)) if isinstance(places, int) else kept
    return number if same == value else format(value, "f")


def fitting(text: str, *, row: int, heading: str) -> str:
    """`text` if a cell can hold it. Raises CellTooLong (`row` is the sheet's row number, from 1)."""
    length = len(text) if len(text) * 2 <= TEXT_LIMIT else len(text.encode("utf-16-le")) // 2
    if length > TEXT_LIMIT:
        raise CellTooLong(row=row, column=heading, length=length)
    return text


def totals(columns: Sequence[Column]) -> dict[str, Decimal]:
    """A zero for every column that a total row adds: money that was received or paid, never a line or a rate."""
    return {column.key: Decimal(0) for column in columns if is_added(column)}


def is_added(column: Column) -> bool:
    """Whether adding the cells of the column means something."""
    return column.kind is ColumnKind.MONEY and not column.derived


def add_row(sums: dict[str, Decimal], row: Mapping[str, Any]) -> None:
    """Add one row's yuan to `sums`; an amount in another currency (text) is not added."""
    for key in sums:
        value = row.get(key)
        if isinstance(value, Decimal | int):
            sums[key] += value
