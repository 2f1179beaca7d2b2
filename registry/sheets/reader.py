"""Reads an uploaded table row by row out of a child process, so that no hostile file can harm this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from registry.base.errors import FILE_ROWS_DIFFER, FileRefused
from registry.base.faults import Fault
from registry.base.vocabulary import NOTICE
from registry.sheets.columns import CLOSING_WORDS
from registry.sheets.guard import refuse_by_name
from registry.sheets.headings import SEARCHED_ROWS, Heading, RecognisedColumn, plain, require_heading
from registry.sheets.parsed import Cell, Lost
from registry.sheets.process import ParsingProcess
from registry.sheets.shape import Limits

__all__ = ["JOB_SECONDS", "PAGE_SECONDS", "Cell", "Lost", "UploadedRow", "UploadedTable", "read_table"]

PAGE_SECONDS = 15
JOB_SECONDS = 120
# What stands under the rows of a list on paper, and under those of our own files.
_SIGNATURES = (*(f"{word}:" for word in CLOSING_WORDS), plain(NOTICE))


@dataclass(frozen=True, slots=True)
class UploadedRow:
    """One filled data row: its number in the spreadsheet, a cell for each column of the heading row (None where empty).

    `fault` is set where a record of a text file has more or fewer cells than the heading.
    """

    number: int
    cells: tuple[Cell, ...]
    fault: Fault | None = None


@dataclass(slots=True)
class UploadedTable:
    """An opened table; iterate `rows` once, and close it (it is a context manager) to end the child."""

    sheet: str | None
    format: str
    encoding: str | None
    heading: Heading
    unread_sheets: tuple[str, ...]
    expected_rows: int
    rows: Iterator[UploadedRow]
    skipped: list[tuple[int, str]]
    """Row and first words of totals, signatures and repeated headings that were passed over; grows while reading."""
    process: ParsingProcess = field(repr=False)
    token: str | None = None
    """Of a workbook of ours: its number and version (`tokens.split`)."""
    formulas: frozenset[tuple[int, int]] = frozenset()
    """Row and column (1-based) of cells that are computed."""

    @property
    def heading_row(self) -> int:
        return self.heading.row

    @property
    def columns(self) -> tuple[RecognisedColumn, ...]:
        return self.heading.columns

    def recognised(self) -> Mapping[str, RecognisedColumn]:
        """Key -> column of the file, in the file's order."""
        return {column.key: column for column in self.heading.columns if column.key is not None}

    def close(self) -> None:
        self.process.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


Recognise = Callable[[Sequence[tuple[int, Sequence[Cell]]]], Heading]


def read_table(
    path: Path,
    *,
    limits: Limits | None = None,
    cpu_seconds: int = PAGE_SECONDS,
    name: str | None = None,
    recognise: Recognise = require_heading,
) -> UploadedTable:
    """Open the table in `path`; `name` is the file name it was uploaded under, if known.

    `recognise` finds the columns in the first rows; a heading in row 0 means that the file begins with data.

    Raises FileNotFoundError, and `FileRefused` with the reason: at once or, for damage further down, while `rows` is
    iterated; then nothing of the file may be kept. Rows stream; memory does not grow with the file.
    """
    if name is not None:
        refuse_by_name(name)
    child = ParsingProcess(path, limits or Limits(), cpu_seconds)
    try:
        start = child.receive()
        messages = _filled_rows(child)
        head = _head(messages)
        heading = recognise(head)
    except BaseException:
        child.close()
        raise
    skipped: list[tuple[int, str]] = []
    is_text = start["format"] != "xlsx"
    return UploadedTable(
        sheet=start["sheet"],
        format=start["format"],
        encoding=start.get("encoding"),
        heading=heading,
        unread_sheets=tuple(start.get("unread", ())),
        expected_rows=start["expected"],
        rows=_data_rows(head, messages, heading, skipped, is_text=is_text),
        skipped=skipped,
        process=child,
        token=start.get("token"),
        formulas=frozenset((row, column) for row, column in start.get("formulas", ())),
    )


def _filled_rows(child: ParsingProcess) -> Iterator[tuple[int, list[Cell]]]:
    count = 0
    while "end" not in (message := child.receive()):
        count += 1
        yield message["row"], [_cell(value) for value in message["cells"]]
    child.close()
    if message["rows"] != count:
        raise FileRefused(FILE_ROWS_DIFFER, expected=message["rows"], read=count)


def _head(rows: Iterator[tuple[int, list[Cell]]]) -> list[tuple[int, list[Cell]]]:
    head = []
    for number, cells in rows:
        head.append((number, cells))
        if number >= SEARCHED_ROWS:
            break
    return head


def _data_rows(
    head: list[tuple[int, list[Cell]]],
    rows: Iterator[tuple[int, list[Cell]]],
    heading: Heading,
    skipped: list[tuple[int, str]],
    *,
    is_text: bool,
) -> Iterator[UploadedRow]:
    width = max(column.index for column in heading.columns) + 1
    judge = _RowJudge(heading, next((len(cells) for number, cells in head if number == heading.row), width))
    for source in (iter(head), rows):
        for number, cells in source:
            if number <= heading.row:
                continue
            words = judge.passes_over(cells)
            if words is not None:
                skipped.append((number, words))
            else:
                yield judge.row(number, cells, is_text=is_text)


class _RowJudge:
    """Tells data rows from totals, signatures and repeated headings."""

    def __init__(self, heading: Heading, width: int) -> None:
        self.width = width
        self.data_width = max(width, max(column.index for column in heading.columns) + 1)
        places = {column.key: column.index for column in heading.columns}
        self.name = places["name"]
        self.code = places.get("credit_code", -1)
        self.headings = {column.index: column.heading for column in heading.columns}

    def passes_over(self, cells: list[Cell]) -> str | None:
        """The first words of a row that is no data; None for data."""
        first = next((cell for cell in cells if cell is not None), None)
        if not isinstance(first, str):
            return None
        name = self._at(cells, self.name)
        if name == self.headings[self.name] and self._repeats_heading(cells):
            return first
        return first[:20] if self._closes(first[:40], name[:40]) and not self._has_code(cells) else None

    def _closes(self, first: str, name: str) -> bool:
        words = plain(first)
        signed = words in CLOSING_WORDS or words.startswith(_SIGNATURES)
        return signed or (plain(name) in CLOSING_WORDS if name else words.startswith(CLOSING_WORDS))

    def _has_code(self, cells: list[Cell]) -> bool:
        code = self._at(cells, self.code)
        return len(code) >= 8 and code.isascii()

    def row(self, number: int, cells: list[Cell], *, is_text: bool) -> UploadedRow:
        fault = None
        if is_text and len(cells) != self.width:
            fault = Fault("cells", values={"count": len(cells), "expected": self.width}, row=number)
        padded = (*cells, *[None] * (self.data_width - len(cells)))
        return UploadedRow(number, padded[: self.data_width], fault)

    def _at(self, cells: list[Cell], index: int) -> str:
        cell = cells[index] if 0 <= index < len(cells) else None
        return "" if cell is None else str(cell).strip()

    def _repeats_heading(self, cells: list[Cell]) -> bool:
        return all(self._at(cells, index) in ("", heading) for index, heading in self.headings.items())


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return None if not value or value.isspace() else value
    if isinstance(value, list):
        kind, text = value
        if kind == "date":
            return date.fromisoformat(text)
        return datetime.fromisoformat(text) if kind == "time" else Lost(text)
    return value  # type: ignore[no-any-return]
