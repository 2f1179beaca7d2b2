"""A printed workbook on its way to a file: streamed in constant memory, same input same bytes, text never a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from math import ceil
from tempfile import TemporaryDirectory

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from registry.base.vocabulary import NOTICE
from registry.sheets import styles
from registry.sheets.archive import STEADY_TIME
from registry.sheets.steady import Target
from registry.sheets.styles import Look
from registry.sheets.values import CellValue, exact_number, fitting, visible
from registry.sheets.wording import BODY_FONT, COMMENT_AUTHOR, PAGE_FOOTER, PRINTED_ON, SIGNATURES

LINE_HEIGHT = 14.25
"""Points that one line of body text takes."""
_PADDING = 5
_MOST_LINES = 28
"""A row cannot be higher than 409 points."""
_LIST_LIMIT = 255
"""Characters of a drop-down that is written into its rule."""
_WIDE = re.compile("[\u2e80-\U0010ffff]")
_MARGINS = {"left": 0.35, "right": 0.35, "top": 0.5, "bottom": 0.6}


@contextmanager
def printed_book(target: Target, *, title: str) -> Iterator[PrintedBook]:
    """A workbook that is written to `target` when the block ends well; an error leaves `target` untouched."""
    with TemporaryDirectory(prefix="registry-") as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": BODY_FONT, "font_size": 10},
        }
        book = xlsxwriter.Workbook(target, options)
        book.set_properties({"title": visible(title), "author": COMMENT_AUTHOR, "created": STEADY_TIME})
        yield PrintedBook(book)
        book.close()


class PrintedBook:
    """A workbook whose sheets are written one after the other, each from top to bottom."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._formats: dict[Look, Format] = {}

    def sheet(self, name: str, widths: Sequence[float], *, paper: int | None = None) -> PrintedSheet:
        """A new sheet, landscape, one page wide; `widths` in characters, `paper` A3 or A4 (by width if not given)."""
        paper = paper or (styles.A3 if sum(widths) > styles.A4_WIDTH else styles.A4)
        return PrintedSheet(self, self._book.add_worksheet(name), widths, paper)

    def format(self, look: Look) -> Format:
        """The format of a look, made once for the workbook."""
        if look not in self._formats:
            self._formats[look] = self._book.add_format(dict(look))
        return self._formats[look]


