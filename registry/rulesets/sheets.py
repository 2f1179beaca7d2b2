"""A file of reference data: its headings, its rows as values, and every fault of either with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from registry.base.errors import FileRefused
from registry.rulesets.rules.cells import FileFault, FileRow, FileTable, Unreadable, parse
from registry.rulesets.rules.files import PROOF, ReferenceFile
from registry.rulesets.texts.files import FILE_FAULTS
from registry.sheets import delimited
from registry.sheets.shape import Limits

_LIMITS = Limits()
_COMMON = 0.8
"""At least that part of Chinese text are characters of the first level of GB 2312; of the files of `seeds/` 96 %."""


def read(file: ReferenceFile, folder: Path) -> FileTable:
    """Read `file` in `folder`; blank lines and empty columns to the right, as WPS leaves them, are passed over."""
    table, path = FileTable(file), folder / file.name
    if not path.is_file():
        table.faults.append(FileFault(file.name, FILE_FAULTS["missing"]))
        return table
    if odd := _odd_line(path):
        table.faults.append(FileFault(file.name, FILE_FAULTS["mixed"], row=odd))
        return table
    try:
        text = replace(delimited.examine(path, gzipped=False, limits=_LIMITS), delimiter=",")
        if text.encoding == delimited.BIG5:  # reference data is in simplified characters, which Big5 does not have
            table.faults.append(FileFault(file.name, FILE_FAULTS["encoding_doubt"], {"encoding": "Big5"}))
            return table
        table.encoding = text.encoding
        _take(table, delimited.records(path, gzipped=False, limits=_LIMITS, text=text))
    except FileRefused as refusal:
        table.faults.append(FileFault(file.name, refusal.template, refusal.values, refusal.values.get("row", 0)))
    return table


def _take(table: FileTable, records: Iterator[delimited.Record]) -> None:
    filled = ((number, cells) for number, cells in records if any(map(str.strip, cells)))
    number, headings = next(filled, (0, []))
    found = list(_headings(table, number, headings))
    table.faults += found
    if found:
        return
    seen = []
    for number, cells in filled:
        table.rows.append(_row(table, number, cells, headings))
        seen += cells
    if not table.rows:
        table.faults.append(FileFault(table.file.name, FILE_FAULTS["no_rows"]))
    if table.encoding == "gb18030" and _is_doubtful("".join(seen)):
        table.faults.append(FileFault(table.file.name, FILE_FAULTS["encoding_doubt"], {"encoding": table.encoding}))


def _odd_line(path: Path) -> int:
    """The first line that is no UTF-8 where more lines are; 0 where none is."""
    lines = [(number, line) for number, line in enumerate(path.read_bytes().split(b"\n"), 1) if not line.isascii()]
    odd = [number for number, line in lines if not _is_utf8(line)]
    return odd[0] if 0 < 2 * len(odd) < len(lines) else 0


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeError:
        return False
    return True


def _is_doubtful(text: str) -> bool:
    """GB18030 reads nearly any bytes as something; of another encoding it makes rare characters."""
    chinese = [character for character in text if "\u3400" <= character <= "\u9fff"]
    common = sum(b"\xb0" <= character.encode("gb18030")[:1] <= b"\xd7" and character.encode("gb18030")[1:] >= b"\xa1"
                 for character in chinese)  # fmt: skip
    return common < _COMMON * len(chinese)


def _headings(table: FileTable, row: int, headings: list[str]) -> Iterator[FileFault]:
    name, known = table.file.name, list(table.file.columns)
    times = Counter(headings)
    for at, heading in enumerate(headings, start=1):
        letter = get_column_letter(at)
        if not heading.strip():
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
        if text.strip() and (at > len(headings) or not headings[at - 1].strip()):
            about = "too_wide" if at > len(headings) else "heading_empty"
            fault = FileFault(table.file.name, FILE_FAULTS[about], {"text": text}, number, get_column_letter(at))
            table.faults.append(fault)
    texts = dict(zip(headings, cells, strict=False))
    values: dict[str, Any] = {}
    for heading, cell in table.file.columns.items():
        try:
            values[heading] = parse(cell, texts.get(heading, ""))
        except Unreadable as error:
            letter = table.letters[heading]
            table.faults.append(FileFault(table.file.name, error.template, error.values, number, letter, heading))
    proof = {heading: values.pop(heading) for heading in PROOF if heading in values and table.file.proven}
    return FileRow(number, values, proof)
