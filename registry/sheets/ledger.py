"""The ledger as a workbook: what the filter on the screen shows, ready to print, and readable by our own import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry.base.errors import SheetTooLong
from registry.base.vocabulary import NOTICE
from registry.sheets import styles
from registry.sheets.columns import SERIAL_HEADING, Column
from registry.sheets.printing import PrintedBook, PrintedSheet, printed_book
from registry.sheets.steady import Target
from registry.sheets.values import YUAN_PER_UNIT, CellValue, add_row, cell_value, totals
from registry.sheets.wording import (
    AS_OF_LINE,
    COLUMN_NOTES_HEADING,
    FILTER_LINE,
    LEDGER_NOTES,
    LEDGER_PARAGRAPHS,
    LEDGER_SHEET,
    NO_FILTER,
    NOTES_SHEET,
    TOTAL,
    UNIT_LINE,
)

ROW_LIMIT = 200_000
"""Rows of a workbook (docs/domain.md 4); beyond it the export is CSV."""
_SERIAL_WIDTH = 7
_WIDTHS = {"industry": 22}
"""Where a line on paper needs more than a cell on the screen."""


def write_ledger(
    target: Target,
    *,
    title: str,
    filter_text: str,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    as_of: str,
    printed_by: str | None = None,
) -> int:
    """Write the ledger and return the number of its rows.

    `rows` are mappings by column key as stored: yuan as Decimal, dates, codes of a vocabulary; divisions, towns,
    industries and offices as the text to print. Raises SheetTooLong beyond ROW_LIMIT rows, CellTooLong for a text no
    cell can hold; nothing is written to `target` then.
    """
    with printed_book(target, title=title) as book:
        sheet = book.sheet(
            LEDGER_SHEET, [_SERIAL_WIDTH, *(_WIDTHS.get(column.key, column.width) for column in columns)]
        )
        sheet.title(title)
        sheet.line(
            FILTER_LINE % {"filter": filter_text or NO_FILTER}, f"{AS_OF_LINE % {'as_of': as_of}}    {UNIT_LINE}"
        )
        sheet.line(NOTICE)
        head_row = sheet.rows
        sheet.head([SERIAL_HEADING, *(printed_heading(column) for column in columns)], fixed_columns=_fixed(columns))
        count = _write_rows(sheet, columns, rows, head_row)
        sheet.sign(maker=printed_by or "")
        facts = {
            "title": title,
            "filter": filter_text or NO_FILTER,
            "as_of": as_of,
            "count": str(count),
            "unit": UNIT_LINE,
            "printed_by": printed_by,
        }
        _write_notes(book, facts, columns)
    return count


def _fixed(columns: Sequence[Column]) -> int:
    """The serial number and the name stay in view while the rest is scrolled."""
    return 2 if columns and columns[0].key == "name" else 1


def _write_rows(
    sheet: PrintedSheet, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], head_row: int
) -> int:
    looks = [styles.SERIAL, *(styles.column_look(column) for column in columns)]
    sums = totals(columns)
    count = 0
    for row in rows:
        count += 1
        if count > ROW_LIMIT:
            raise SheetTooLong(limit=ROW_LIMIT)
        sheet.fitted_row([count, *(cell_value(column, row.get(column.key)) for column in columns)], looks)
        add_row(sums, row)
    sheet.filter_from(head_row)
    sheet.total(TOTAL % {"count": count}, total_cells(columns, sums), looks[1:])
    return count


def printed_heading(column: Column) -> str:
    """The heading with its unit on a line of its own; the reader does not mind."""
    return f"{column.heading}\n({column.unit})" if column.unit else column.heading


def total_cells(columns: Sequence[Column], sums: Mapping[str, Decimal]) -> list[CellValue]:
    """The cells of a total row, in 万元.

    Name and code stay empty: by this, and by the word its label begins with, our reader knows that the row is no firm.
    """
    return [sums[column.key] / YUAN_PER_UNIT if column.key in sums else None for column in columns]


def _write_notes(book: PrintedBook, facts: Mapping[str, str | None], columns: Sequence[Column]) -> None:
    sheet = book.sheet(NOTES_SHEET, [22, 100], paper=styles.A4)
    sheet.title(NOTES_SHEET)
    sheet.line(NOTICE)
    for label, key in LEDGER_NOTES:
        if facts[key]:
            sheet.fitted_row([label, facts[key]], [styles.LABEL, styles.PARAGRAPH])
    for paragraph in LEDGER_PARAGRAPHS:
        sheet.fitted_row([NOTES_SHEET, paragraph], [styles.LABEL, styles.PARAGRAPH])
    noted = [column for column in columns if column.note]
    if noted:
        sheet.line(COLUMN_NOTES_HEADING)
    for column in noted:
        sheet.fitted_row([column.heading_with_unit, column.note], [styles.LABEL, styles.PARAGRAPH])
