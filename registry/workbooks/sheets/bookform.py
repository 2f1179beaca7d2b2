"""Writes the pre-filled workbook of an office: locked keys, open cells, marked cells with their notes, the token."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from io import BytesIO

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName

from registry.base.vocabulary import NOTICE
from registry.sheets import formstyles
from registry.sheets.columns import TEMPLATE_SHEET, Column, ColumnKind
from registry.sheets.guide import add_guide
from registry.sheets.lists import ReferenceLists, add_lists, validations
from registry.sheets.steady import Target, save_steadily
from registry.sheets.styles import FAULT_FILL, FAULT_INK, GROUP_FILL, INK, RULE, WANTED_FILL, alignment, number_format
from registry.sheets.tokens import DEFINED_NAME
from registry.sheets.values import CellValue, exact_number, fitting, openxml_text
from registry.sheets.wording import (
    BODY_FONT,
    BOOK_GUIDE_TITLE,
    BOOK_PARAGRAPHS,
    BOOK_SHEET,
    COMMENT_AUTHOR,
    PAGE_FOOTER,
)
from registry.workbooks.rules import VERSION
from registry.workbooks.sheets.layout import KEY, REASON, STATE

HEADING_ROW, FIRST_ROW = 4, 5
_FIXED = "D5"
_HELD_FILL = "#E6F2EA"
_COMMENT_WIDTH = 260


class State(StrEnum):
    """How a cell stands to whoever fills in: empty and open, filled and open, closed, sent back, not taken."""

    OPEN = "open"
    HELD = "held"
    SHUT = "shut"
    MARKED = "marked"
    FAULTY = "faulty"


_FILLS = {
    State.HELD: _HELD_FILL,
    State.SHUT: GROUP_FILL,
    State.MARKED: WANTED_FILL,
    State.FAULTY: FAULT_FILL,
}


@dataclass(frozen=True, slots=True)
class BookCell:
    """One cell: its value as `cell_value` gives it, how it stands, and the note on it."""

    value: CellValue
    state: State
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """What stands around the rows: title, the lines under it, the token by which the file is known again."""

    title: str
    hint: str
    counts: str
    token: str


def write_book(
    target: Target,
    book: Book,
    *,
    columns: Sequence[Column],
    reference: ReferenceLists,
    lines: Iterable[Sequence[BookCell]],
) -> None:
    """Write the workbook; `lines` are rows of cells in the order of `columns`. Raises CellTooLong."""
    file = Workbook(write_only=True)
    formstyles.add_styles(file)
    _add_styles(file)
    sheet = _Sheet(file, columns)
    sheet.open(book)
    try:
        last_row = sheet.fill(lines)
    except BaseException:
        save_steadily(file, BytesIO(), title=book.title)  # closes the temporary files of the half-written sheet
        raise
    for rule in validations(columns, reference, first_row=FIRST_ROW, last_row=max(last_row, FIRST_ROW)):
        sheet.sheet.data_validations.append(rule)
    shown = [column for column in columns if column.key not in (KEY, STATE)]
    add_guide(file, shown, title=BOOK_GUIDE_TITLE, paragraphs=BOOK_PARAGRAPHS)
    add_lists(file, columns, reference)
    _add_token(file, book.token, VERSION)
    save_steadily(file, target, title=book.title)


def _add_token(book: Workbook, token: str, version: str) -> None:
    """Put the token into a hidden sheet, a name and the properties; a line of the data sheet bears it in the open."""
    sheet = book.create_sheet(BOOK_SHEET)
    sheet.sheet_state = "hidden"
    sheet.append([token])
    sheet.append([f"version={version}"])
    text = f"{token} version={version}"
    book.defined_names[DEFINED_NAME] = DefinedName(DEFINED_NAME, attr_text=f'"{text}"', hidden=True)
    book.properties.keywords = text


class _Sheet:
    """The data sheet while it is written."""

    def __init__(self, file: Workbook, columns: Sequence[Column]) -> None:
        self.sheet = file.create_sheet(TEMPLATE_SHEET)
        self._columns = columns
        self._shape()
        self._protect()

    def _shape(self) -> None:
        sheet = self.sheet
        for index, column in enumerate(self._columns, start=1):
            dimension = sheet.column_dimensions[get_column_letter(index)]
            dimension.width = column.width
            dimension.hidden = column.key == KEY
        sheet.freeze_panes = _FIXED
        sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
        sheet.print_title_cols = "B:C"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 4, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.center.text = PAGE_FOOTER
        for row, height in ((1, 30), (HEADING_ROW, 44)):
            sheet.row_dimensions[row].height = height

    def _protect(self) -> None:
        """Against slips, without a password: what counts is looked at again when the file comes back."""
        protection = self.sheet.protection
        protection.sheet = True
        protection.formatCells = protection.formatColumns = protection.formatRows = False
        protection.sort = protection.autoFilter = False

    def open(self, book: Book) -> None:
        """Title, notice, counts and headings; the first column is hidden, so the words stand in the second."""
        self.sheet.append([None, self._text(book.title, formstyles.TITLE)])
        self.sheet.append([None, self._text(f"{NOTICE}。{book.hint}", formstyles.HINT)])
        self.sheet.append([None, self._text(book.counts, formstyles.HINT)])
        self.sheet.append([self._text(column.heading_with_unit, _head(column)) for column in self._columns])

    def fill(self, lines: Iterable[Sequence[BookCell]]) -> int:
        """Write the data rows; the number of the last one (or of the headings where there is none)."""
        row = HEADING_ROW
        for row, line in enumerate(lines, start=FIRST_ROW):
            cells = zip(line, self._columns, strict=True)
            self.sheet.append([self._filled(cell, column, row) for cell, column in cells])
        return row

    def _filled(self, given: BookCell, column: Column, row: int) -> Cell:
        value, style = given.value, _style_name(given.state, column.kind)
        if isinstance(value, str):
            fitting(value, row=row, heading=column.heading)
            if number_format(column.kind) != "@":
                style = _style_name(given.state, ColumnKind.TEXT)
            cell = self._text(value, style)
        else:
            cell = self._number(value, style)
        if given.comment:
            cell.comment = _comment(given.comment)
        return cell

    def _text(self, text: str, style: str) -> Cell:
        cell = WriteOnlyCell(self.sheet)
        cell.style = style
        cell.value = openxml_text(text)
        cell.data_type = "s"  # else a text that begins with = becomes a formula
        return cell

    def _number(self, value: float | Decimal | date | None, style: str) -> Cell:
        cell = WriteOnlyCell(self.sheet)
        cell.style = style
        if value is not None:
            shape = cell.number_format
            cell.value = exact_number(value) if isinstance(value, int | float | Decimal) else value
            cell.number_format = shape
        return cell


def _comment(text: str) -> Comment:
    lines = sum(1 + len(part) // 20 for part in text.split("\n"))
    return Comment(openxml_text(text), COMMENT_AUTHOR, width=_COMMENT_WIDTH, height=24 + 20 * lines)


def _head(column: Column) -> str:
    return "form_head_required" if column.key == REASON else formstyles.head_style(column)


def _style_name(state: State, kind: ColumnKind) -> str:
    return f"book_{state.value}_{kind.value}"


def _add_styles(file: Workbook) -> None:
    for state in State:
        for kind in ColumnKind:
            file.add_named_style(_style(state, kind))


def _style(state: State, kind: ColumnKind) -> NamedStyle:
    style = NamedStyle(_style_name(state, kind))
    ink = FAULT_INK if state is State.FAULTY else INK
    style.font = Font(BODY_FONT, size=10, color=ink.lstrip("#"), bold=state is State.MARKED)
    if fill := _FILLS.get(state):
        style.fill = PatternFill("solid", fgColor=fill.lstrip("#"))
    side = Side("medium" if state is State.MARKED else "thin", color=RULE.lstrip("#"))
    style.border = Border(left=side, right=side, top=side, bottom=side)
    style.alignment = Alignment(horizontal=alignment(kind), vertical="center")
    style.number_format = number_format(kind)
    style.protection = Protection(locked=state is State.SHUT)
    return style
