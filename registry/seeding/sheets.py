"""A file of reference data: its headings, its rows as values, and every fault of either with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from openpyxl.utils import get_column_letter

from registry.base.errors import FileRefused
from registry.rulesets.rules.cells import FileFault, FileRow, FileTable, Unreadable, parse
from registry.rulesets.rules.files import ReferenceFile
from registry.rulesets.texts.files import FILE_FAULTS
from registry.sheets import delimited
from registry.sheets.shape import Limits

_LIMITS = Limits()


def read(file: ReferenceFile, folder: Path) -> FileTable:
    """Read `file` in `folder`; blank lines and empty columns to the right, as WPS leaves them, are passed over."""
    table, path = FileTable(file), folder / file.name
    if not path.is_file():
        table.faults.append(FileFault(file.name, FILE_FAULTS["missing"]))
        return table
    try:
        text = replace(delimited.examine(path, gzipped=False, limits=_LIMITS), delimiter=",")
        table.encoding = text.encoding
        _take(table, delimited.records(path, gzipped=False, limits=_LIMITS, text=text))
    except FileRefused as refusal:
        table.faults.append(FileFault(file.name, refusal.template, refusal.values, refusal.values.get("row", 0)))
    return table


def _take(table: FileTable, records: Iterator[delimited.Record]) -> None:
    filled = ((number, [cell.strip() for cell in cells]) for number, cells in records if any(map(str.strip, cells)))
    number, headings = next(filled, (0, []))
    found = list(_headings(table, number, headings))
    table.faults += found
    if found:
        return
    for number, cells in filled:
        table.rows.append(_row(table, number, cells, headings))
    if not table.rows:
        table.faults.append(FileFault(table.file.name, FILE_FAULTS["no_rows"]))


def _headings(table: FileTable, row: int, headings: list[str]) -> Iterator[FileFault]:
    name, known = table.file.name, list(table.file.cells)
    times = Counter(headings)
    for at, heading in enumerate(headings, start=1):
        letter = get_column_letter(at)
        if not heading:
            continue
        if heading not in known:
            left = "、".join(one for one in known if one not in times)
            values = {"heading": heading, "known": left or "、".join(known)}
            yield FileFault(name, FILE_FAULTS["heading_unknown"], values, row, letter, heading)
        elif heading in table.letters:
            yield FileFault(name, FILE_FAULTS["heading_twice"], {"heading": heading}, row, letter, heading)
        else:
            table.letters[heading] = letter
    for heading in known:
        if heading not in times:
            yield FileFault(name, FILE_FAULTS["heading_missing"], {"heading": heading}, row, "", heading)


def _row(table: FileTable, number: int, cells: list[str], headings: list[str]) -> FileRow:
    for at, text in enumerate(cells, start=1):
        if text and (at > len(headings) or not headings[at - 1]):
            about = "too_wide" if at > len(headings) else "heading_empty"
            fault = FileFault(table.file.name, FILE_FAULTS[about], {"text": text}, number, get_column_letter(at))
            table.faults.append(fault)
    texts = dict(zip(headings, cells, strict=False))
    values = {}
    for heading, cell in table.file.cells.items():
        try:
            values[heading] = parse(cell, texts.get(heading, ""))
        except Unreadable as error:
            letter = table.letters[heading]
            table.faults.append(FileFault(table.file.name, error.template, error.values, number, letter, heading))
    return FileRow(number, values)
