"""What was read of a file and what was not: its sheets, its columns, the rows passed over, what was taken as said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from registry.base.characters import shown
from registry.base.faults import Notice
from registry.sheets.byhand import Choices, ColumnUse, compared, is_identity
from registry.sheets.columns import by_key, has_key
from registry.sheets.headings import Heading, RecognisedColumn, is_ignored
from registry.sheets.reader import UploadedRow, UploadedTable, place_of

SHOWN_ROWS = 200
"""So many passed rows are named; how many there were is counted."""
ASSUMED = frozenset(
    ("unit_assumed", "unit_differs", "currency_sign", "month_of_date", "division_derived", "division_of_group",
     "filled_down", "same_as_above", "name_remarks", "industry_named", "choice_fallback", "serial_date")
)  # fmt: skip
"""Notices that say what was taken for what, where the file does not say it plainly."""
MARKS: Mapping[str, str] = {
    "hidden": "row_hidden", "filtered": "row_filtered", "struck": "row_struck", "alone": "name_alone",
    "loose": "quotes_loose", "short": "cells_short",
}  # fmt: skip
"""Mark of a row -> the notice that says it."""
ReadAs = Callable[[RecognisedColumn], str | None]


def as_ours(column: RecognisedColumn) -> str | None:
    """The key that the directory reads the column as; None for what is not known, or is worked out here."""
    return None if column.key is None or _is_derived(column.key) else column.key


def _is_derived(key: str) -> bool:
    return has_key(key) and by_key(key).derived


def of(
    table: UploadedTable,
    year: int | None = None,
    choices: Choices | None = None,
    *,
    read_as: ReadAs = as_ours,
) -> dict[str, Any]:
    """As it is kept with what was read; `passed` and the counts of `sheets` grow while the file is read.

    `read_as`: what a column is read as by whoever asks.
    """
    sheets = [sheet.name for sheet in table.sheets if not sheet.why]
    return {
        "encoding": table.encoding,
        "year": year,
        "sheets": [
            {"sheet": shown(s.name, 100), "read": not s.why, "why": s.why, "heading_row": s.heading_row or None,
             "rows": s.rows, "filtered": s.filtered, "hidden_columns": list(s.hidden_columns)}
            for s in table.sheets
        ],
        "columns": [told for heading in table.headings for told in of_heading(heading, choices or {}, read_as=read_as)],
        "passed": [
            {**where(number, sheets), "text": shown(words, 100)} for number, words in table.skipped[:SHOWN_ROWS]
        ],
        "passed_count": len(table.skipped),
    }  # fmt: skip


def of_heading(heading: Heading, choices: Choices, *, read_as: ReadAs = as_ours) -> list[dict[str, Any]]:
    """What becomes of each column under a heading."""
    return [_column(column, heading, choices, read_as(column)) for column in heading.columns]


def carried_as(heading: Heading) -> dict[int, str]:
    """By index, what the cells of a column that is carried along are kept as: its heading; of equal ones the further
    with their letter.
    """
    found: dict[int, str] = {}
    for column in heading.columns:
        if column.use is ColumnUse.CARRIED:
            name = shown(column.heading, 100)
            found[column.index] = f"{name} ({column.letter})" if name in found.values() else name
    return found


def _column(column: RecognisedColumn, heading: Heading, choices: Choices, key: str | None) -> dict[str, Any]:
    """One column of the file: read, mapped (a person gave it), carried or left out; as what, by whom, or why not."""
    told: dict[str, Any] = {"row": heading.row, "column": column.letter, "heading": shown(column.heading, 100)}
    if column.use is not None and (said := choices.get(compared(column.heading))) is not None:
        told |= {"by": said.by, "on": said.on}
    if column.use is ColumnUse.CARRIED:
        kept = carried_as(heading)[column.index]
        return told | {"as": None, "taken": "carried"} | ({} if kept == told["heading"] else {"kept": kept})
    if key is not None:
        told |= {"as": key, "taken": "read" if column.use is None else "mapped"}
        if column.scale is not None:
            told |= {"unit": str(column.scale), "currency": column.currency}
        return told | ({"month": column.month} if column.month else {})
    return told | {"as": column.key or column.duplicate_of, "taken": "left_out", "why": _why_left_out(column)}


def _why_left_out(column: RecognisedColumn) -> str:
    if is_ignored(column):
        return "ignored"
    if column.key and _is_derived(column.key):
        return "derived"
    return column.why or ("identity" if is_identity(column.heading) else "unknown")


def where(number: int, sheets: list[str]) -> dict[str, Any]:
    """The row that a spreadsheet shows, and its sheet where several were read."""
    sheet, row = place_of(number)
    return {"sheet": sheets[sheet], "row": row} if len(sheets) > 1 and sheet < len(sheets) else {"row": row}


def row_words(number: int, sheets: list[str]) -> str:
    """A row in one word: `17`, in a file of several sheets `海丰县!17`, or `2!17` where their names are not known."""
    sheet, row = place_of(number)
    if sheet and not sheets:
        return f"{sheet + 1}!{row}"
    place = where(number, sheets)
    return f"{place['sheet']}!{place['row']}" if "sheet" in place else str(place["row"])


def sheets_of(reading: Mapping[str, Any]) -> list[str]:
    """The sheets that were read, of what a batch keeps."""
    return [sheet["sheet"] for sheet in reading.get("sheets", ()) if sheet["read"]]


def of_row(row: UploadedRow, heading: Heading) -> list[tuple[str | None, Notice]]:
    """What is to be said of a row by its looks, with the key of the column it is about: hidden, struck, filled down."""
    keys = {column.index: column.key for column in heading.columns}
    headings = {column.index: column.heading for column in heading.columns}
    found: list[tuple[str | None, Notice]] = [(None, Notice(MARKS[mark])) for mark in row.marks]
    for at, start in row.filled.items():
        found.append((keys.get(at), Notice("filled_down", {"heading": headings.get(at, ""), "row": start})))
    for at, above in row.dittos.items():
        found.append((keys.get(at), Notice("same_as_above", {"heading": headings.get(at, ""), "row": above})))
    return found


class Assumptions:
    """What was assumed, counted by what and column, with the first row of each; grows with the rows."""

    def __init__(self, told: Iterable[Mapping[str, Any]] = (), *, also: frozenset[str] = frozenset()) -> None:
        """`told`: what an earlier run had counted; `also`: more codes to count than what was assumed."""
        self._also = also
        self._found: dict[tuple[str, str], dict[str, Any]] = {
            (one["what"], one["column"] or ""): dict(one) for one in told
        }

    def add(self, rows: Iterable[Mapping[str, Any]], sheets: list[str]) -> None:
        for row in rows:
            for notice in row["notices"]:
                if notice["code"] not in ASSUMED | self._also:
                    continue
                key = (notice["code"], notice["column"] or "")
                if key in self._found:
                    self._found[key]["rows"] += 1
                else:
                    first = {"what": notice["code"], "field": notice["field"], "column": notice["column"]}
                    values = {name: v if isinstance(v, int) else str(v) for name, v in notice["values"].items()}
                    said = Notice(notice["code"], values)
                    self._found[key] = first | {
                        "first": where(row["number"], sheets), "rows": 1, "sentence": said.sentence(), "values": values,
                        "doubt": said.is_doubt,
                    }  # fmt: skip

    def told(self) -> list[dict[str, Any]]:
        return list(self._found.values())
