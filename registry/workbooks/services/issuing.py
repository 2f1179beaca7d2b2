"""An office gets its workbook: which cells it holds, which are open, what was sent back; and the file itself."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from itertools import chain
from typing import IO, Any, NamedTuple

from sqlalchemy import insert

from registry.base.errors import FieldError, NotAllowed
from registry.base.extensions import db
from registry.base.firm_fields import DOCUMENTS
from registry.base.periods import Period
from registry.base.permissions import Actor, can
from registry.base.vocabulary import STAGE_LABELS
from registry.firms.models.firms import Firm
from registry.imports.services.plain import packed, unpacked
from registry.imports.services.returning import reference_lists
from registry.imports.services.stored import current_figures
from registry.people.models import Office
from registry.sheets import wording
from registry.sheets.columns import Column, ColumnKind
from registry.sheets.fields import label
from registry.sheets.values import CellValue
from registry.trail.services import trail
from registry.workbooks import queries, rules
from registry.workbooks.models import IssuedRow, IssuedWorkbook
from registry.workbooks.services import firm_cells
from registry.workbooks.sheets import layout
from registry.workbooks.sheets.bookform import FIRST_ROW, Book, BookCell, State, write_book

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PIECE = 1 << 20
Overlay = Mapping[int, Mapping[str, tuple[str, str]]]
"""Firm -> cell -> what was typed and why it was not taken."""


class Newcomer(NamedTuple):
    """A row of a new firm that goes back: its cells as typed, and what is wrong with which of them, by key."""

    cells: Mapping[str, CellValue]
    faults: Mapping[str, str]


_NOBODY = Newcomer({}, {})
SPARE_ROWS = 200
"""Room for new firms under those that are held."""


class Counts(NamedTuple):
    """Cells of a workbook that are open: empty ones, which are asked for, and held ones, which are spared."""

    asked: int
    spared: int


def months(on: date) -> list[Period]:
    """The months whose figures may be asked for: those of this year that are over, then those of the year before."""
    of_this = [Period(on.year, month) for month in range(on.month - 1, 0, -1)]
    return [*of_this, *(Period(on.year - 1, month) for month in range(12, 0, -1))]


def issue(actor: Actor, office: Office, period: Period, *, contacts: bool, at: datetime, on: date) -> IssuedWorkbook:
    """A new workbook of `office` with every cell as it stands now and room for new firms. Raises FieldError."""
    if period not in months(on):
        raise FieldError("period", rules.MONTH_OPEN)
    if contacts and not can(actor, "firm.export_contacts"):
        raise NotAllowed
    firms = firm_cells.firms_of(office.id)
    keys = _keys(period.year, period.month, contacts=contacts)
    rows = [row for row in _rows(actor, firms, keys, period.year) if row["open"]]
    counts = _counts(rows)
    book = IssuedWorkbook(
        token=f"wb-{secrets.token_hex(12)}",
        office=office,
        year=period.year,
        month=period.month,
        contacts=contacts,
        by_id=actor.user_id,
        by_name=actor.name,
        at=at,
        rows=len(rows),
        asked=counts.asked,
        spared=counts.spared,
    )
    db.session.add(book)
    db.session.flush()
    numbered = enumerate(rows, start=FIRST_ROW)
    written = [{"workbook_id": book.id, "number": number, **row} for number, row in numbered]
    if written:
        db.session.execute(insert(IssuedRow), written)
    after = {"period": period.label, "rows": len(rows), "contacts": contacts}
    trail.record(actor, "issue_workbook", book, at=at, after=after)
    return book


def write(
    book: IssuedWorkbook, target: IO[bytes], overlay: Overlay | None = None, newcomers: Iterable[Newcomer] = ()
) -> None:
    """The file of an issued workbook, the same bytes each time; `overlay` puts refused cells in, red, with the reason.

    `newcomers`: rows of new firms that went back, as they were typed. The digest is noted where the file is written for
    the first time.
    """
    columns = layout.layout(book.year, book.month)
    rows = queries.rows_of(book)
    period = Period(book.year, book.month)
    head = Book(
        title=wording.BOOK_TITLE % {"office": book.office.name, "period": period.label},
        hint=wording.BOOK_HINT % {"token": book.token},
        counts=wording.BOOK_COUNTS % {"cells": book.asked + book.spared, "spared": book.spared, "asked": book.asked},
        token=book.token,
    )
    held = (_line(row, columns, (overlay or {}).get(row.firm_id, {})) for row in rows)
    back = (_newcomer(one, columns) for one in newcomers)
    spare = (_newcomer(_NOBODY, columns) for _ in range(SPARE_ROWS))
    write_book(target, head, columns=columns, reference=reference_lists(book.office), lines=chain(held, back, spare))
    if not book.digest:
        book.digest = _digest(target)


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _keys(year: int, month: int, *, contacts: bool) -> tuple[str, ...]:
    """The cells of a firm: identity, figures, fields."""
    return (*layout.IDENTITY, *layout.figures(year, month), *layout.fields(contacts=contacts))


def _rows(actor: Actor, firms: Sequence[Firm], keys: Sequence[str], year: int) -> Iterator[dict[str, Any]]:
    figures = current_figures(firm.id for firm in firms)
    for firm in firms:
        values = firm_cells.values_of(firm, keys, figures, year)
        opened = firm_cells.open_to(actor, firm, keys)
        marks = {cell.field: cell.note for cell in firm_cells.returned_cells(firm)}
        yield {
            "firm_id": firm.id,
            "values": {layout.STATE: _told(firm, marks, keys), **packed_values(values)},
            "marks": marks,
            "open": [key for key in keys if key in opened],
        }


def _told(firm: Firm, marks: Mapping[str, str], keys: Sequence[str]) -> str:
    """The stage, and what was sent back; what has no cell here is mended on the page."""
    stage = STAGE_LABELS[firm.stage]
    if not marks:
        return stage
    named = [
        label(field) if field in keys else wording.BOOK_ON_PAGE % {"field": _label(field)} for field in marks
    ]  # fmt: skip
    return wording.LIST_JOINT.join((stage, wording.BOOK_RETURNED % {"fields": wording.WORD_JOINT.join(named)}))


def _label(field: str) -> str:
    return label(DOCUMENTS) if field == DOCUMENTS else label(field)


def _counts(rows: Sequence[Mapping[str, Any]]) -> Counts:
    held = sum(row["values"][key] is not None for row in rows for key in row["open"])
    return Counts(sum(len(row["open"]) for row in rows) - held, held)


def _line(row: IssuedRow, columns: Sequence[Column], overlay: Mapping[str, tuple[str, str]]) -> list[BookCell]:
    return [_cell(row, column, overlay) for column in columns]


def _cell(row: IssuedRow, column: Column, overlay: Mapping[str, tuple[str, str]]) -> BookCell:
    if column.key == layout.KEY:
        return BookCell(key_of(row.firm_id), State.SHUT)
    if column.key == layout.REASON:
        return BookCell(None, State.OPEN)
    if column.key in overlay:
        typed, why = overlay[column.key]
        return BookCell(typed or None, State.FAULTY, why)
    value = _unpack(column, row.values.get(column.key))
    if column.key in row.marks:
        note = row.marks[column.key] or wording.BOOK_MARK_BLANK
        return BookCell(value, State.MARKED, wording.BOOK_MARK % {"note": note})
    if column.key not in row.open:
        return BookCell(value, State.SHUT)
    return BookCell(value, State.OPEN if value is None else State.HELD)


def _newcomer(given: Newcomer, columns: Sequence[Column]) -> list[BookCell]:
    """A row of a new firm: everything is open but what says who and where a held one is."""
    return [_open_cell(given, column.key) for column in columns]


def _open_cell(given: Newcomer, key: str) -> BookCell:
    if key in (layout.KEY, layout.STATE):
        return BookCell(None, State.SHUT)
    if key in given.faults:
        return BookCell(given.cells.get(key), State.FAULTY, given.faults[key])
    return BookCell(given.cells.get(key), State.OPEN)


def key_of(firm_id: int) -> str:
    """What stands in the hidden first cell of a firm's row."""
    return f"F{firm_id}"


def packed_values(values: Mapping[str, CellValue]) -> dict[str, Any]:
    """Cells as a JSON column keeps them, amounts as plain digits; `plain.unpacked` makes them cells of a file again."""
    return {key: format(value, "f") if isinstance(value, Decimal) else packed(value) for key, value in values.items()}


def _unpack(column: Column, value: Any) -> CellValue:
    """A cell as `cell_value` gave it: an amount in plain digits is a number again."""
    if column.kind is ColumnKind.MONEY and isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    cell = unpacked(value)
    return cell if isinstance(cell, str | int | float | date) else None
