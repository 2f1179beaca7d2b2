"""The whole way of a workbook through the services, and what clerks and programs do to the file on the way."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from registry.base.extensions import db
from registry.base.periods import Period
from registry.firms.models.firms import Firm
from registry.imports.services import batches
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.sheets.columns import TEMPLATE_SHEET
from registry.workbooks import jobs, queries
from registry.workbooks.models import ReturnedValue, WorkbookReturn
from registry.workbooks.rules import ReturnState
from registry.workbooks.services import issuing, returns
from tests.world import NOW, TODAY

HEADING_ROW = 4
Change = Callable[[Worksheet], Any]


def issued(*, by: str = "haifeng", month: str = "2021-09", contacts: bool = False) -> bytes:
    """The workbook that an office takes home."""
    user = people.user(by)
    book = issuing.issue(
        actor_of(user), user.office, Period.parse(month), contacts=contacts, at=NOW, on=TODAY
    )  # fmt: skip
    stream = io.BytesIO()
    issuing.write(book, stream)
    db.session.commit()
    return stream.getvalue()


def sent(content: bytes, *, by: str = "haifeng", name: str = "工作簿.xlsx") -> WorkbookReturn:
    """The file received and compared, as the job does it."""
    user = people.user(by)
    kept = batches.keep([content])
    row = returns.receive(actor_of(user), user.office, kept, filename=name, at=NOW)
    number = row.id
    db.session.commit()
    jobs.compare(number)
    db.session.expire_all()
    return db.session.get_one(WorkbookReturn, number)


def confirmed(row: WorkbookReturn, /, *, by: str = "haifeng", **choices: str) -> WorkbookReturn:
    """Confirmed with a choice for each field that asks (`revenue_2021_09="given"`), and applied by the job."""
    number = row.id
    assert row.state not in (ReturnState.WAITING, ReturnState.READING, ReturnState.REFUSED), (row.state, row.message)
    asked = [cell for cell in cells(row) if returns.asks(cell)]
    returns.choose(row, {cell.id: choices.get(cell.field or "row", "") for cell in asked})
    returns.order(actor_of(people.user(by)), row, "apply", at=NOW)
    db.session.commit()
    jobs.apply(number)
    db.session.expire_all()
    return db.session.get_one(WorkbookReturn, number)


def cells(row: WorkbookReturn) -> list[ReturnedValue]:
    return list(db.session.scalars(queries.values_of(row)).unique())


def told(row: WorkbookReturn) -> list[tuple[str, str, Any]]:
    """(kind, field, value in the file) of every cell that differs."""
    return [(cell.kind, cell.field, cell.values.get("given")) for cell in cells(row)]


def said(row: WorkbookReturn) -> list[str]:
    """The sentence of each cell that has one."""
    return [
        cell.reason % cell.reason_values if cell.reason_values else cell.reason for cell in cells(row) if cell.reason
    ]


def counted(row: WorkbookReturn) -> dict[str, int]:
    """The counts that are not 0."""
    return {kind: number for kind, number in row.counts.items() if number}


# -- in the hands of a clerk --------------------------------------------------------------------------
def changed(content: bytes, *changes: Change) -> bytes:
    """Opened in a program, changed on the data sheet, saved."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for change in changes:
        change(book[TEMPLATE_SHEET])
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def put(firm: Firm | str, heading: str, value: Any) -> Change:
    """Type a value into a firm's cell."""
    name = firm if isinstance(firm, str) else firm.name

    def change(sheet: Worksheet) -> None:
        sheet.cell(row_of(sheet, name), column_of(sheet, heading)).value = value

    return change


def row_of(sheet: Worksheet, name: str) -> int:
    column = column_of(sheet, "企业名称")
    rows = range(HEADING_ROW + 1, sheet.max_row + 1)
    return next(number for number in rows if sheet.cell(number, column).value == name)


def column_of(sheet: Worksheet, heading: str) -> int:
    row = next(row for row in sheet.iter_rows(max_row=20) if any(cell.value == "企业名称" for cell in row))
    return next(cell.column for cell in row if cell.value == heading)
