"""Open lists as files: CSV for programs, a workbook for people, JSON with its schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Any

from registry.base.vocabulary import NOTICE
from registry.portal.rules.catalog import Collection
from registry.portal.rules.schemas import KEY
from registry.sheets import styles
from registry.sheets.columns import SERIAL_HEADING
from registry.sheets.csv_out import write_rows
from registry.sheets.printing import printed_book
from registry.sheets.values import visible
from registry.sheets.wording import AS_OF_LINE, FILTER_LINE, NO_FILTER

_WIDTHS = {"name": 34, "text": 60, "items": 60, "summary": 40, "capability": 40, "activity": 34}


def write_table(file: IO[bytes], keys: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    """Headed by the names of the schema, and nothing but its rows; no cell is a live formula."""
    cells = ([row.get(key, "") for key in (KEY, *keys)] for row in rows)
    return write_rows(file, [KEY, *keys], cells)


def write_workbook(
    file: IO[bytes], collection: Collection, keys: Sequence[str], rows: Iterable[Mapping[str, Any]], *, licence: str,
    filter_text: str, as_of: str, words: Callable[[str], str],
) -> int:  # fmt: skip
    """Headed by labels, ready to print; the number of its rows."""
    title, count = words(collection.label), 0
    with printed_book(file, title=title) as book:
        sheet = book.sheet(title[:31], [7, *(_WIDTHS.get(key, 16) for key in keys)], paper=styles.A3)
        sheet.title(title)
        sheet.line(FILTER_LINE % {"filter": filter_text or NO_FILTER}, AS_OF_LINE % {"as_of": as_of})
        sheet.line(NOTICE, licence)
        head = sheet.rows
        sheet.head([SERIAL_HEADING, *(words(collection.field(key).label) for key in keys)], fixed_columns=2)
        for row in rows:
            count += 1
            looks = [styles.SERIAL, *(styles.PARAGRAPH for _key in keys)]
            sheet.fitted_row([count, *(visible(str(row.get(key, ""))) for key in keys)], looks)
        sheet.filter_from(head)
    return count


def write_json(
    file: IO[bytes], schema: Mapping[str, Any], licence: Mapping[str, str], notice: str,
    rows: Iterable[Mapping[str, Any]],
) -> int:  # fmt: skip
    """One object: schema, licence, notice and the rows, one a line."""
    head = json.dumps({"notice": notice, "licence": licence, "schema": schema}, ensure_ascii=False)
    file.write((head[:-1] + ', "rows": [\n').encode())
    count = 0
    whole = {field["name"] for field in schema["fields"] if field["type"] in ("integer", "year")}
    for row in rows:
        typed = {key: int(value) if key in whole else value for key, value in row.items()}
        file.write((("" if count == 0 else ",\n") + json.dumps(typed, ensure_ascii=False)).encode())
        count += 1
    file.write(b"\n]}\n")
    return count
