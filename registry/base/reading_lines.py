"""What a command says of how a file was read: sheets, columns and rows that were not, and what was taken for what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

FIRST = 10
_WHY_SHEET = {"hidden": "it is hidden", "none": "it has no heading row", "other": "it is another list"}
_WHY_COLUMN = {
    "unknown": "the heading is not known", "qualified": "the words in brackets make it another thing",
    "twice": "another column with the same meaning was taken", "month": "the figure of one month alone",
    "year": "of another year", "derived": "worked out by the system", "by_hand": "a person said so",
    "identity": "identity numbers are kept nowhere, nor do they go back with a row",
    "period": "its heading speaks of another period than the column it was given",
    "given_twice": "several columns bear this heading, which a person gave: nobody can say which one is meant",
    "no_amount": "expectations or ratios, no amounts",
}  # fmt: skip


def lines(told: Mapping[str, Any]) -> Iterator[str]:
    """Nothing is left out in silence; `told` is what `sheets.account.of` gives."""
    for sheet in told.get("sheets", ()):
        if sheet["sheet"]:
            said = f"{sheet['rows']:,} rows" if sheet["read"] else f"not read: {_WHY_SHEET[sheet['why']]}"
            yield f"  sheet {sheet['sheet']}: {said}"
            if unseen := sheet.get("hidden_columns"):
                yield f"  sheet {sheet['sheet']}: read although the sheet hides them: columns {', '.join(unseen)}"
    for column in told.get("columns", ()):
        if said := _column(column):
            yield f"  column {column['column']} {column['heading']}: {said}"
    for passed in told.get("passed", ())[:FIRST]:
        yield f"  row {place(passed)}: passed over: {passed['text']}"
    if told.get("passed_count", 0) > FIRST:
        yield f"  ... and {told['passed_count'] - FIRST:,} more rows passed over"


def assumed(told: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What was taken for what, each with how often and where first."""
    for one in told:
        column = f" column {one['column']}" if one["column"] else ""
        yield f"  {one['rows']:,} rows{column}, first row {place(one['first'])}: {one['sentence']}"


def place(where: Mapping[str, Any]) -> str:
    """A row, with its sheet where there are several."""
    return f"{where['sheet']}!{where['row']}" if "sheet" in where else str(where["row"])


def _column(column: Mapping[str, Any]) -> str:
    """What is said of a column that is not simply read by its heading."""
    if column["taken"] == "read" or column.get("why") == "ignored":
        return ""
    given = f", as {column['by']} said on {column['on']}" if "by" in column else ""
    if column["taken"] == "mapped":
        return f"read as {column['as']}{given}"
    if column["taken"] == "carried":
        return f"carried along{given}"
    return f"not read: {_WHY_COLUMN[column['why']]}{given}"