class PrintedSheet:
    """One sheet: title, lines, heading row, data rows, totals, signature line, in this order."""

    def __init__(self, book: PrintedBook, sheet: Worksheet, widths: Sequence[float], paper: int) -> None:
        self._book = book
        self._sheet = sheet
        self._headings: tuple[str, ...] = ()
        self.widths = tuple(widths)
        self.rows = 0
        """Rows written so far."""
        for index, width in enumerate(self.widths):
            sheet.set_column(index, index, width)
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(**_MARGINS)
        sheet.set_footer(f"&L&9{NOTICE}&C&9{PAGE_FOOTER}")
        sheet.hide_gridlines(2)

    def title(self, text: str) -> None:
        """The title in larger type across the sheet."""
        self._sheet.set_row(self.rows, 36)
        look = self._book.format(styles.TITLE)
        if len(self.widths) > 1:
            self._sheet.merge_range(self.rows, 0, self.rows, len(self.widths) - 1, "", look)
        self._put(0, visible(text), styles.TITLE)
        self.rows += 1

    def line(self, left: str = "", right: str = "") -> None:
        """A line of text under the title, `right` set against the right margin."""
        self._sheet.set_row(self.rows, 18)
        if left:
            self._put(0, visible(left), styles.LINE)
        if right and len(self.widths) > 1:
            self._put(len(self.widths) - 1, visible(right), styles.LINE_RIGHT)
        self.rows += 1

    def head(self, headings: Sequence[str], *, fixed_columns: int = 0) -> None:
        """The heading row: frozen on the screen, repeated on every page."""
        self._headings = tuple(headings)
        self._sheet.set_row(self.rows, 2 * LINE_HEIGHT + 6)
        for index, heading in enumerate(headings):
            self._put(index, heading, styles.HEAD)
        self._sheet.freeze_panes(self.rows + 1, fixed_columns)
        self._sheet.repeat_rows(self.rows)
        self.rows += 1

    def row(self, values: Sequence[CellValue], looks: Sequence[Look], *, height: float) -> None:
        """One row of cells, `height` in points."""
        self._sheet.set_row(self.rows, height)
        for index, (value, look) in enumerate(zip(values, looks, strict=True)):
            self._put(index, value, look)
        self.rows += 1

    def fitted_row(self, values: Sequence[CellValue], looks: Sequence[Look]) -> None:
        """One row as high as its wrapped text needs; no program does that by itself when it opens a streamed file."""
        self.row(values, looks, height=LINE_HEIGHT * lines_needed(values, self.widths) + _PADDING)

    def total(self, label: str, values: Sequence[CellValue], looks: Sequence[Look], *, height: float = 27) -> None:
        """A row of totals: `values` and `looks` are those of the columns after the serial number.

        `label` runs over the serial number and, where that has no value, the next column.
        """
        self._sheet.set_row(self.rows, height)
        reach = 2 if values and values[0] is None else 1
        if reach == 2:
            self._sheet.merge_range(self.rows, 0, self.rows, 1, "", self._book.format(styles.TOTAL_LABEL))
        self._put(0, visible(label), styles.TOTAL_LABEL)
        for index in range(reach, len(values) + 1):
            self._put(index, values[index - 1], styles.strong(looks[index - 1]))
        self.rows += 1

    def wide_row(self, label: str, text: str) -> None:
        """A label, and a text that takes the rest of the sheet's width."""
        rest = sum(self.widths[1:])
        self._sheet.set_row(self.rows, LINE_HEIGHT * lines_needed([text], [rest]) + 8)
        self._put(0, label, styles.LABEL)
        look = self._book.format(styles.PARAGRAPH)
        self._sheet.merge_range(self.rows, 1, self.rows, len(self.widths) - 1, "", look)
        self._put(1, text, styles.PARAGRAPH)
        self.rows += 1

    def filter_from(self, head_row: int) -> None:
        """Filter buttons on the heading row `head_row` (from 0) for the rows written since."""
        if self.rows > head_row + 1:
            self._sheet.autofilter(head_row, 0, self.rows - 1, len(self.widths) - 1)

    def offer(self, column: int, first_row: int, last_row: int, words: Sequence[str]) -> None:
        """A drop-down of `words` over rows of one column (all from 0); one too long for a sheet is left out."""
        if sum(map(len, words)) + len(words) <= _LIST_LIMIT:
            self._sheet.data_validation(
                first_row, column, last_row, column,
                {"validate": "list", "source": list(words), "error_type": "warning", "ignore_blank": True},
            )  # fmt: skip

    def sign(self, *, maker: str = "") -> None:
        """The line to be signed by hand; `maker` is printed as the person who made the sheet."""
        self.rows += 1
        self._sheet.set_row(self.rows, 28)
        places = (*SIGNATURES, PRINTED_ON)
        for place, text in zip(self._spread(len(places)), places, strict=True):
            self._put(place, visible(text + maker) if place == 0 else text, styles.SIGNATURE)
        self.rows += 1

    def _spread(self, count: int) -> list[int]:
        """Column indexes that stand about evenly over the printed width, the first being 0."""
        total, places = sum(self.widths), [0]
        for number in range(1, count):
            edge = total * number / count
            reach = next(i for i in range(len(self.widths)) if sum(self.widths[: i + 1]) > edge)
            places.append(min(max(reach, places[-1] + 1), len(self.widths) - count + number))
        return places

    def _put(self, column: int, value: CellValue, look: Look) -> None:
        shape, row = self._book.format(look), self.rows
        if isinstance(value, Decimal | int | float):
            value = exact_number(value)
        if value is None or value == "":
            self._sheet.write_blank(row, column, None, shape)
        elif isinstance(value, str):
            self._put_text(column, value, shape)
        elif isinstance(value, date):
            self._sheet.write_datetime(row, column, value, shape)
        else:
            self._sheet.write_number(row, column, value, shape)

    def _put_text(self, column: int, text: str, shape: Format) -> None:
        heading = self._headings[column] if column < len(self._headings) else ""
        fitting(text, row=self.rows + 1, heading=heading)
        # The writer takes text between these two tags for markup of its own and would not escape it.
        if text.startswith("<r>") and text.endswith("</r>"):
            self._sheet.write_rich_string(self.rows, column, "<", "r", text[2:], shape)
        else:
            self._sheet.write_string(self.rows, column, text, shape)


def lines_needed(values: Sequence[CellValue], widths: Sequence[float]) -> int:
    """How many lines the longest text of a row takes when wrapped; a Chinese character counts two."""
    most = 1
    for value, width in zip(values, widths, strict=True):
        if isinstance(value, str) and 2 * len(value) > width - 1:
            most = max(most, _lines(value, max(width - 1, 2)))
    return min(most, _MOST_LINES)


def _lines(text: str, width: float) -> int:
    return sum(max(1, ceil(_columns(part) / width)) for part in text.split("\n"))


def _columns(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))
