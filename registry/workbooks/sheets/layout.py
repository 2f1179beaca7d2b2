"""The columns of the workbook that goes out to an office and comes back: key, name, code, figures by month, fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from registry.base.errors import HEADING_TWICE, FileRefused
from registry.base.firm_fields import FIGURE_FIELDS
from registry.base.periods import Period
from registry.base.vocabulary import FIGURE_KIND_LABELS, FigureKind
from registry.sheets import months
from registry.sheets.columns import COLUMNS, Column, ColumnKind
from registry.sheets.headings import NOWHERE, Around, Heading, NumberedRow, RecognisedColumn, plain, require_heading
from registry.sheets.months import figure_key, figure_of
from registry.sheets.wording import (
    BOOK_KEY_HEADING,
    BOOK_KEY_NOTE,
    BOOK_REASON_HEADING,
    BOOK_REASON_NOTE,
    BOOK_STATE_HEADING,
    BOOK_STATE_NOTE,
)

__all__ = ["figure_key", "figure_of"]

KEY, STATE, REASON = "row_key", "state_note", "correction_reason"
IDENTITY = ("name", "credit_code")
"""Locked unless the cell itself is open: a code that is missing, a name that was sent back."""

_OWN = {
    KEY: Column(KEY, BOOK_KEY_HEADING, ColumnKind.TEXT, "", BOOK_KEY_NOTE, width=9),
    STATE: Column(STATE, BOOK_STATE_HEADING, ColumnKind.TEXT, "", BOOK_STATE_NOTE, width=22),
    REASON: Column(REASON, BOOK_REASON_HEADING, ColumnKind.TEXT, "", BOOK_REASON_NOTE, width=26, max_length=500),
}
CONTACTS = tuple(column.key for column in COLUMNS if column.restricted)
_FIELDS = tuple(
    column.key
    for column in COLUMNS
    if column.in_form and column.key not in (*IDENTITY, *FIGURE_FIELDS, *CONTACTS, "former_names")
)
_FIGURE_HEADING = re.compile(rf"(\d{{4}})年(?:1-)?(\d{{1,2}})月({'|'.join(FIGURE_KIND_LABELS.values())})")


def fields(*, contacts: bool) -> tuple[str, ...]:
    """Keys of the fields a workbook asks for; contacts only where they were asked for."""
    return (*_FIELDS, *CONTACTS) if contacts else _FIELDS


def figures(year: int, month: int) -> tuple[str, ...]:
    """Keys of the figures of `year` up to `month`: `revenue_2021_09`."""
    return tuple(figure_key(kind, Period(year, one)) for kind in FigureKind for one in range(1, month + 1))


def column_of(key: str) -> Column:
    """The definition of any column of the workbook. KeyError for what is none."""
    return _OWN[key] if key in _OWN else months.column_of(key)


def layout(year: int, month: int) -> tuple[Column, ...]:
    """The columns of one workbook in their order; whom to call stands in it for firms that are new."""
    keys = (KEY, *IDENTITY, STATE, *figures(year, month), REASON, *fields(contacts=True))
    return tuple(column_of(key) for key in keys)


def recognise(rows: Sequence[NumberedRow], around: Around = NOWHERE) -> Heading:
    """The heading row of a returned workbook, wherever its columns were moved to. Raises FileRefused."""
    heading = require_heading(rows, around)
    columns = tuple(_as_ours(column) for column in heading.columns)
    _refuse_twins(heading.row, columns)
    return Heading(heading.row, columns, heading.last_row)


def _as_ours(column: RecognisedColumn) -> RecognisedColumn:
    """A column of the workbook itself comes before what its heading would mean in a list of somebody else's."""
    own = _own_key(column)
    return column if own is None else replace(column, key=own, month=None, duplicate_of=None, why="")


def _own_key(column: RecognisedColumn) -> str | None:
    text = plain(column.heading)
    for key, own in _OWN.items():
        if text == plain(own.heading):
            return key
    match = _FIGURE_HEADING.match(text)
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    kind = next(kind for kind, label in FIGURE_KIND_LABELS.items() if label == match[3])
    return figure_key(FigureKind(kind), Period(int(match[1]), int(match[2])))


def _refuse_twins(row: int, columns: Sequence[RecognisedColumn]) -> None:
    seen: dict[str, RecognisedColumn] = {}
    for column in columns:
        if column.key is None:
            continue
        if column.key in seen:
            letters = f"{seen[column.key].letter}、{column.letter}"
            raise FileRefused(HEADING_TWICE, row=row, heading=column.heading, letters=letters)
        seen[column.key] = column
