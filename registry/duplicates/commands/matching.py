"""`registry compare`, `match` and `dedupe`: the duplicate engine for any spreadsheet; no database, no settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from registry.base.errors import FileRefused
from registry.base.progress import Steps
from registry.duplicates.texts import REPRESENTATIVE
from registry.sheets.columns import by_key
from registry.sheets.delimited import BIG5
from registry.sheets.flat import (
    ENDINGS,
    WORKBOOK_ROWS,
    Cells,
    CellTooLong,
    Numbered,
    TooManyRows,
    ending,
    padded,
    read_rows,
    writing,
)
from registry.sheets.headings import SEARCHED_ROWS, plain, recognise
from registry.sheets.shape import letter

if TYPE_CHECKING:  # the engine is loaded by the command that needs it: the others start without numpy
    from registry.matching.lists import Base, ListEntry
    from registry.matching.records import Record

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
OUTPUT = click.option("--output", required=True, metavar="OUT", type=click.Path(dir_okay=False, path_type=Path),
                      help="The file to write; its ending says how, an older one is replaced.")  # fmt: skip
PROCESSES = click.option("--processes", type=click.IntRange(1, 64), help="How many to use; by default one a core.")

_WORDS: Mapping[str, tuple[str, ...]] = {
    "a": ("a",),
    "b": ("b",),
    "code_a": ("code_a",),
    "code_b": ("code_b",),
    "query": ("query",),
    "rid": ("rid", "id"),
    "name": ("name",),
    "code": ("code", "credit_code"),
    "phone": ("phone",),
    "address": ("address",),
    "representative": REPRESENTATIVE,
}
"""Plain headings of each column; `name` and `code` are also known by every heading the import knows."""
_RECOGNISED = {"name": "name", "code": "credit_code", "phone": "contact_phone", "address": "registered_address"}
_CHUNK = 512


_NAMELESS_SHARE = 10  # of so many rows all but one without a name: the column is another one


@dataclass
class MatchTable:
    """The heading row, where each column known by it stands, and the rows below, counted as they go by."""

    path: Path
    heading: Cells
    places: Mapping[str, int]
    below: Iterator[Numbered]
    named_by: Sequence[Sequence[str]]
    read: int = 0
    nameless: list[int] = field(default_factory=list)
    overlong: list[int] = field(default_factory=list)

    @property
    def rows(self) -> Iterator[Numbered]:
        """Each row as wide as the heading; what is left out is said by `tell`, once all of them went by."""
        for number, cells in self.below:
            self.read += 1
            if any(cell.strip() for cell in cells[len(self.heading) :]):
                self.overlong.append(number)
            if not all(any(self.cell(cells, column).strip() for column in columns) for columns in self.named_by):
                self.nameless.append(number)
            yield number, cells[: len(self.heading)]

    def tell(self) -> None:
        """Say what was odd; raises ClickException where nearly every row has no name."""
        if len(self.nameless) * _NAMELESS_SHARE >= self.read * (_NAMELESS_SHARE - 1) and self.nameless:
            known = [key for columns in self.named_by for key in columns if key in self.places]
            names = " and ".join(repr(self.heading[self.places[key]]) for key in known)
            raise click.ClickException(
                f"{self.path}: {len(self.nameless):,} of {self.read:,} rows have nothing in {names}; "
                "is the name in another column? give that column the heading"
            )
        for found, words in (
            (self.nameless, "rows without a name, compared with nothing"),
            (self.overlong, "rows with more cells than the heading, left out what stands beyond it"),
        ):
            if found:
                click.echo(f"{self.path}: {words}: {len(found):,} (the first is row {found[0]})", err=True)

    def cell(self, cells: Cells, column: str) -> str:
        """The text of a column; '' where the file has none such."""
        at = self.places.get(column)
        return cells[at] if at is not None else ""


@click.command("compare")
@click.argument("pairs", type=FILE)
@OUTPUT
@PROCESSES
def compare(pairs: Path, output: Path, processes: int | None) -> None:
    """Judge the pairs of names in PAIRS (columns a, b; optional code_a, code_b): adds score, band and reasons."""
    from registry.matching import parallel
    from registry.matching.worker import judged

    with _told(pairs, output), Steps() as steps:
        table = _table(pairs, ("a",), ("b",))
        with writing(output) as write:
            write([*table.heading, "score", "band", "reasons"])
            tasks = _chunks(table)
            rows: list[list[Cells]] = []

            def asked() -> Iterator[list[tuple[str, str, str, str]]]:
                for chunk in tasks:
                    rows.append(chunk)
                    yield [_pair(table, cells) for cells in chunk]

            done = 0
            for chunk in parallel.in_order(judged, None, asked(), processes or parallel.cores()):
                for cells, (score, band, reasons) in zip(rows.pop(0), chunk, strict=True):
                    write([*cells, score, band, reasons])
                done += len(chunk)
                steps.show("compared", done, done)
            steps.stop()
            table.tell()


@click.command("match")
@click.argument("queries", type=FILE)
@click.option("--against", required=True, metavar="BASE", type=FILE, help="The list to look up in.")
@OUTPUT
@click.option("--top", default=1, show_default=True, type=click.IntRange(1, 50), help="How many answers a query.")
@PROCESSES
def match(queries: Path, against: Path, output: Path, top: int, processes: int | None) -> None:
    """Find each name of QUERIES (column query or name) in a list: adds match_id, match_name, score, band, reasons.

    The list's match_id is its column rid; without one it is the row, from 1 below the heading. The id is empty where
    nothing comes near. The headings of the import are known too.
    """
    from registry.matching import lists

    with _told(queries, output, against), Steps() as steps:
        asked = _table(queries, ("query", "name"))
        rows = [cells for _, cells in asked.rows]
        asked.tell()
        base, ids = _base(against, steps)
        wanted = [_entry(asked, cells, "query" if "query" in asked.places else "name") for cells in rows]
        with writing(output) as write:
            write([*asked.heading, "match_id", "match_name", "score", "band", "reasons"])
            answers = lists.match(wanted, base, top=top, processes=processes)
            for done, (cells, found) in enumerate(zip(rows, answers, strict=True), start=1):
                for one in found:
                    write([*cells, ids[one.place], base.names[one.place], one.score, one.band.value, one.reasons])
                if not found:
                    write([*cells, "", "", 0.0, "different", ""])
                if done % _CHUNK == 0 or done == len(rows):
                    steps.show("looked up", done, len(rows))


@click.command("dedupe")
@click.argument("file", type=FILE)
@OUTPUT
@PROCESSES
@click.option(
    "--certificate",
    metavar="SAMPLE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="How many are still unfound: writes a .csv of pairs to judge; run again, reads what was judged.",
)
def dedupe(file: Path, output: Path, processes: int | None, certificate: Path | None) -> None:
    """Find the rows of FILE (column name) that are one firm's: row_a, row_b, names, score, band, reasons, cluster.

    Rows count from 1 below the heading. A column of credit codes is used where there is one: a differing valid code
    outweighs any name. A cluster is what pairs of the bands same and review hold together. For --certificate columns
    of phones, addresses and legal representatives are evidence that has nothing to do with names.
    """
    from registry.matching import duplicates

    with _told(file, output), Steps() as steps:
        table = _table(file, ("name",))
        names: list[ListEntry] = []
        records: list[Record] = []
        for _, cells in _counted(table.rows, steps, "read"):
            names.append(_entry(table, cells, "name"))
            if certificate is not None:  # a large list is not kept twice for nothing
                records.append(_record(table, names[-1], cells))
        table.tell()
        found = duplicates.dedupe(names, processes=processes, progress=steps.show)
        with writing(output) as write:
            write(["row_a", "row_b", "name_a", "name_b", "score", "band", "reasons", "cluster"])
            for pair in found:
                a, b = names[pair.a].name, names[pair.b].name
                write([pair.a + 1, pair.b + 1, a, b, pair.score, pair.band.value, pair.reasons, pair.cluster or ""])
        if certificate is not None:
            from registry.duplicates.commands.certificate import certify

            steps.stop()
            certify(records, found, certificate, processes)


def _pair(table: MatchTable, cells: Cells) -> tuple[str, str, str, str]:
    a, b, code_a, code_b = (table.cell(cells, column) for column in ("a", "b", "code_a", "code_b"))
    return a, b, code_a, code_b


def _entry(table: MatchTable, cells: Cells, column: str) -> ListEntry:
    from registry.matching.lists import entry

    return entry(table.cell(cells, column), table.cell(cells, "code"))


def _record(table: MatchTable, listed: ListEntry, cells: Cells) -> Record:
    from registry.matching.records import Record

    phone, address, person = (table.cell(cells, key) for key in ("phone", "address", "representative"))
    return Record(listed.name, listed.code, phone=phone, address=address, representative=person)


def _base(path: Path, steps: Steps) -> tuple[Base, Sequence[str]]:
    from registry.matching.index import Texts
    from registry.matching.lists import Base

    table = _table(path, ("name",))
    ids: list[str] = []

    def entries() -> Iterator[ListEntry]:
        for row, (_, cells) in enumerate(_counted(table.rows, steps, "read"), start=1):
            ids.append(table.cell(cells, "rid") or str(row))
            yield _entry(table, cells, "name")

    base = Base(entries())
    table.tell()
    return base, Texts(ids)


def _counted(rows: Iterator[Numbered], steps: Steps, step: str) -> Iterator[Numbered]:
    for done, row in enumerate(rows, start=1):
        if done % 10_000 == 0:
            steps.show(step, done, done)
        yield row


def _chunks(table: MatchTable) -> Iterator[list[Cells]]:
    while chunk := [cells for _, cells in islice(table.rows, _CHUNK)]:
        yield chunk


def _table(path: Path, *wanted: Sequence[str]) -> MatchTable:
    """The table below the first row that has one of each of the `wanted` columns."""
    rows = _rows(path)
    head = list(islice(rows, SEARCHED_ROWS))
    for at, (number, cells) in enumerate(head):
        places = _places(number, cells)
        if all(any(column in places for column in columns) for columns in wanted):
            _refuse_twins(path, number, cells, places)
            below = padded(chain(head[at + 1 :], rows), len(cells))
            return MatchTable(path, cells, places, below, wanted)
    missing = (
        next(columns for columns in wanted if not any(column in _places(*head[0]) for column in columns))
        if head
        else wanted[0]
    )
    known = " or ".join(repr(column) for column in missing)
    also = f" (or {by_key('name').heading})" if "name" in missing else ""
    found = ", ".join(cell for cell in head[0][1] if cell)[:200] if head else "nothing"
    raise click.ClickException(
        f"{path}: row {head[0][0] if head else 1}: no column {known}{also}; found: {found}; give a column this heading"
    )


def _refuse_twins(path: Path, number: int, cells: Cells, places: Mapping[str, int]) -> None:
    """Two columns under the very heading that is looked for: which of them is meant is not for us to say."""
    headings = [plain(cell) for cell in cells]
    for at in places.values():
        if headings.count(headings[at]) > 1:
            both = ", ".join(letter(index) for index, heading in enumerate(headings) if heading == headings[at])
            raise click.ClickException(
                f"{path}: row {number}: the heading {cells[at]!r} stands over columns {both}; rename all but one"
            )


def _rows(path: Path) -> Iterator[Numbered]:
    def say(encoding: str) -> None:
        if encoding == BIG5:
            click.echo(f"{path}: read as Big5", err=True)

    try:
        yield from read_rows(path, encoded=say)
    except FileRefused as refusal:
        raise click.ClickException(f"{path}: {refusal}") from refusal


def _places(number: int, cells: Cells) -> dict[str, int]:
    found = {column.key: column.index for column in recognise(number, cells).columns if column.key}
    places = {column: found[key] for column, key in _RECOGNISED.items() if key in found}
    headings = [plain(cell) for cell in cells]
    for column, words in _WORDS.items():
        at = next((headings.index(word) for word in words if word in headings), None)
        if at is not None:
            places[column] = at
    return places


@contextmanager
def _told(source: Path, output: Path, *others: Path) -> Iterator[None]:
    """Refusals of the files and of the place for the output as one line that names the file."""
    for path in (source, *others, output):
        if not ending(path):
            raise click.ClickException(f"{path}: the file must end in {', '.join(ENDINGS)}; save it as one of these")
        if path is not output and output.exists() and path.samefile(output):
            raise click.ClickException(f"{output}: is also read; give another file to --output")
    if not output.absolute().parent.is_dir():
        raise click.ClickException(f"{output}: there is no folder {output.parent}; make it first")
    try:
        yield
    except TooManyRows as error:
        raise click.ClickException(
            f"{output}: more than {WORKBOOK_ROWS:,} rows do not go into a workbook; give --output a .csv or .tsv"
        ) from error
    except CellTooLong as error:
        raise click.ClickException(
            f"{output}: a cell of row {error.row} is too long for a workbook; give --output a .csv or .tsv"
        ) from error
    except OSError as error:
        raise click.FileError(str(error.filename or output), error.strerror or str(error)) from error


COMMANDS: tuple[Any, ...] = (compare, match, dedupe)
