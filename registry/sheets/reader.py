"""Reads an uploaded table row by row out of a child process, so that no hostile file can harm this one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from registry.base.errors import FILE_IS_WORKBOOK, FILE_ROWS_DIFFER, FileRefused
from registry.base.faults import Fault
from registry.sheets import tokens
from registry.sheets.byhand import HeadingChoices
from registry.sheets.columns import ColumnKind, by_key, has_key
from registry.sheets.guard import refuse_by_name
from registry.sheets.headings import SEARCHED_ROWS, Around, Heading, RecognisedColumn, find_heading, require_heading
from registry.sheets.parsed import Cell, Lost
from registry.sheets.process import ParsingProcess
from registry.sheets.rowkinds import RowJudge
from registry.sheets.shape import Limits
from registry.sheets.units import Unit

__all__ = ["JOB_SECONDS", "PAGE_SECONDS", "Cell", "Lost", "UploadedRow", "UploadedTable", "read_table"]

PAGE_SECONDS = 15
JOB_SECONDS = 120
PASSED = 20
SHEET_STEP = 10_000_000
"""The rows of a further sheet are numbered on from a multiple of this, so that every row of a file has one number."""


@dataclass(frozen=True, slots=True)
class UploadedRow:
    """One filled data row: its number, a cell for each column of its heading row (None where empty).

    `number` is the spreadsheet's, in a further sheet with `SHEET_STEP` added: `place_of` tells. `fault` is set where a
    record of a text file has cells that stand under no heading. `filled`: index -> row from which a merged cell was
    filled down; `shared`: indexes of a figure merged over several rows. `marks`: `hidden`, `filtered`, `struck`,
    `alone` (a name without anything else), `loose` (its quotes did not pair), `short` (cells are missing at its end).
    """

    number: int
    cells: tuple[Cell, ...]
    fault: Fault | None = None
    heading: Heading | None = field(default=None, compare=False)
    group: str = ""
    filled: Mapping[int, int] = field(default_factory=dict)
    shared: tuple[int, ...] = ()
    dittos: Mapping[int, int] = field(default_factory=dict)
    """Index -> the row above whose cell 同上 means."""
    marks: tuple[str, ...] = ()


@dataclass(slots=True)
class SheetRead:
    """A sheet of the file: `why` it was not read (`hidden`, `none`: no heading row, `other`: another list), else ''."""

    name: str
    """Empty for a text file, which has no sheets."""
    why: str = ""
    heading_row: int = 0
    rows: int = 0
    blank: int = 0
    filtered: bool = False
    hidden_columns: tuple[str, ...] = ()
    """Letters of columns that the sheet does not show, and under which something is read all the same."""


@dataclass(slots=True)
class UploadedTable:
    """An opened table; iterate `rows` once, and close it (it is a context manager) to end the child."""

    sheet: str | None
    format: str
    encoding: str | None
    heading: Heading
    sheets: list[SheetRead]
    expected_rows: int
    rows: Iterator[UploadedRow]
    skipped: list[tuple[int, str]]
    """Row and first words of what is no firm and was passed over; grows while reading."""
    process: ParsingProcess = field(repr=False)
    token: str | None = None
    """Of a workbook of ours: its number and version (`tokens.split`)."""
    formulas: frozenset[tuple[int, int]] = frozenset()
    """Row and column (1-based) of cells that are computed."""
    headings: list[Heading] = field(default_factory=list)
    """Every heading row that was met; grows while reading."""
    passed: deque[tuple[int, tuple[Cell, ...]]] = field(default_factory=deque)
    """The last `PASSED` rows that were passed over, whole: a total stands among them; grows while reading."""

    @property
    def unread_sheets(self) -> tuple[str, ...]:
        return tuple(sheet.name for sheet in self.sheets if sheet.why and sheet.why != "hidden")

    @property
    def heading_row(self) -> int:
        return self.heading.row

    @property
    def columns(self) -> tuple[RecognisedColumn, ...]:
        return self.heading.columns

    def recognised(self) -> Mapping[str, RecognisedColumn]:
        """Key -> column of the file, in the file's order."""
        return {column.key: column for column in self.heading.columns if column.key is not None}

    def refuse_workbook(self) -> None:
        """Raise `FileRefused` for a workbook that we issued: it has a door of its own. Closes the table."""
        if self.token is not None:
            self.close()
            raise FileRefused(FILE_IS_WORKBOOK, token=tokens.split(self.token)[0])

    def close(self) -> None:
        self.process.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


