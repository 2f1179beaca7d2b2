"""The ledger as CSV for any number of rows: UTF-8 with its mark, headings with units, no live formula."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BufferedRandom, StringIO, TextIOWrapper
from os import PathLike
from pathlib import Path
from typing import IO, Any

from registry.base.vocabulary import NOTICE
from registry.sheets.columns import Column, ColumnKind
from registry.sheets.values import CellValue, stated

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets on Chinese Windows take the file for GBK."""
_LIVE = re.compile(r"'?[=+\-@\t\r]")
_CHUNK = 1_000
_FEN = Decimal("0.01")


def write_csv(
    target: str | PathLike[str] | IO[bytes], columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]
) -> int:
    """Write `rows` (mappings by column key, as in `write_ledger`) and return their number."""
    count = 0

    def counted() -> Iterator[Mapping[str, Any]]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    if isinstance(target, str | PathLike):
        with Path(target).open("wb") as stream:
            stream.writelines(csv_chunks(columns, counted()))
    else:
        target.writelines(csv_chunks(columns, counted()))
    return count


def csv_chunks(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The same file piece by piece, for an answer that is streamed."""
    buffer = StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer)
    writer.writerow([column.heading_with_unit for column in columns])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_printed(column, stated(column, row)) for column in columns])
        if number % _CHUNK == 0:
            yield _drained(buffer)
    writer.writerow(last_row(len(columns)))
    yield _drained(buffer)


def last_row(width: int) -> list[str]:
    """What every list with figures says, under its rows, where no reader takes it for a heading; our own passes it."""
    return [NOTICE, *[""] * (width - 1)]


def write_table(file: BufferedRandom, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> tuple[int, str]:
    """A table of texts, made harmless for spreadsheets, with the notice under it; its rows and the file's SHA-256.

    The file is left open, at its end.
    """
    text, count = TextIOWrapper(file, "utf-8-sig", newline=""), 0
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        count += 1
        writer.writerow([quiet(str(cell)) for cell in row])
    writer.writerow(last_row(len(headings)))
    text.detach()
    file.seek(0)
    return count, hashlib.file_digest(file, "sha256").hexdigest()


def write_rows(file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """A table for programs: headings and rows made harmless, and no line that is none of them; how many rows."""
    text, count = TextIOWrapper(file, "utf-8-sig", newline=""), 0
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        count += 1
        writer.writerow([quiet(str(cell)) for cell in row])
    text.detach()
    return count


def _drained(buffer: StringIO) -> bytes:
    piece = buffer.getvalue().encode("utf-8")
    buffer.seek(0)
    buffer.truncate()
    return piece


def _printed(column: Column, value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return quiet(value)
    if isinstance(value, date):
        return value.isoformat()
    if column.kind is ColumnKind.RATIO:
        return f"{_plain(Decimal(str(value)) * 100)}%"
    return _plain(value) if column.kind is ColumnKind.MONEY else str(value)


def _plain(value: float | Decimal) -> str:
    """All digits, at least two decimals, no exponent."""
    number = Decimal(str(value))
    shown = number.quantize(_FEN) if number == number.quantize(_FEN) else number.normalize()
    return format(shown, "f")


def quiet(text: str) -> str:
    """`text` with a leading `'` where a spreadsheet would take it for a formula (ASVS 1.2.10); our reader drops it.

    A text that already begins so gets one more, so that reading drops exactly the one that was added here.
    """
    return f"'{text}" if _LIVE.match(text) else text
