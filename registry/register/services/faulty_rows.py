"""The faulty rows of a load as a file that goes back: the row's number, what is wrong, and the cells as they were."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.faults import Fault
from registry.register.models import RegisterLoad, RegisterRow
from registry.register.rules import RowKind
from registry.register.sheets import COLUMNS
from registry.sheets import account
from registry.sheets.columns import FAULTS_HEADING, SOURCE_ROW_HEADING
from registry.sheets.csv_out import BYTE_ORDER_MARK, quiet

CHUNK = 1_000


def write(load: RegisterLoad, target: Path) -> int:
    """Write the faulty rows of `load` as CSV and return their number."""
    headings = [str(column["heading"]) for column in load.headings]
    count, sheets = 0, account.sheets_of(load.reading)
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write(BYTE_ORDER_MARK)
        writer = csv.writer(file)
        writer.writerow([SOURCE_ROW_HEADING, FAULTS_HEADING, *headings])
        for row in faulty(load):
            count += 1
            cells = [quiet(cell or "") for cell in row.raw or ()]
            writer.writerow([account.row_words(row.number, sheets), sentences(row), *cells])
    return count


def faulty(load: RegisterLoad) -> Iterator[RegisterRow]:
    """The faulty rows in the order of the file, a thousand at a time."""
    last = -1
    while True:
        rows = (
            select(RegisterRow)
            .where(RegisterRow.load_id == load.id, RegisterRow.kind == RowKind.FAULTY, RegisterRow.number > last)
            .order_by(RegisterRow.number)
            .limit(CHUNK)
        )
        chunk = db.session.scalars(rows).all()
        if not chunk:
            return
        yield from chunk
        last = chunk[-1].number
        for row in chunk:
            db.session.expunge(row)


def sentences(row: RegisterRow) -> str:
    """Everything that is wrong with a faulty row, in Chinese."""
    return "；".join(fault.template % fault.values for fault in faults_of(row))


def faults_of(row: RegisterRow) -> list[Fault]:
    """The faults with their places, whose templates a page translates."""
    return [_fault(kept, row.number) for kept in row.faults or ()]


def _fault(kept: dict[str, Any], number: int) -> Fault:
    column = COLUMNS.get(kept["field"] or "")
    values = {**kept["values"], "heading": column.heading if column else ""}
    return Fault(kept["code"], kept["field"], values, number, kept["letter"])
