"""`python -m registry.sheets.child PATH`: reads one untrusted table under memory and CPU limits, as lines of JSON.

First `{"sheet": ..., "format": ...}` (of a workbook also `token`, by which one of ours is known again, the places of
`formulas`, `others`: sheets not read, and why), then `{"row": n, "cells": [...]}` for each row that holds something
(numbers as the spreadsheet shows them, from 1; `loose`: its quotes did not pair and stand in the cells), before the
rows of each further sheet its own `{"sheet": ...}`, last `{"end": true, "rows": n}`; or, at any point and then last,
`{"refused": template, "values": {...}}`. A cell is null, text, a number, a boolean, or a pair: `["date", iso]`,
`["time", iso]` (a date with a time of day), `["lost", kind]` (a value that is not in the file or cannot be told).

With `--every` no sheet is chosen: each that holds something is sent, hidden ones too, and of each `concealed` (whether
it is hidden) and its `formulas`; of a text nothing is.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from registry.base.errors import FILE_CRASHED, FILE_MEMORY, FILE_ROWS_DIFFER, SHEET_NONE, TEXT_COLUMNS, FileRefused
from registry.sheets import delimited, recount, tokens
from registry.sheets.byhand import unpacked
from registry.sheets.columns import NOTES_SHEETS, TEMPLATE_SHEET, ColumnKind, by_key
from registry.sheets.container import Meter, open_container
from registry.sheets.guard import inspect
from registry.sheets.headings import NOWHERE, SEARCHED_ROWS, Around, find_heading
from registry.sheets.limits import limit_process
from registry.sheets.shape import Limits, Shape, SheetShape
from registry.sheets.wording import BOOK_SHEET

Emit = Callable[[dict[str, Any]], None]
NumberedCells = tuple[int, list[Any]]

_EXACT = 10**15
FOOT_ROWS = 12
_LONGEST_NOTE = 200


def main(arguments: list[str] | None = None) -> int:
    """Read the file named on the command line; 0 whether it was read or refused with a reason."""
    parser = argparse.ArgumentParser(prog="python -m registry.sheets.child", description="Read one untrusted table.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--cpu", type=int, default=15, help="seconds of processor time")
    parser.add_argument("--limits", type=json.loads, default={}, help="fields of Limits as JSON")
    parser.add_argument("--by-hand", type=json.loads, default={}, help="what a person said of headings, as JSON")
    parser.add_argument("--every", action="store_true", help="every sheet as it is, instead of the list of firms")
    options = parser.parse_args(arguments)
    limits = Limits(**options.limits)
    limit_process(limits.memory_bytes, options.cpu)
    try:
        reading = partial(read_every, options.path, limits)
        if not options.every:
            reading = partial(read, options.path, limits, around=Around(by_hand=unpacked(options.by_hand)))
        report(reading)
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(1)
    return 0


def report(reading: Callable[[Emit], None]) -> None:
    """Let it emit its messages as lines; whatever ends it early is the last of them, with the reason."""
    encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    def emit(message: dict[str, Any]) -> None:
        sys.stdout.write(encoder.encode(message) + "\n")

    try:
        reading(emit)
    except FileRefused as refusal:
        emit({"refused": refusal.template, "values": refusal.values})
    except BrokenPipeError:
        raise
    except MemoryError:
        emit({"refused": FILE_MEMORY, "values": {}})
    except BaseException:  # noqa: BLE001 - a parser's panic is no Exception; whatever it is, the file is refused
        emit({"refused": FILE_CRASHED, "values": {}})


def read(path: Path, limits: Limits, emit: Emit, around: Around = NOWHERE) -> None:
    """Send every filled row of the table to `emit`; raises `FileRefused`. `around`: what is known of headings."""
    shape = inspect(path, limits)
    if shape.format == "xlsx":
        _read_workbook(path, shape, limits, emit, around)
    else:
        _read_text(path, shape.format == "text.gz", limits, emit)


def read_every(path: Path, limits: Limits, emit: Emit) -> None:
    """Send every sheet that holds something to `emit`, in the order of the workbook; raises `FileRefused`."""
    from python_calamine import CalamineWorkbook

    shape = inspect(path, limits)
    count = 0
    if shape.format == "xlsx":
        with CalamineWorkbook.from_path(str(path)) as workbook:
            for sheet in (one for one in shape.sheets if one.filled_rows):
                opened = workbook.get_sheet_by_name(sheet.name)
                layout = _layout(sheet, opened, NOWHERE)
                emit(layout | {"concealed": sheet.hidden, "formulas": sheet.formulas})
                count += _send_rows(path, opened, sheet, limits, emit)
    emit({"end": True, "rows": count})


def _read_text(path: Path, gzipped: bool, limits: Limits, emit: Emit) -> None:
    text = delimited.examine(path, gzipped=gzipped, limits=limits)
    name = {"\t": "tsv", ",": "csv"}.get(text.delimiter, "text") + (".gz" if gzipped else "")
    foot = [] if gzipped else delimited.last_lines(path, text)
    emit({"sheet": None, "format": name, "encoding": text.encoding, "expected": text.lines, "foot": foot})
    count = 0
    for number, cells, loose in delimited.lenient_records(path, gzipped=gzipped, limits=limits, text=text):
        if any(cell and not cell.isspace() for cell in cells):
            count += 1
            emit({"row": number, "cells": cells, "loose": True} if loose else {"row": number, "cells": cells})
    emit({"end": True, "rows": count})


def _read_workbook(path: Path, shape: Shape, limits: Limits, emit: Emit, around: Around) -> None:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(str(path)) as workbook:
        chosen, others, opened = _choose(workbook, shape, around)
        first = opened if chosen[0].name == opened.name else workbook.get_sheet_by_name(chosen[0].name)
        start = _layout(chosen[0], first, around) | {"format": "xlsx", "others": others}
        start["expected"] = sum(sheet.filled_rows for sheet in chosen)
        emit(start | {"token": _token(path, workbook, first, chosen[0], limits), "formulas": chosen[0].formulas})
        count = 0
        for sheet in chosen:
            opened = first if sheet is chosen[0] else workbook.get_sheet_by_name(sheet.name)
            if sheet is not chosen[0]:
                emit(_layout(sheet, opened, around))
            count += _send_rows(path, opened, sheet, limits, emit)
        emit({"end": True, "rows": count})


def _send_rows(path: Path, opened: Any, sheet: SheetShape, limits: Limits, emit: Emit) -> int:
    count = 0
    for number, cells in _rows(opened, sheet):
        if len(cells) > limits.columns:
            raise FileRefused(TEXT_COLUMNS, row=number, count=len(cells), limit=limits.columns)
        count += 1
        emit({"row": number, "cells": cells})
    if count != sheet.filled_rows:
        _recount(path, sheet, count, limits)
    return count


def _layout(sheet: SheetShape, opened: Any, around: Around) -> dict[str, Any]:
    """What is known of a sheet before its rows: merges over several rows, rows not seen, struck out, units shown."""
    shown = [[column - 1, str(unit.scale), unit.currency] for column, unit in sheet.shown]
    return {
        "sheet": sheet.name,
        "merges": sheet.merges,
        "hidden": sheet.hidden_rows,
        "filtered": sheet.filtered,
        "struck": sheet.struck,
        "hidden_columns": sheet.hidden_columns,
        "shown": shown,
        "foot": _foot(opened, sheet, around),
    }


def _foot(opened: Any, sheet: SheetShape, around: Around) -> list[str]:
    """The texts of the last rows, if the heading leaves a unit open; else they need not be looked for."""
    heading = find_heading(islice(_rows(opened, sheet), SEARCHED_ROWS), around)
    money = [c for c in heading.columns if c.key and by_key(c.key).kind is ColumnKind.MONEY] if heading else []
    if all(column.scale is not None for column in money):
        return []
    end = heading.end if heading else 0
    last = deque(enumerate(islice(opened.iter_rows(), sheet.last_row), start=1), maxlen=FOOT_ROWS)
    below = (cell for number, cells in last if number > end for cell in cells)
    return [cell for cell in below if isinstance(cell, str) and 0 < len(cell) <= _LONGEST_NOTE]


def _token(path: Path, workbook: Any, sheet: Any, chosen: SheetShape, limits: Limits) -> str | None:
    hidden = workbook.get_sheet_by_name(BOOK_SHEET).iter_rows() if BOOK_SHEET in workbook.sheet_names else []
    return tokens.find(path, limits, hidden=hidden, head=islice(_rows(sheet, chosen), SEARCHED_ROWS))


def _choose(workbook: Any, shape: Shape, around: Around) -> tuple[list[SheetShape], list[list[Any]], Any]:
    """The sheets to be read, of the others name and why not, and the sheet that weighs most, opened.

    The data sheet of our template alone; else the sheet whose heading names most (a code weighs most, of equals the
    first), with every other that names the same. Where none has a usable heading the first sheet with a row.
    """
    readable = [sheet for sheet in shape.sheets if sheet.filled_rows and not sheet.hidden]
    if not readable:
        raise FileRefused(SHEET_NONE)
    found: dict[str, frozenset[str]] = {}
    main, opened = readable[0], None
    for sheet in readable:  # opening is what costs: of all that are looked at only the best stays open
        looked_at = workbook.get_sheet_by_name(sheet.name)
        found[sheet.name] = _keys_of(looked_at, sheet, around)
        if opened is None or _weight(sheet, found[sheet.name]) > _weight(main, found[main.name]):
            main, opened = sheet, looked_at
        del looked_at
    chosen = [main]
    if main.name != TEMPLATE_SHEET:
        wanted, lists = found[main.name], [one for one in readable if one.name not in NOTES_SHEETS]
        chosen += [sheet for sheet in lists if sheet is not main and _is_alike(wanted, found[sheet.name])]
        chosen.sort(key=readable.index)
    others = [
        [sheet.name, "hidden" if sheet.hidden else "other" if found[sheet.name] else "none", sheet.filled_rows]
        for sheet in shape.sheets
        if sheet.filled_rows and sheet not in chosen and not (sheet.name in NOTES_SHEETS or sheet.name == BOOK_SHEET)
    ]
    return chosen, others, opened


def _keys_of(opened: Any, sheet: SheetShape, around: Around) -> frozenset[str]:
    """What the heading of a sheet names; empty where it has none that is usable."""
    heading = find_heading(islice(_rows(opened, sheet), SEARCHED_ROWS), around)
    return frozenset(heading.keys) if heading is not None and heading.is_usable else frozenset()


def _weight(sheet: SheetShape, keys: frozenset[str]) -> tuple[bool, bool, int]:
    return bool(keys) and sheet.name == TEMPLATE_SHEET, "credit_code" in keys, len(keys)


def _is_alike(wanted: frozenset[str], keys: frozenset[str]) -> bool:
    """A list like the chosen one: both tell firms by their codes, or all is named that the other names."""
    if not keys:
        return False
    return {"name", "credit_code"} <= (wanted & keys) or keys == wanted


def _rows(sheet: Any, shape: SheetShape) -> Iterator[NumberedCells]:
    """Filled rows with absolute numbers and columns; values the parser drops are put back as lost."""
    margin: list[Any] = [None] * (sheet.start[1] if sheet.start else 0)
    lost: dict[int, list[tuple[int, str]]] = {}
    for cell in shape.lost:
        lost.setdefault(cell.row, []).append((cell.column, cell.kind))
    number = 0
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = margin + [_SIMPLE.get(type(value), _typed)(value) for value in values]
        if number in lost:
            _restore(cells, lost.pop(number))
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            yield number, cells
    for row in sorted(lost):
        cells = []
        _restore(cells, lost[row])
        yield row, cells


def _restore(cells: list[Any], lost: Iterable[tuple[int, str]]) -> None:
    for column, kind in lost:
        cells.extend([None] * (column - len(cells)))
        cells[column - 1] = ["lost", kind]


def _text(value: str) -> str | None:
    return None if not value or value.isspace() else value


def _number(value: float) -> Any:
    if not math.isfinite(value):
        return ["lost", "number"]
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def _typed(value: Any) -> Any:
    if isinstance(value, datetime):
        is_date = value.time() == time(0)
        return ["date", value.date().isoformat()] if is_date else ["time", value.isoformat(timespec="seconds")]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, (time, timedelta)):
        return str(value)
    return None if value is None else str(value)


_SIMPLE: dict[type, Callable[[Any], Any]] = {str: _text, float: _number, int: _number, bool: bool}


def _recount(path: Path, sheet: SheetShape, count: int, limits: Limits) -> None:
    """The guard takes an empty value for a filled one; only if the exact count differs too was something lost."""
    with open_container(path, limits) as container:
        expected = recount.filled_rows(container, Meter(limits), sheet)
    if expected != count:
        raise FileRefused(FILE_ROWS_DIFFER, expected=expected, read=count)


if __name__ == "__main__":
    sys.exit(main())
