"""The rows that could not be taken, in the form they came in: cells marked, reasons beside them, ready to return."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from registry.sheets.columns import FAULTS_HEADING, SOURCE_ROW_HEADING, Column, ColumnKind, template_columns
from registry.sheets.reader import Lost
from registry.sheets.steady import Target
from registry.sheets.template import FormCell, FormLine, ReferenceLists, write_form
from registry.sheets.values import CellValue, cell_value, visible
from registry.sheets.wording import (
    MARKED_HINT,
    MARKED_NO_UNIT_NOTE,
    MARKED_PARAGRAPHS,
    MARKED_TITLE,
    MARKED_UNIT_NOTE,
    MONTHLY_HEADING,
    MONTHLY_HEADINGS,
)

_FIGURES = re.compile(r"[\d\s,.+-]*\d[\d\s,.]*")
COMMENT_LIMIT = 5_000
"""Cells that get a comment; beyond it a cell is still red and the sentence stands in the last column."""


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A row of the uploaded file: its row number there, its cells as they were typed, and what is wrong.

    `cells` by column key, raw, as the reader gave them. `faults` are pairs of a column key (None for the whole
    row) and a sentence.
    """

    number: int
    cells: Mapping[str, Any]
    faults: tuple[tuple[str | None, str], ...]
    place: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    """In words, of amounts that stood under another unit than that of the form: a second table of the file."""


def write_marked(
    target: Target,
    *,
    reference: ReferenceLists,
    rows: Iterable[MarkedRow],
    office_name: str,
    columns: Sequence[Column] | None = None,
    further: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Write `rows` as the template with faulty cells red and commented, and two more columns: 原行号 and 问题.

    `columns`: those of the form, each with the unit and the months that the file's own heading says, so that every
    amount stands there as it was typed and means what it meant; by default those of the template.

    `further`: columns of the file that the form has not, key of the cells -> heading; they come back as they were.
    """
    own = template_columns() if columns is None else tuple(columns)
    write_form(
        target,
        title=MARKED_TITLE % {"office": office_name},
        hint=MARKED_HINT,
        reference=reference,
        lines=_lines(rows, own, tuple(further)),
        extra_headings={**dict.fromkeys(further.values(), 16), SOURCE_ROW_HEADING: 8, FAULTS_HEADING: 60},
        columns=own,
        paragraphs=MARKED_PARAGRAPHS,
    )


def as_in_file(column: Column, heading: str, unit: str | None) -> Column:
    """A money column of the form as the file had it: under `heading`, in `unit` (None: no unit was written)."""
    note = MARKED_UNIT_NOTE % {"unit": unit} if unit else MARKED_NO_UNIT_NOTE
    return replace(column, heading=heading, unit=unit, note=note)


def heading_of(column: Column, month: int | None, year: int | None) -> str:
    """The heading of a figure of `year` whose months stand in it: the reader takes the same of it again."""
    if not month or year is None or column.key not in MONTHLY_HEADINGS:
        return column.heading
    before, word = MONTHLY_HEADINGS[column.key]
    return MONTHLY_HEADING % {"year": year - before, "months": f"1-{month}", "what": word}


def _lines(rows: Iterable[MarkedRow], columns: Sequence[Column], further: tuple[str, ...]) -> Iterator[FormLine]:
    comments = 0
    for row in rows:
        faults = _by_column(row)
        line = []
        for column in columns:
            fault = faults.get(column.key)
            comments += fault is not None
            value = _raw(column, row.cells.get(column.key), row.units.get(column.key, ""))
            line.append(FormCell(value, fault is not None, fault if comments <= COMMENT_LIMIT else None))
        line += [FormCell(_further(row.cells.get(key)), key in faults, faults.get(key)) for key in further]
        line.append(FormCell(row.place or str(row.number)))
        line.append(FormCell("\n".join(visible(sentence) for _, sentence in row.faults) or None))
        yield line


def _by_column(row: MarkedRow) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, sentence in row.faults:
        if key is not None:
            found[key] = f"{found[key]}\n{sentence}" if key in found else sentence
    return found


def _raw(column: Column, value: Any, unit: str) -> CellValue:
    """A cell as it was typed; a value that the file had lost (`Lost`) is an empty cell, its fault says why."""
    if isinstance(value, Lost):
        return None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime) and value.time() != time(0):
        return value.isoformat(" ", "seconds")
    if column.kind is ColumnKind.MONEY and value is not None:
        return _amount(value, unit)
    return cell_value(column, value)


def _further(value: Any) -> CellValue:
    """A cell of a column that the form has not, as text."""
    if value is None or isinstance(value, Lost):
        return None
    return str(value).upper() if isinstance(value, bool) else visible(str(value))


def _amount(value: Any, unit: str) -> CellValue:
    """An amount as it was typed; bare figures from under another unit than the form's get that unit written behind."""
    bare = isinstance(value, int | float | Decimal)
    if unit and (bare or _FIGURES.fullmatch(unicodedata.normalize("NFKC", str(value)))):
        return f"{visible(str(value)).strip()}{unit}"
    return value if bare else visible(str(value))