Recognise = Callable[[Sequence[tuple[int, Sequence[Cell]]], Around], Heading]


def place_of(number: int) -> tuple[int, int]:
    """Which of the sheets that were read (from 0), and the row that the spreadsheet shows there."""
    return divmod(number, SHEET_STEP)


def read_table(
    path: Path,
    *,
    limits: Limits | None = None,
    cpu_seconds: int = PAGE_SECONDS,
    name: str | None = None,
    recognise: Recognise = require_heading,
    year: int | None = None,
    by_hand: HeadingChoices | None = None,
) -> UploadedTable:
    """Open the table in `path`; `name` is the file name it was uploaded under, if known, `year` what 本年 in it is.

    `by_hand`: what a person said of headings that are not known.

    `recognise` finds the columns in the first rows; a heading in row 0 means that the file begins with data.

    Raises FileNotFoundError, and `FileRefused` with the reason: at once or, for damage further down, while `rows` is
    iterated; then nothing of the file may be kept. Rows stream; memory does not grow with the file.
    """
    if name is not None:
        refuse_by_name(name)
    child = ParsingProcess(path, limits or Limits(), cpu_seconds, by_hand)
    try:
        start = child.receive()
        reading = _Reading(child, start, recognise, year, by_hand or {})
        reading.open(start)
    except BaseException:
        child.close()
        raise
    return UploadedTable(
        sheet=start["sheet"],
        format=start["format"],
        encoding=start.get("encoding"),
        heading=reading.heading,
        sheets=reading.sheets,
        expected_rows=start["expected"],
        rows=reading.rows(),
        skipped=reading.skipped,
        process=child,
        token=start.get("token"),
        formulas=frozenset((row, column) for row, column in start.get("formulas", ())),
        headings=reading.headings,
        passed=reading.passed,
    )


