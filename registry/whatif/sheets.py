"""The firms a draft of rules would judge otherwise, as CSV: UTF-8 with its mark, amounts in 万元, no live formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO

from registry.sheets.csv_out import BYTE_ORDER_MARK, last_row, quiet
from registry.sheets.values import YUAN_PER_UNIT

HEADINGS = (
    "企业名称", "统一社会信用代码", "县（市、区）", "行业代码", "现阶段", "试算后阶段", "影响",
    "现行四上标准（万元）", "试算四上标准（万元）", "现行达标率", "试算达标率", "现行档", "试算档",
    "现行入库线（万元）", "试算入库线（万元）",
)  # fmt: skip

Cell = str | Decimal | None


def csv_of(rows: Iterable[Sequence[Cell]]) -> bytes:
    """One row a firm, in the order of `HEADINGS`; texts are made harmless for spreadsheets."""
    buffer = StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer)
    writer.writerow(HEADINGS)
    for row in rows:
        writer.writerow([_printed(value) for value in row])
    writer.writerow(last_row(len(HEADINGS)))
    return buffer.getvalue().encode()


def in_units(yuan: Decimal | None) -> Decimal | None:
    return None if yuan is None else yuan / YUAN_PER_UNIT


def _printed(value: Cell) -> str:
    if value is None:
        return ""
    return quiet(value) if isinstance(value, str) else f"{value:.2f}"
