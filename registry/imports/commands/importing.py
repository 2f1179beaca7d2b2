"""What an import tells the terminal: its progress while it runs, its report when it is done."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import click

from registry.base import reading_lines
from registry.base.errors import BatchDoubtful, BatchUnreasoned, RegistryError
from registry.base.vocabulary import RowKind
from registry.imports.services.findings import entry, notice_of
from registry.imports.services.returning import columns_of, further, marked, reference_lists
from registry.imports.services.staging import RETURNED, SortedTable, looking
from registry.people.models import Office
from registry.sheets import account
from registry.sheets.marked import write_marked

_FIRST = 10
_DOUBTS = 500
WRITTEN = (RowKind.NEW, RowKind.CHANGED)


class StoppedByDoubts(click.ClickException):
    """Rows in doubt that nobody answered for; nothing was stored."""

    exit_code = 3


class Report:
    """Counts and findings of one file; entries wait in a temporary file, so that memory does not grow with them."""

    def __init__(self, errors_to: Path | None, accepted: str | None = None, reason: str = "") -> None:
        self.accepted = accepted
        """Why somebody answers for the rows in doubt; None where nobody does."""
        self.reason = reason
        """Why firms on the list are corrected."""
        self.batch: int | None = None
        self.left: list[dict[str, Any]] = []
        """Changed rows that were not written: somebody changed the firm while the file was being applied."""
        self.doubts: list[dict[str, Any]] = []
        """Questions that a person answers before anything of the file is stored; the first of them, for the report."""
        self.doubtful = 0
        self.carrying = 0
        """Rows that change nothing else and bring something that is kept beside the firm."""
        self.table: SortedTable | None = None
        self.assumptions = account.Assumptions()
        self.counts: dict[str, int] = {kind.value: 0 for kind in RowKind}
        self.refusal: click.ClickException | None = None
        self._errors_to = errors_to
        self._files = ExitStack()
        self._entries = self._files.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115 - closed with it
        self._returned = self._files.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115 - closed with it
        self._notices: Counter[tuple[str, str]] = Counter()
        self._examples: dict[tuple[str, str], str] = {}
        self._sheets: list[str] = []

    def open(self, table: SortedTable) -> None:
        self.table = table

    @property
    def reading(self) -> dict[str, Any]:
        """How the file was understood, as far as it was read."""
        return account.of(self.table.table, self.table.year, self.table.choices) if self.table is not None else {}

    def _doubt(self, row: Mapping[str, Any]) -> None:
        found = [notice for notice in row["notices"] if notice_of(notice).is_doubt]
        if not found or row["kind"] not in WRITTEN:
            return
        self.doubtful += 1
        for notice in found:
            if len(self.doubts) < _DOUBTS:
                place = account.where(row["number"], self._sheets)
                self.doubts.append({**place, "column": notice["column"], "reason": notice_of(notice).sentence()})

    def add(self, chunk: Iterable[Mapping[str, Any]]) -> None:
        rows = list(chunk)
        self._sheets = account.sheets_of(self.reading)
        self.assumptions.add(rows, self._sheets)
        for row in rows:
            self.counts[row["kind"]] += 1
            self._doubt(row)
            self.carrying += row["kind"] == RowKind.UNCHANGED and bool(row["carried"])
            for notice in row["notices"]:
                key = (notice["field"] or "", notice["code"])
                self._notices[key] += 1
                if key not in self._examples:
                    place = account.row_words(row["number"], self._sheets)
                    self._examples[key] = f"row {place}: {notice_of(notice).sentence()}"
            if (told := entry(row, self._sheets)) is not None:
                self._entries.write(_json(told) + "\n")
            if row["kind"] in RETURNED and self._errors_to is not None:
                self._returned.write(_json({key: row[key] for key in ("number", "raw", "faults")}) + "\n")

    def refuse(self, error: RegistryError | None) -> None:
        if error is not None:
            is_doubt = isinstance(error, BatchDoubtful | BatchUnreasoned)
            self.refusal = StoppedByDoubts(str(error)) if is_doubt else click.ClickException(str(error))

    def write_errors(self, office: Office) -> None:
        """The workbook of the rows that go back, where one was asked for and there are such rows."""
        if self._errors_to is None or not self._back():
            return
        sheets = account.sheets_of(self.reading)
        rows = (marked(json.loads(line), sheets) for line in _lines(self._returned))
        with looking():
            write_marked(
                self._errors_to,
                reference=reference_lists(office),
                rows=rows,
                office_name=office.name,
                columns=columns_of(self.reading),
                further=further(self.reading["columns"]),
            )

    def show(self, name: str, *, as_json: bool) -> None:
        if as_json:
            self._print_json()
        else:
            self._print_summary(name)

    def _print_json(self) -> None:
        """The object of docs/domain.md 4, piece by piece."""
        head = _json({"batch": self.batch, **self.counts})
        click.echo(f'{head[:-1]}, "rows": [', nl=False)
        for number, line in enumerate(_lines(self._entries)):
            click.echo((", " if number else "") + line.rstrip("\n"), nl=False)
        told = self.reading
        rest = {key: told.get(key, []) for key in ("sheets", "columns", "passed")}
        rest |= {"assumed": self.assumptions.told(), "doubts": self.doubts}
        if self.left:
            rest["left"] = self.left
        click.echo(f"], {_json(rest)[1:]}")

    def _print_summary(self, name: str) -> None:
        total = sum(self.counts.values())
        parts = " + ".join(f"{count:,} {kind}" for kind, count in self.counts.items())
        click.echo(f"{name}: {total:,} rows = {parts}")
        self._print_reading()
        for key, count in self._notices.most_common():
            click.echo(f"  {count:,} notices such as {self._examples[key]}")
        for told in self._first_returned():
            place = f"row {reading_lines.place(told)}" + (f" column {told['column']}" if told["column"] else "")
            click.echo(f"  {place}: {told['kind']}: {told['reason']}")
        if self._back() > _FIRST:
            click.echo(f"  ... and {self._back() - _FIRST:,} more rows that go back")
        if self._errors_to is not None and self._back():
            click.echo(f"rows that go back: {self._errors_to}")
        for row in self.left:
            click.echo(
                f"  row {row['row']}: not written, the firm was changed by somebody else meanwhile: {row['name']}"
            )
        click.echo(f"batch {self.batch} applied" if self.batch else "nothing was changed")

    def _print_reading(self) -> None:
        """The sheets, columns and rows that were not read, and the doubts: nothing is left out in silence."""
        for line in reading_lines.lines(self.reading):
            click.echo(line)
        if self.doubtful:
            click.echo(f"  {self.doubtful:,} rows are in doubt; --apply wants --accept-doubts REASON")
        for doubt in self.doubts[:_FIRST]:
            column = f" column {doubt['column']}" if doubt["column"] else ""
            click.echo(f"  doubt: row {reading_lines.place(doubt)}{column}: {doubt['reason']}")

    def _first_returned(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for line in _lines(self._entries):
            told = json.loads(line)
            if told["kind"] in RETURNED:
                found.append(told)
            if len(found) == _FIRST:
                break
        return found

    def _back(self) -> int:
        return sum(self.counts[kind] for kind in RETURNED)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()


def _json(value: Mapping[str, Any] | list[dict[str, Any]]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(file: IO[str]) -> Iterator[str]:
    file.seek(0)
    return iter(file)