class _Reading:
    """Follows the child's messages through the sheets of a file."""

    def __init__(
        self,
        child: ParsingProcess,
        start: dict[str, Any],
        recognise: Recognise,
        year: int | None,
        by_hand: HeadingChoices,
    ) -> None:
        self.child = child
        self.recognise = recognise
        self.year, self.by_hand = year, by_hand
        self.is_text = start["format"] != "xlsx"
        self.skipped: list[tuple[int, str]] = []
        self.headings: list[Heading] = []
        self.passed: deque[tuple[int, tuple[Cell, ...]]] = deque(maxlen=PASSED)
        self.sheets = [SheetRead(name, why) for name, why, _ in start.get("others", ())]
        self.count = 0
        self.at = -1
        self.next_sheet: dict[str, Any] | None = None

    def open(self, layout: dict[str, Any]) -> None:
        """Begin a sheet: its first rows, and the heading found in them."""
        self.at += 1
        self.layout = _Layout(layout)
        around = Around(tuple(layout.get("foot", ())), self.layout.shown, self.year, self.by_hand)
        self.around = around
        self.messages = self._filled_rows()
        self.head = _head(self.messages)
        self.heading = self.recognise([(number, cells) for number, cells, _ in self.head], around)
        self.headings.append(self.heading)
        unseen = tuple(c.letter for c in self.heading.columns if c.key and c.index + 1 in self.layout.hidden_columns)
        self.sheet = SheetRead(
            layout["sheet"] or "", "", self.heading.row, filtered=self.layout.filtered, hidden_columns=unseen
        )
        self.sheets.insert(self.at, self.sheet)

    def rows(self) -> Iterator[UploadedRow]:
        while True:
            yield from self._rows_of_sheet()
            if self.next_sheet is None:
                return
            layout, self.next_sheet = self.next_sheet, None
            self.open(layout)

    def _filled_rows(self) -> Iterator[tuple[int, list[Cell], bool]]:
        while True:
            message = self.child.receive()
            if "row" in message:
                self.count += 1
                yield message["row"], [cell_of(value) for value in message["cells"]], "loose" in message
            elif "sheet" in message:
                self.next_sheet = message
                return
            else:
                break
        self.child.close()
        if message["rows"] != self.count:
            raise FileRefused(FILE_ROWS_DIFFER, expected=message["rows"], read=self.count)

    def _rows_of_sheet(self) -> Iterator[UploadedRow]:
        step, group, heading = self.at * SHEET_STEP, "", self.heading
        named = max(column.index for column in heading.columns) + 1  # where there is no row of headings
        width = next((len(cells) for number, cells, _ in self.head if number == heading.row), named)
        judge = RowJudge(heading)
        filler = _Filler(self.layout, heading)
        last = heading.end
        for source in (iter(self.head), self.messages):
            for number, cells, loose in source:
                if number <= heading.end:
                    if number < heading.row and (words := judge.lost_above(cells)):
                        self.skipped.append((step + number, words))
                    continue
                self.sheet.blank += number - last - 1
                last = number
                words = judge.passes_over(cells)
                if words is None or judge.code < 0:
                    other = judge.new_heading(number, cells)
                    if other is not None and not judge.repeats(other):
                        heading = self._begin(other)
                        judge, width, filler = RowJudge(heading), len(cells), _Filler(self.layout, heading)
                        continue
                    words = (words or judge.label_of(cells)) if other is None else str(cells[judge.name])
                if words is not None:
                    group = judge.group_of(cells) or group
                    self.skipped.append((step + number, words))
                    self.passed.append((step + number, tuple(cells)))
                    continue
                self.sheet.rows += 1
                shape = _Shape(number, step, group, width, loose, self.is_text)
                yield _row(shape, cells, judge, filler, self.layout)

    def _begin(self, found: Heading) -> Heading:
        """Another table below the first, under its own heading."""
        heading = find_heading([(1, [None] * 0), (2, _cells_of(found))], self.around) or found
        heading = Heading(found.row, heading.columns)
        self.headings.append(heading)
        return heading


def _cells_of(heading: Heading) -> list[str | None]:
    cells: list[str | None] = [None] * (max(column.index for column in heading.columns) + 1)
    for column in heading.columns:
        cells[column.index] = column.heading
    return cells


class _Layout:
    """What the child said of a sheet before its rows."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.filtered = bool(told.get("filtered"))
        self.struck = frozenset(told.get("struck", ()))
        self.hidden_columns = frozenset(told.get("hidden_columns", ()))
        self.hidden = frozenset(row for first, last in told.get("hidden", ()) for row in range(first, last + 1))
        self.shown = {index: Unit(Decimal(scale), currency) for index, scale, currency in told.get("shown", ())}
        self.merges = [tuple(merge) for merge in told.get("merges", ())]


_SHARED_KINDS = frozenset(
    {ColumnKind.DIVISION, ColumnKind.TOWN, ColumnKind.INDUSTRY, ColumnKind.MONTH, ColumnKind.YEAR, ColumnKind.CHOICE}
)
"""What one merged cell may say of several firms; an amount, a name or a code is one firm's."""
_DITTOS = frozenset(("同上", "〃", "″", "“", "”", '"', "''", "..", "…", "同前"))


