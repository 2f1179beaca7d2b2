"""The file of an upper level: which headings it has to have, how a row is read, and the rows that were not taken."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from registry.base.errors import FileRefused, RegistryError
from registry.base.labels import N_
from registry.base.vocabulary import NOTICE
from registry.levelfiles import texts
from registry.sheets import account, styles
from registry.sheets.brought import BroughtRow, brought, recognised
from registry.sheets.cells import parse
from registry.sheets.columns import FAULTS_HEADING, SOURCE_ROW_HEADING, Column, ColumnKind, by_key
from registry.sheets.headings import Around, Heading, plain
from registry.sheets.parsed import Cell
from registry.sheets.printing import printed_book
from registry.sheets.reader import PAGE_SECONDS, UploadedTable, read_table
from registry.sheets.shape import Limits
from registry.sheets.steady import Target
from registry.sheets.values import cell_value
from registry.sheets.wording import AS_OF_LINE

_K = ColumnKind
ERROR_SHEET = TITLE = "未收的行"
PASSED, RETURNED = "passed", "returned"


def _column(key: str, heading: str, kind: ColumnKind, width: int, aliases: str, longest: int = 200) -> Column:
    return Column(key, heading, kind, "", aliases=tuple(aliases.split()), width=width, max_length=longest)


COLUMNS: tuple[Column, ...] = (
    replace(by_key("name"), required=False, needed_for=None),
    replace(by_key("credit_code"), required=False, needed_for=None),
    _column(
        "result",
        N_("审核结果"),
        _K.TEXT,
        14,
        "结果 审批结果 审核状态 审核情况 审核结论 审核意见 是否通过 省级审核结果 省局审核结果 国家审核结果",
        40,
    ),
    _column(
        "why", N_("退回原因"), _K.TEXT, 36, "原因 退回理由 不通过原因 未通过原因 退回原因代码 审核说明 退回说明", 500
    ),
    _column("day", N_("结果日期"), _K.DATE, 13, "审核日期 审批日期 审核时间 通过日期 退回日期 日期"),
    _column("reference", N_("依据文号"), _K.TEXT, 22, "文号 批复文号 审核文号 单号 平台单号 批次号", 200),
)
_BY_KEY = {column.key: column for column in COLUMNS}
_WHO = ("name", "credit_code")
_OWN: Mapping[str, str] = {
    plain(text): column.key for column in COLUMNS[2:] for text in (column.heading, *column.aliases)
}


# -- in ---------------------------------------------------------------------------------------------
def open_file(path: Path, *, name: str) -> UploadedTable:
    """Open the file of an upper level. Raises `FileRefused` with what to do about it."""
    table = read_table(path, limits=Limits(), cpu_seconds=PAGE_SECONDS, name=name, recognise=_recognise)
    table.refuse_workbook()
    return table


def read_rows(table: UploadedTable) -> list[BroughtRow]:
    """Every row, in the order of the file."""
    sheets = [sheet.name for sheet in table.sheets if not sheet.why]
    return [brought(row, row.heading or table.heading, sheets, _BY_KEY, _value) for row in table.rows]


def reading(table: UploadedTable) -> dict[str, Any]:
    """What of the file was read and what was not, for the page."""
    return account.of(table, read_as=lambda column: column.key if column.key in _BY_KEY else None)


def _recognise(head: Sequence[tuple[int, Sequence[Cell]]], around: Around) -> Heading:
    missing = texts.HEADINGS_MISSING
    found = recognised(head, around, _OWN, also=_WHO, needed=frozenset({"result"}), missing=missing)
    if not set(found.keys) & set(_WHO):
        raise FileRefused(missing)
    return found


def _value(column: Column, cell: Cell) -> Any:
    """As it may be kept, None for nothing, or its fault. Raises RegistryError for a result that is neither."""
    parsed = parse(column, cell)
    if parsed.fault is not None:
        return parsed.fault
    if column.key == "result" and parsed.value is not None:
        return _result(str(parsed.value))
    return parsed.value.isoformat() if isinstance(parsed.value, date) else parsed.value


def _result(text: str) -> str:
    folded = "".join(unicodedata.normalize("NFKC", text).split()).rstrip("。.;；√")
    if folded in texts.PASSING:
        return PASSED
    if folded in texts.RETURNING:
        return RETURNED
    raise RegistryError(texts.RESULT_UNCLEAR, text=text[:40])


# -- out --------------------------------------------------------------------------------------------
def write_refused(target: Target, rows: Iterable[tuple[BroughtRow, Sequence[str]]], *, as_of: str) -> int:
    """The rows that are not taken, what is wrong behind each; to be mended and brought again."""
    count = 0
    words = {PASSED: "通过", RETURNED: "退回"}
    with printed_book(target, title=TITLE) as book:
        sheet = book.sheet(ERROR_SHEET, [7, *(column.width for column in COLUMNS), 48], paper=styles.A3)
        sheet.title(ERROR_SHEET)
        sheet.line(NOTICE, AS_OF_LINE % {"as_of": as_of})
        sheet.head([SOURCE_ROW_HEADING, *(column.heading for column in COLUMNS), FAULTS_HEADING], fixed_columns=2)
        looks = [styles.SERIAL, *(styles.column_look(column) for column in COLUMNS), styles.PARAGRAPH]
        for row, said in rows:
            count += 1
            kept = dict(row.values) | ({"result": words[row.values["result"]]} if "result" in row.values else {})
            cells = [cell_value(column, kept.get(column.key)) for column in COLUMNS]
            sheet.fitted_row([row.place, *cells, "\n".join(said)], looks)
    return count
