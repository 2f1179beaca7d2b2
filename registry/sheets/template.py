"""The workbook a county fills in: headings, drop-downs from reference data, text format for codes, instructions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from registry.base.vocabulary import NOTICE
from registry.sheets import formstyles
from registry.sheets.columns import TEMPLATE_SHEET, Column, template_columns
from registry.sheets.guide import add_guide, mark
from registry.sheets.lists import ReferenceLists, add_lists, validations
from registry.sheets.printing import LINE_HEIGHT, lines_needed
from registry.sheets.steady import Target, save_steadily
from registry.sheets.styles import number_format
from registry.sheets.values import CellValue, cell_value, exact_number, fitting, openxml_text
from registry.sheets.wording import COMMENT_AUTHOR, GUIDE_PARAGRAPHS, PAGE_FOOTER, TEMPLATE_HINT, TEMPLATE_TITLE

__all__ = ["FIRST_ROW", "FormCell", "FormLine", "ReferenceLists", "write_form", "write_template"]

HEADING_ROW = 4
FIRST_ROW = 5
"""Above it: title, hint, marks (必填 ...), headings; the reader finds the heading row by its words."""
SPARE_ROWS = 10_000
"""Empty rows under the filled ones that have drop-downs and checks."""
_FIXED = "C5"
_COMMENT_WIDTH = 260


@dataclass(frozen=True, slots=True)
class FormCell:
    """One cell: a value as `cell_value` gives it, whether it is marked as faulty, and the comment on it."""

    value: CellValue
    faulty: bool = False
    comment: str | None = None


FormLine = Sequence[FormCell]


def write_template(
    target: Target,
    *,
    reference: ReferenceLists,
    rows: Iterable[Mapping[str, Any]] = (),
    office_name: str,
) -> None:
    """Write the empty form of an office, or one that already holds its firms.

    `rows` are mappings by column key as stored (yuan as Decimal, dates, codes of a vocabulary); divisions, towns and
    industries in the words of `reference`. Raises CellTooLong.
    """
    columns = template_columns()
    lines = ([FormCell(cell_value(column, row.get(column.key))) for column in columns] for row in rows)
    write_form(
        target, title=TEMPLATE_TITLE % {"office": office_name}, hint=TEMPLATE_HINT, reference=reference, lines=lines
    )


def write_form(
    target: Target,
    *,
    title: str,
    hint: str,
    reference: ReferenceLists,
    lines: Iterable[FormLine],
    extra_headings: Mapping[str, int] | None = None,
    columns: Sequence[Column] | None = None,
    paragraphs: Sequence[str] = GUIDE_PARAGRAPHS,
) -> None:
    """The form itself: `lines` of cells in the order of `columns`, then of `extra_headings` (with widths).

    `columns`: by default the template's. `paragraphs`: how it is filled in.
    """
    book = Workbook(write_only=True)
    formstyles.add_styles(book)
    columns = template_columns() if columns is None else columns
    form = _Form(book, columns, dict(extra_headings or {}))
    form.open(title, hint)
    try:
        last_row = form.fill(lines)
    except BaseException:
        save_steadily(book, BytesIO(), title=title)  # closes and removes the temporary files of the half-written sheet
        raise
    for rule in validations(columns, reference, first_row=FIRST_ROW, last_row=last_row + SPARE_ROWS):
        form.sheet.data_validations.append(rule)
    add_guide(book, columns, paragraphs=paragraphs)
    add_lists(book, columns, reference)
    save_steadily(book, target, title=title)


class _Form:
    """The data sheet while it is written."""

    def __init__(self, book: Workbook, columns: Sequence[Column], extra: Mapping[str, int]) -> None:
        self.sheet = book.create_sheet(TEMPLATE_SHEET)
        self._columns = columns
        self._extra = extra
        self._headings = [column.heading_with_unit for column in columns] + list(extra)
        self._shape_columns()
        self._shape_page()

    def _shape_columns(self) -> None:
        widths = [(column.width, number_format(column.kind)) for column in self._columns]
        widths += [(width, "@") for width in self._extra.values()]
        for index, (width, shape) in enumerate(widths, start=1):
            dimension = self.sheet.column_dimensions[get_column_letter(index)]
            dimension.width, dimension.number_format = width, shape

    def _shape_page(self) -> None:
        sheet = self.sheet
        sheet.freeze_panes = _FIXED
        sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.center.text = PAGE_FOOTER
        for row, height in ((1, 30), (2, 20), (HEADING_ROW, 32)):
            sheet.row_dimensions[row].height = height

    def open(self, title: str, hint: str) -> None:
        """Title, hint, marks and headings."""
        self._append([title], [formstyles.TITLE])
        self._append([f"{NOTICE}。{hint}"], [formstyles.HINT])
        marks = [mark(column) for column in self._columns]
        self._append(marks, [formstyles.mark_style(column) for column in self._columns])
        styles = [formstyles.head_style(column) for column in self._columns] + ["form_head_optional"] * len(self._extra)
        self._append(self._headings, styles)

    def _append(self, texts: Sequence[str], styles: Sequence[str]) -> None:
        self.sheet.append([self._cell(text, style) for text, style in zip(texts, styles, strict=True)])

    def fill(self, lines: Iterable[FormLine]) -> int:
        """Write the data rows; the number of the last one (or of the headings where there is none)."""
        styles = [formstyles.body_style(column) for column in self._columns] + [formstyles.REASON] * len(self._extra)
        row = HEADING_ROW
        for row, line in enumerate(lines, start=FIRST_ROW):
            self._make_room(row, line[len(self._columns) :])
            self.sheet.append(
                [
                    self._filled(cell, style, row, heading)
                    for cell, style, heading in zip(line, styles, self._headings, strict=True)
                ]
            )
        return row

    def _make_room(self, row: int, extra: FormLine) -> None:
        needed = lines_needed([cell.value for cell in extra], list(self._extra.values()))
        if needed > 1:
            self.sheet.row_dimensions[row].height = LINE_HEIGHT * needed + 4

    def _filled(self, form_cell: FormCell, style: str, row: int, heading: str) -> Cell:
        value = form_cell.value
        if form_cell.faulty and isinstance(value, date):
            value = value.isoformat()  # the style of a faulty cell is text and would show a serial number
        if isinstance(value, str):
            fitting(value, row=row, heading=heading)
            style = formstyles.RAW_TEXT if style in formstyles.NUMERIC_STYLES else style
        cell = self._cell(value, formstyles.FAULTY if form_cell.faulty else style)
        if form_cell.comment:
            cell.comment = _comment(form_cell.comment)
        return cell

    def _cell(self, value: CellValue, style: str) -> Cell:
        if isinstance(value, Decimal | int | float):
            value = exact_number(value)
        cell = WriteOnlyCell(self.sheet)
        cell.style = style
        if isinstance(value, str):
            cell.value = openxml_text(value)
            cell.data_type = "s"  # else a text that begins with = becomes a formula
        elif value is not None:
            shape = cell.number_format
            cell.value = value
            cell.number_format = shape
        return cell


def _comment(text: str) -> Comment:
    lines = sum(1 + len(part) // 20 for part in text.split("\n"))
    return Comment(openxml_text(text), COMMENT_AUTHOR, width=_COMMENT_WIDTH, height=24 + 20 * lines)
