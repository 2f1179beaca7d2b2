"""Open lists as files: CSV for programs, a workbook for people, JSON with its schema."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import TextIOWrapper
from typing import IO, Any

from registry.portal.rules.catalog import Collection
from registry.portal.rules.schemas import KEY
from registry.sheets.columns import Column, ColumnKind
from registry.sheets.csv_out import quiet
from registry.sheets.ledger import write_ledger

_WIDTHS = {"name": 34, "text": 60, "items": 60, "summary": 40, "capability": 40, "activity": 34}


def write_table(file: IO[bytes], keys: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    """Headed by the names of the schema, and nothing but its rows; no cell is a live formula."""
    text, count = TextIOWrapper(file, "utf-8-sig", newline=""), 0
    writer = csv.writer(text)
    writer.writerow([KEY, *keys])
    for row in rows:
        count += 1
        writer.writerow([quiet(str(row.get(key, ""))) for key in (KEY, *keys)])
    text.detach()
    return count


def write_workbook(
    file: IO[bytes], collection: Collection, keys: Sequence[str], rows: Iterable[Mapping[str, Any]], licence: str,
    as_of: str, words: Callable[[str], str],
) -> int:  # fmt: skip
    """Headed by labels, ready to print; raises SheetTooLong, CellTooLong."""
    columns = [
        Column(key, words(collection.field(key).label), ColumnKind.TEXT, "", width=_WIDTHS.get(key, 16)) for key in keys
    ]
    return write_ledger(
        file, title=words(collection.label), filter_text=licence, columns=columns, rows=_whole(columns, rows),
        as_of=as_of,
    )  # fmt: skip


def write_json(
    file: IO[bytes], schema: Mapping[str, Any], licence: Mapping[str, str], notice: str,
    rows: Iterable[Mapping[str, Any]],
) -> int:  # fmt: skip
    """One object: schema, licence, notice and the rows, one a line."""
    head = json.dumps({"notice": notice, "licence": licence, "schema": schema}, ensure_ascii=False)
    file.write((head[:-1] + ', "rows": [\n').encode())
    count = 0
    for row in rows:
        file.write((("" if count == 0 else ",\n") + json.dumps(row, ensure_ascii=False)).encode())
        count += 1
    file.write(b"\n]}\n")
    return count


def _whole(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    return ({column.key: row.get(column.key, "") for column in columns} for row in rows)
