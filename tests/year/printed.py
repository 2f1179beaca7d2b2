"""Reads an exported workbook of a quarter back into tables, by the words of its headings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl

Table = list[dict[str, Any]]
FEN = Decimal("0.01")
TEN_THOUSANDTH = Decimal("0.0001")


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def table(rows: list[list[Any]], first: str) -> Table:
    """The rows below the heading row that holds `first`, down to the first row without a value under it."""
    start = next(number for number, row in enumerate(rows) if first in [_plain(cell) for cell in row])
    headings = [_plain(cell) for cell in rows[start]]
    return [
        dict(zip(headings, row, strict=False)) for row in rows[start + 1 :] if row[headings.index(first)] is not None
    ]


def directory(content: bytes) -> Table:
    """The firms of the first sheet; its subtotals and total are told apart by their missing code."""
    return [row for row in table(sheets(content)["名录"], "企业名称") if row["统一社会信用代码"]]


def totals(content: bytes) -> Iterator[tuple[str, Decimal, Decimal]]:
    """(label, last year, year to date) of every line of sums of the first sheet."""
    for row in sheets(content)["名录"]:
        words = [cell for cell in row if isinstance(cell, str)]
        label = next((cell for cell in words if cell.startswith(("合计", "小计")) or "小计" in cell), None)
        numbers = [cell for cell in row if isinstance(cell, int | float)]
        if label and len(numbers) >= 2:
            yield label, wan(numbers[0]), wan(numbers[1])


def wan(value: Any) -> Decimal:
    """A cell of money: binary in the file, exact to the fen."""
    return Decimal(str(value)).quantize(FEN)


def share(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(TEN_THOUSANDTH)


def day(value: Any) -> date:
    return (
        value.date() if isinstance(value, datetime) else value if isinstance(value, date) else date.fromisoformat(value)
    )


def _plain(cell: Any) -> str:
    return str(cell).replace("\n", "").split("（")[0].split("(")[0].strip() if cell is not None else ""