class _Filler:
    """Fills what is merged over several rows down to each of them, and remembers the figures that cannot be shared."""

    def __init__(self, layout: _Layout, heading: Heading) -> None:
        kinds = {c.index: by_key(c.key).kind for c in heading.columns if c.key and has_key(c.key)}
        self.starts: dict[tuple[int, int], int] = {}
        self.shared: set[tuple[int, int]] = set()
        self.values: dict[int, tuple[int, int, Cell]] = {}
        for top, left, bottom, right in layout.merges:
            for index in range(left - 1, right):
                if top > heading.end and kinds.get(index) in _SHARED_KINDS:
                    self.starts[top, index] = bottom
                elif top > heading.end and kinds.get(index) in (ColumnKind.MONEY, ColumnKind.INTEGER):
                    self.shared.add((top, index))
        self.idle = not (self.starts or self.shared)
        self.kinds = {index for index, kind in kinds.items() if kind in _SHARED_KINDS}
        self.above: dict[int, tuple[int, Cell]] = {}

    def repeat(self, row: int, cells: list[Cell]) -> dict[int, int]:
        """Put what the row above says in the place of 同上 or 〃; index -> the row that says it."""
        found: dict[int, int] = {}
        for index in self.kinds:
            cell = cells[index] if index < len(cells) else None
            if isinstance(cell, str) and cell.strip() in _DITTOS and index in self.above:
                found[index], cells[index] = self.above[index]
            elif cell is not None:
                self.above[index] = row, cell
        return found

    def fill(self, row: int, cells: list[Cell]) -> dict[int, int]:
        """Put the values of running merges into the row; index -> the row where the merged cell begins."""
        found: dict[int, int] = {}
        for index, (top, bottom, value) in list(self.values.items()):
            if row > bottom:
                del self.values[index]
            elif value is not None:
                cells.extend([None] * (index + 1 - len(cells)))
                if cells[index] is None:
                    cells[index], found[index] = value, top
        for index in range(len(cells)):
            end = self.starts.get((row, index))
            if end is not None:
                self.values[index] = (row, end, cells[index])
        return found


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where a row stands and how wide it should be."""

    number: int
    step: int
    group: str
    width: int
    loose: bool
    is_text: bool


def _row(shape: _Shape, cells: list[Cell], judge: RowJudge, filler: _Filler, layout: _Layout) -> UploadedRow:
    number, heading = shape.number, judge.heading
    data_width = max(shape.width, max(column.index for column in heading.columns) + 1)
    fault, marks = None, []
    if shape.is_text and len(cells) != shape.width:
        if any(cell is not None for cell in cells[shape.width :]) or len(cells) <= max(judge.name, judge.code):
            fault = Fault("cells", values={"count": len(cells), "expected": shape.width}, row=number)
        elif len(cells) < shape.width:
            marks.append("short")
    alone = judge.is_name_alone(cells)
    filled = {} if filler.idle else filler.fill(number, cells)
    dittos = filler.repeat(number, cells) if filler.kinds else {}
    shared = () if filler.idle else tuple(index for index in range(len(cells)) if (number, index) in filler.shared)
    if number in layout.hidden:
        marks.append("filtered" if layout.filtered else "hidden")
    if number in layout.struck:
        marks.append("struck")
    if alone:
        marks.append("alone")
    if shape.loose:
        marks.append("loose")
    padded = (*cells, *[None] * (data_width - len(cells)))
    return UploadedRow(
        shape.step + number, padded[:data_width], fault, heading, shape.group, filled, shared, dittos, tuple(marks)
    )


def _head(rows: Iterator[tuple[int, list[Cell], bool]]) -> list[tuple[int, list[Cell], bool]]:
    head = []
    for number, cells, loose in rows:
        head.append((number, cells, loose))
        if number >= SEARCHED_ROWS:
            break
    return head


def cell_of(value: Any) -> Cell:
    """A cell as the child sends it."""
    if isinstance(value, str):
        return None if not value or value.isspace() else value
    if isinstance(value, list):
        kind, text = value
        if kind == "date":
            return date.fromisoformat(text)
        return datetime.fromisoformat(text) if kind == "time" else Lost(text)
    return value  # type: ignore[no-any-return]
