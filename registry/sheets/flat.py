"""Any table as rows of text, in and out, by the ending of its file: .tsv, .csv (both also .gz) and .xlsx.

A .tsv is plain: UTF-8, a line feed ends a row, a tab a cell, nothing is quoted, and every line counts as a row. A .csv
is read in whatever encoding and with whatever delimiter it has and written as spreadsheets open it; from it and from a
workbook only filled rows are read. Nothing is skipped or interpreted but the heading row.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, cast

from registry.base.errors import FILE_EMPTY, FILE_TRUNCATED, TEXT_ENCODING, FileRefused
from registry.sheets import delimited
from registry.sheets.csv_out import BYTE_ORDER_MARK, quiet
from registry.sheets.guard import inspect
from registry.sheets.process import ParsingProcess
from registry.sheets.shape import Limits

Cells = list[str]
Numbered = tuple[int, Cells]

ENDINGS = (".tsv", ".tsv.gz", ".csv", ".csv.gz", ".xlsx")
WORKBOOK_ROWS = 200_000
_SECONDS = 120
_STEADY_LEVEL = 6


def ending(path: Path) -> str:
    """One of `ENDINGS`, '' for any other name."""
    name = path.name.lower()
    return next((known for known in sorted(ENDINGS, key=len, reverse=True) if name.endswith(known)), "")


# -- in -------------------------------------------------------------------------------------------
def read_rows(path: Path, *, encoded: Callable[[str], None] | None = None) -> Iterator[Numbered]:
    """Rows as the spreadsheet numbers them, the first cell to the last filled one, as text; raises `FileRefused`.

    `encoded` is told in which encoding a .csv is read.
    """
    kind = ending(path)
    if kind.startswith(".tsv"):
        return _lines(path, gzipped=kind.endswith(".gz"))
    if kind == ".xlsx":
        return _workbook(path)
    return _delimited(path, encoded)


def _lines(path: Path, *, gzipped: bool) -> Iterator[Numbered]:
    number = 0
    opened = gzip.open if gzipped else Path.open
    try:
        with opened(path, "rb") as stream:
            for number, line in enumerate(stream, start=1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                yield number, text.rstrip("\r\n").split("\t")
    except UnicodeDecodeError as error:
        raise FileRefused(TEXT_ENCODING, row=number) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileRefused(FILE_TRUNCATED) from error
    if not number:
        raise FileRefused(FILE_EMPTY)


def _delimited(path: Path, encoded: Callable[[str], None] | None) -> Iterator[Numbered]:
    limits = Limits()
    gzipped = inspect(path, limits).format == "text.gz"
    text = delimited.examine(path, gzipped=gzipped, limits=limits)
    if encoded is not None:
        encoded(text.encoding)
    for number, cells in delimited.records(path, gzipped=gzipped, limits=limits, text=text):
        if any(cell and not cell.isspace() for cell in cells):
            yield number, cells


def _workbook(path: Path) -> Iterator[Numbered]:
    child = ParsingProcess(path, Limits(), _SECONDS)
    try:
        child.receive()
        while "end" not in (message := child.receive()):
            yield message["row"], [_text(cell) for cell in message["cells"]]
    finally:
        child.close()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, list):  # a date, or a value that is not in the file
        return "" if cell[0] == "lost" else str(cell[1])
    return str(cell)


# -- out ------------------------------------------------------------------------------------------
class TooManyRows(Exception):
    """More rows than a workbook should hold."""


class CellTooLong(Exception):
    """More characters in a cell than a workbook's cell can hold; the row, counted without the heading."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


CELL = 32_767
"""Characters a workbook's cell can hold; what is longer would be cut without a word."""


@contextmanager
def writing(path: Path) -> Iterator[Callable[[Sequence[Any]], None]]:
    """A function that writes a row; the file stands in its place only when all is written, else nothing does.

    Raises OSError, and TooManyRows beyond `WORKBOOK_ROWS` rows of a workbook.
    """
    draft = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        with draft.open("xb") as file, _writer(ending(path), file) as write:
            yield write
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _writer(kind: str, file: IO[bytes]) -> Iterator[Callable[[Sequence[Any]], None]]:
    if kind == ".xlsx":
        with _book(file) as write:
            yield write
        return
    packed = gzip.GzipFile("", "wb", _STEADY_LEVEL, file, mtime=0) if kind.endswith(".gz") else file
    text = io.TextIOWrapper(cast(IO[bytes], packed), "utf-8", newline="")
    yield _plain(text) if kind.startswith(".tsv") else _quoted(text)
    text.flush()
    text.detach()  # so that only what was opened here is closed here
    if packed is not file:
        packed.close()


def _plain(text: IO[str]) -> Callable[[Sequence[Any]], None]:
    def write(row: Sequence[Any]) -> None:
        text.write("\t".join(str(cell).translate(_GAPS) for cell in row) + "\n")

    return write


_GAPS = str.maketrans("\t\n\r", "   ")


def _quoted(text: IO[str]) -> Callable[[Sequence[Any]], None]:
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    return lambda row: writer.writerow([quiet(cell) if isinstance(cell, str) else cell for cell in row])


@contextmanager
def _book(file: IO[bytes]) -> Iterator[Callable[[Sequence[Any]], None]]:
    import xlsxwriter  # only a workbook needs it

    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    written = 0

    def write(row: Sequence[Any]) -> None:
        nonlocal written
        if written > WORKBOOK_ROWS:
            raise TooManyRows
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                if len(cell) > CELL:
                    raise CellTooLong(written)
                sheet.write_string(written, column, cell)
            else:
                sheet.write_number(written, column, cell)
        written += 1

    yield write
    book.close()


def padded(rows: Iterable[Numbered], width: int) -> Iterator[Numbered]:
    """Rows of `width` cells at least; cells beyond the heading are kept."""
    for number, cells in rows:
        yield number, cells + [""] * (width - len(cells))
