"""The list that goes to the bank: account numbers as text, the total in figures and in words, room for signatures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

from openpyxl.styles import Alignment, Font
from openpyxl.workbook import Workbook

from registry.payments.rules.amounts import in_capitals
from registry.sheets.steady import save_steadily
from registry.sheets.values import visible

_WIDTHS = (6, 18, 22, 34, 34, 26, 16, 30)
_AMOUNT = 7


class ListedPayment(NamedTuple):
    """A line of the list: number of the payment and of its case, whose account at which bank, how much, what for."""

    number: str
    case: str
    holder: str
    bank: str
    account: str
    amount: Decimal
    purpose: str


class ListWords(NamedTuple):
    """The words of the list in the reader's language; `total` and `words` stand under the lines."""

    sheet: str
    title: str
    headings: Sequence[str]
    total: str
    words: str
    signs: str
    notice: str


def write_bank_list(listed: Sequence[ListedPayment], words: ListWords) -> bytes:
    """The same payments give the same bytes; `words.words` takes the total as `words`."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = words.sheet
    total = sum((one.amount for one in listed), Decimal(0))
    _put(sheet, 1, [words.title])
    _put(sheet, 2, words.headings)
    for rank, one in enumerate(listed, start=1):
        _put(
            sheet,
            rank + 2,
            [str(rank), one.number, one.case, one.holder, one.bank, one.account, one.amount, one.purpose],
        )
    end = len(listed) + 3
    _put(sheet, end, [words.total, "", "", "", "", "", total])
    _put(sheet, end + 1, [words.words % {"words": in_capitals(total)}])
    _put(sheet, end + 3, [words.signs])
    _put(sheet, end + 4, [words.notice])
    for row in (1, 2, end, end + 1):
        for cell in sheet[row]:
            cell.font = Font(bold=True)
    for at, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGH"[at]].width = width
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = "2:2"
    stream = BytesIO()
    save_steadily(book, stream, title=words.title)
    return stream.getvalue()


def _put(sheet: Any, row: int, cells: Sequence[str | Decimal]) -> None:
    """A text is never a formula, and an account number never a number."""
    for at, value in enumerate(cells, start=1):
        if value == "":
            continue
        cell = sheet.cell(row, at)
        if isinstance(value, Decimal):
            cell.value, cell.number_format = value, "#,##0.00"
            continue
        cell.value = visible(value)
        cell.data_type, cell.number_format = "s", "@"
        cell.alignment = Alignment(vertical="center")
