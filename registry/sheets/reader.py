"""Reads an uploaded table row by row out of a child process, so that no hostile file can harm this one."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from registry.domain.errors import FILE_CRASHED, FILE_MEMORY, FILE_ROWS_DIFFER, FILE_SLOW, FileRefused
from registry.domain.faults import Fault
from registry.sheets.columns import CLOSING_WORDS
from registry.sheets.guard import refuse_by_name
from registry.sheets.headings import SEARCHED_ROWS, Heading, RecognisedColumn, plain, require_heading
from registry.sheets.shape import Limits

PAGE_SECONDS = 15
JOB_SECONDS = 120
_PATIENCE = 60
_PACKAGE_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Lost:
    """A value that the file does not hold: kind `error` (#N/A), `formula` (never calculated), `number` (infinite)."""

    kind: str


Cell = str | int | float | bool | date | datetime | Lost | None


@dataclass(frozen=True, slots=True)
class Row:
    """One filled data row: its number in the spreadsheet, a cell for each column of the heading row (None where empty).

    `fault` is set where a record of a text file has more or fewer cells than the heading.
    """

    number: int
    cells: tuple[Cell, ...]
    fault: Fault | None = None


@dataclass(slots=True)
class Table:
    """An opened table; iterate `rows` once, and close it (it is a context manager) to end the child."""

    sheet: str | None
    format: str
    encoding: str | None
    heading: Heading
    unread_sheets: tuple[str, ...]
    expected_rows: int
    rows: Iterator[Row]
    skipped: list[tuple[int, str]]
    """Row and first words of totals, signatures and repeated headings that were passed over; grows while reading."""
    _child: _Child = field(repr=False)

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
        self._child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_table(
    path: Path, *, limits: Limits | None = None, cpu_seconds: int = PAGE_SECONDS, name: str | None = None
) -> Table:
    """Open the table in `path`; `name` is the file name it was uploaded under, if known.

    Raises `FileRefused` with the reason, at once or, for damage further down, while `rows` is iterated: then nothing of
    the file may be kept. Rows stream; memory does not grow with the file.
    """
    if name is not None:
        refuse_by_name(name)
    child = _Child(path, limits or Limits(), cpu_seconds)
    try:
        start = child.receive()
        messages = _filled_rows(child)
        head = _head(messages)
        heading = require_heading(head)
    except BaseException:
        child.close()
        raise
    skipped: list[tuple[int, str]] = []
    is_text = start["format"] != "xlsx"
    return Table(
        sheet=start["sheet"],
        format=start["format"],
        encoding=start.get("encoding"),
        heading=heading,
        unread_sheets=tuple(start.get("unread", ())),
        expected_rows=start["expected"],
        rows=_data_rows(head, messages, heading, skipped, is_text=is_text),
        skipped=skipped,
        _child=child,
    )


def _filled_rows(child: _Child) -> Iterator[tuple[int, list[Cell]]]:
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
) -> Iterator[Row]:
    judge = _RowJudge(heading, next(len(cells) for number, cells in head if number == heading.row))
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
        first = next((cell for cell in cells if cell is not None and cell != ""), None)
        if not isinstance(first, str):
            return None
        name, code = self._at(cells, self.name), self._at(cells, self.code)
        if name == self.headings[self.name] and self._repeats_heading(cells):
            return first
        closing = plain(first).startswith(CLOSING_WORDS) if not name else plain(name) in CLOSING_WORDS
        return first[:20] if closing and not code else None

    def row(self, number: int, cells: list[Cell], *, is_text: bool) -> Row:
        fault = None
        if is_text and len(cells) != self.width:
            fault = Fault("cells", values={"count": len(cells), "expected": self.width}, row=number)
        padded = (*cells, *[None] * (self.data_width - len(cells)))
        return Row(number, padded[: self.data_width], fault)

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


class _Child:
    """The parsing process; its environment holds no secret of ours, and its death is told from its exit code."""

    def __init__(self, path: Path, limits: Limits, cpu_seconds: int) -> None:
        self.cpu_seconds = cpu_seconds
        self.buffer = bytearray()
        self.searched = 0
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module; the path is one argument
            [
                *(sys.executable, "-P", "-m", "registry.sheets.child", str(path.resolve())),
                *("--cpu", str(cpu_seconds), "--limits", json.dumps(asdict(limits))),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(_PACKAGE_ROOT), "PYTHONUTF8": "1", "TZ": "Asia/Shanghai"},
            cwd="/",
        )
        self.pipe = cast(IO[bytes], self.process.stdout)

    def receive(self) -> dict[str, Any]:
        """The child's next message; raises `FileRefused` when it refuses the file, dies or falls silent."""
        while (end := self.buffer.find(b"\n", self.searched)) < 0:
            self.searched = len(self.buffer)
            piece = self._read()
            if not piece:
                raise FileRefused(self._cause_of_death(), seconds=self.cpu_seconds)
            self.buffer += piece
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        self.searched = 0
        message: dict[str, Any] = json.loads(line)
        if "refused" in message:
            self.close()
            raise FileRefused(message["refused"], **message["values"])
        return message

    def _read(self) -> bytes:
        ready, _, _ = select.select([self.pipe], [], [], self.cpu_seconds + _PATIENCE)
        if not ready:
            self.close()
            raise FileRefused(FILE_SLOW, seconds=self.cpu_seconds)
        return os.read(self.pipe.fileno(), 1 << 16)

    def _cause_of_death(self) -> str:
        code = self.process.wait()
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return FILE_SLOW
        return FILE_MEMORY if code == -signal.SIGABRT else FILE_CRASHED

    def close(self) -> None:
        self.pipe.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
