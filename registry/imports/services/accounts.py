"""What was read of a file and what was not: its sheets, its columns, the rows passed over, what was taken as said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from registry.base.characters import shown
from registry.base.faults import Notice
from registry.imports.services.columns import Choices
from registry.imports.services.plain import plain
from registry.sheets.byhand import ColumnUse, compared
from registry.sheets.columns import by_key
from registry.sheets.headings import Heading, RecognisedColumn, is_ignored
from registry.sheets.reader import UploadedTable, place_of
from registry.sheets.states import names_state

SHOWN_ROWS = 200
"""So many passed rows are named; how many there were is counted."""
ASSUMED = frozenset(
    ("unit_assumed", "unit_differs", "currency_sign", "month_of_date", "division_derived", "division_of_group",
     "filled_down", "industry_named", "choice_fallback", "serial_date")
)  # fmt: skip
"""Notices that say what was taken for what, where the file does not say it plainly."""


def of(table: UploadedTable, year: int, choices: Choices) -> dict[str, Any]:
    """As a batch keeps it; `passed` and the counts of `sheets` grow while the file is read."""
    sheets = [sheet.name for sheet in table.sheets if not sheet.why]
    return {
        "encoding": table.encoding,
        "year": year,
        "sheets": [
            {"sheet": shown(s.name, 100), "read": not s.why, "why": s.why, "heading_row": s.heading_row or None,
             "rows": s.rows, "filtered": s.filtered}
            for s in table.sheets
        ],
        "columns": [_column(column, heading, choices) for heading in table.headings for column in heading.columns],
        "passed": [
            {**where(number, sheets), "text": shown(words, 100)} for number, words in table.skipped[:SHOWN_ROWS]
        ],
        "passed_count": len(table.skipped),
    }  # fmt: skip


def _column(column: RecognisedColumn, heading: Heading, choices: Choices) -> dict[str, Any]:
    """One column of the file: read, mapped (a person gave it), carried or left out; as what, by whom, or why not."""
    told: dict[str, Any] = {"row": heading.row, "column": column.letter, "heading": shown(column.heading, 100)}
    if column.use is not None and (said := choices.get(compared(column.heading))) is not None:
        told |= {"by": said.by, "on": said.on}
    if column.use is ColumnUse.CARRIED:
        return told | {"as": None, "taken": "carried"}
    if column.key is not None and not by_key(column.key).derived:
        told |= {"as": column.key, "taken": "read" if column.use is None else "mapped"}
        if column.scale is not None:
            told |= {"unit": plain(column.scale), "currency": column.currency}
        return told | ({"month": column.month} if column.month else {})
    if column.use is None and names_state(column.heading):
        return told | {"as": "operating_state", "taken": "read"}
    why = "ignored" if is_ignored(column) else "derived" if column.key else column.why or "unknown"
    return told | {"as": column.key or column.duplicate_of, "taken": "left_out", "why": why}


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


class Assumptions:
    """What was assumed, counted by what and column, with the first row of each; grows with the rows."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], dict[str, Any]] = {}

    def add(self, rows: Iterable[Mapping[str, Any]], sheets: list[str]) -> None:
        for row in rows:
            for notice in row["notices"]:
                if notice["code"] not in ASSUMED:
                    continue
                key = (notice["code"], notice["column"] or "")
                if key in self._found:
                    self._found[key]["rows"] += 1
                else:
                    first = {"what": notice["code"], "field": notice["field"], "column": notice["column"]}
                    said = Notice(notice["code"], notice["values"])
                    self._found[key] = first | {
                        "first": where(row["number"], sheets), "rows": 1, "sentence": said.sentence(),
                        "doubt": said.is_doubt,
                    }  # fmt: skip

    def told(self) -> list[dict[str, Any]]:
        return list(self._found.values())
