"""The rows that could not be taken, in the form they came in: cells marked, reasons beside them, ready to return."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from registry.sheets.columns import FAULTS_HEADING, SOURCE_ROW_HEADING, Column, ColumnKind, template_columns
from registry.sheets.reader import Lost
from registry.sheets.steady import Target
from registry.sheets.template import FormCell, FormLine, ReferenceLists, write_form
from registry.sheets.values import YUAN_PER_UNIT, CellValue, cell_value, visible
from registry.sheets.wording import MARKED_HINT, MARKED_TITLE
from registry.sheets.words import SCALES, YUAN

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


def write_marked(
    target: Target,
    *,
    reference: ReferenceLists,
    rows: Iterable[MarkedRow],
    office_name: str,
    scales: Mapping[str, Decimal | None] = MappingProxyType({}),
    further: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Write `rows` as the template with faulty cells red and commented, and two more columns: 原行号 and 问题.

    `further`: columns of the file that the form has not, key of the cells -> heading; they come back as they were.

    `scales`: how many yuan one unit of a money column of the uploaded file stood for, by column key (as its heading was
    read; None or absent: 万元). Our form is in 万元, so a figure typed under 元 is converted, else it would come back
    ten thousand times as large.
    """
    write_form(
        target,
        title=MARKED_TITLE % {"office": office_name},
        hint=MARKED_HINT,
        reference=reference,
        lines=_lines(rows, scales, tuple(further)),
        extra_headings={**dict.fromkeys(further.values(), 16), SOURCE_ROW_HEADING: 8, FAULTS_HEADING: 60},
    )


def _lines(
    rows: Iterable[MarkedRow], scales: Mapping[str, Decimal | None], further: tuple[str, ...]
) -> Iterator[FormLine]:
    columns = template_columns()
    comments = 0
    for row in rows:
        faults = _by_column(row)
        line = []
        for column in columns:
            fault = faults.get(column.key)
            comments += fault is not None
            value = _raw(column, row.cells.get(column.key), scales.get(column.key) or YUAN_PER_UNIT)
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


def _raw(column: Column, value: Any, scale: Decimal) -> CellValue:
    """A cell as it was typed; a value that the file had lost (`Lost`) is an empty cell, its fault says why."""
    if isinstance(value, Lost):
        return None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime) and value.time() != time(0):
        return value.isoformat(" ", "seconds")
    if column.kind is ColumnKind.MONEY and value is not None:
        return _amount(value, scale)
    return cell_value(column, value)


def _further(value: Any) -> CellValue:
    """A cell of a column that the form has not, as text."""
    if value is None or isinstance(value, Lost):
        return None
    return str(value).upper() if isinstance(value, bool) else visible(str(value))


def _amount(value: Any, scale: Decimal) -> CellValue:
    """An amount under a 万元 heading; a text of bare figures gets the unit it was typed under, other text stays."""
    if isinstance(value, int | float | Decimal):
        return value if scale == YUAN_PER_UNIT else Decimal(str(value)) * scale / YUAN_PER_UNIT
    text = visible(str(value))
    if scale == YUAN_PER_UNIT or not _FIGURES.fullmatch(unicodedata.normalize("NFKC", text)):
        return text
    word = next((word for word, factor in SCALES.items() if factor == scale), None)
    return text if word is None else f"{text}{word}{YUAN}"
