"""The file of the tax office: which headings it has to have, how a row is read, and the workbook of what stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from registry.base.characters import shown
from registry.base.errors import FileRefused, PeriodRefused, RegistryError
from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.vocabulary import NOTICE
from registry.sheets import account, brought, styles
from registry.sheets.brought import BroughtRow
from registry.sheets.byhand import compared
from registry.sheets.cells import parse
from registry.sheets.columns import SERIAL_HEADING, Column, ColumnKind, by_key
from registry.sheets.headings import Around, Heading, RecognisedColumn, require_heading, stated_unit
from registry.sheets.parsed import Cell, Lost
from registry.sheets.printing import printed_book
from registry.sheets.reader import PAGE_SECONDS, UploadedRow, UploadedTable, read_table
from registry.sheets.shape import Limits
from registry.sheets.steady import Target
from registry.sheets.units import Unit
from registry.sheets.values import cell_value
from registry.sheets.wording import AS_OF_LINE, FILTER_LINE, NO_FILTER, NOTES_SHEET, UNIT_LINE
from registry.taxfigures import texts

SHEET, TITLE = "税务授权数据", "税务授权数据表"
_K = ColumnKind
_MONTH = re.compile(r"20\d{2}年\d{1,2}月份?|20\d{4}|20\d{2}[./]\d{1,2}")
"""A month alone, which tax offices mean as itself and the registry as the sum since January."""
_RUN = re.compile(r"(20\d{2})年?0?1月?[-~至到]0?([1-9]|1[0-2])月?")
AMOUNTS = ("revenue", "vat_sales")
ALSO = "consent_also"


def _column(key: str, heading: str, kind: ColumnKind, aliases: str, width: int = 14) -> Column:
    return Column(key, heading, kind, "", aliases=tuple(aliases.split()), width=width)


COLUMNS: tuple[Column, ...] = (
    replace(by_key("name"), required=False),
    by_key("credit_code"),
    _column("period", N_("所属期"), _K.TEXT, "税款所属期 所属期间 数据所属期 所属时期 申报所属期 属期 期间"),
    _column(
        "revenue",
        N_("营业收入"),
        _K.MONEY,
        "申报营业收入 累计营业收入 营业收入累计 本年累计营业收入 企业所得税申报营业收入 所得税申报营业收入",
        18,
    ),
    _column(
        "vat_sales",
        N_("增值税销售额"),
        _K.MONEY,
        "增值税申报销售额 申报销售额 应税销售额 增值税应税销售额 销售额 增值税销售额累计 本年累计增值税销售额",
        18,
    ),
    _column(
        "consent",
        N_("企业授权"),
        _K.TEXT,
        "授权 是否授权 企业是否授权 授权情况 授权书 授权书编号 授权书号 授权日期",
        20,
    ),
    _column("drawn_on", N_("取数日期"), _K.DATE, "提取日期 数据提取日期 取数时间 提供日期"),
)
_BY_KEY = {column.key: column for column in COLUMNS}
_OWN: Mapping[str, str] = {
    compared(text): column.key for column in COLUMNS[2:] for text in (column.heading, *column.aliases)
}
_NEEDED = frozenset({"name", "credit_code", "period", "consent"})


# -- in ---------------------------------------------------------------------------------------------
def open_file(path: Path, *, name: str) -> UploadedTable:
    """Open a file of the tax office. Raises `FileRefused` with what to do about it."""
    table = read_table(path, limits=Limits(), cpu_seconds=PAGE_SECONDS, name=name, recognise=_recognise)
    table.refuse_workbook()
    return table


def read_rows(table: UploadedTable) -> list[BroughtRow]:
    """Every row, in the order of the file; one without consent keeps who it is of, and no amount."""
    sheets = [sheet.name for sheet in table.sheets if not sheet.why]
    return [_read(row, row.heading or table.heading, sheets) for row in table.rows]


def reading(table: UploadedTable) -> dict[str, Any]:
    """What of the file was read and what was not, for the page."""
    return account.of(table, read_as=lambda column: column.key if column.key in _BY_KEY else None)


def _recognise(head: Sequence[tuple[int, Sequence[Cell]]], around: Around) -> Heading:
    found = require_heading(list(head), around)
    above = [cell for number, cells in head if number < found.row for cell in cells if isinstance(cell, str)]
    unit = stated_unit(above) or stated_unit(around.foot)
    columns, seen = [], set[str]()
    for column in found.columns:
        key = column.key if column.key in ("name", "credit_code") else _OWN.get(compared(column.heading))
        if key == "consent" and key in seen and ALSO not in seen:
            key = ALSO  # two columns speak of consent, its number and whether there is one: each has to say so
        if key in seen:
            columns.append(replace(column, key=None, why="twice", duplicate_of=None))
            continue
        seen |= {key} if key else set()
        columns.append(_with_unit(replace(column, key=key, why="" if key else column.why), unit))
    if not seen >= _NEEDED or not seen & {*AMOUNTS}:
        raise FileRefused(texts.HEADINGS_MISSING)
    return Heading(found.row, tuple(columns), found.last_row)


def _with_unit(column: RecognisedColumn, unit: Unit | None) -> RecognisedColumn:
    if column.key not in AMOUNTS or column.scale is not None or unit is None:
        return column
    return replace(column, scale=unit.scale, currency=unit.currency)


def _read(row: UploadedRow, heading: Heading, sheets: Sequence[str]) -> BroughtRow:
    told = brought.read_row(row, heading, sheets, {*_BY_KEY, ALSO}, _value)
    doubted = any(fault[0] in (told.letters.get("consent"), told.letters.get(ALSO)) for fault in told.faults)
    agreed = bool(told.values.get("consent")) and (ALSO not in told.letters or bool(told.values.get(ALSO)))
    if agreed and not doubted:
        return told
    if doubted:
        kept = {key: told.values[key] for key in ("name", "credit_code") if key in told.values}
        return BroughtRow(told.number, told.place, told.letters, kept, told.faults)
    kept = {key: told.values[key] for key in ("name", "credit_code") if key in told.values}
    return BroughtRow(told.number, told.place, told.letters, kept)


def _value(column: RecognisedColumn, cell: Cell) -> Any:
    """As it may be kept, None for nothing, or its fault. Raises RegistryError for what it cannot be."""
    key = str(column.key)
    if key == "period":
        return _period(cell)
    if key in ("consent", ALSO):
        return _consent(cell)
    if key in AMOUNTS and cell is not None and column.scale is None:
        raise RegistryError(texts.NO_UNIT)
    parsed = parse(_BY_KEY[key], cell, scale=column.scale, currency=column.currency)
    if parsed.fault is not None:
        return parsed.fault
    if key in AMOUNTS:
        return None if parsed.value is None else format(parsed.value, "f")
    return parsed.value.isoformat() if isinstance(parsed.value, date) else parsed.value


def _consent(cell: Cell) -> str | None:
    """How the firm agreed; None where it did not. Raises RegistryError for what says neither."""
    if cell is None or cell is False or isinstance(cell, Lost):
        return None
    text = unicodedata.normalize("NFKC", cell.isoformat() if isinstance(cell, date) else str(cell)).strip()
    folded = text.casefold().removesuffix(".0")
    if not folded or folded in texts.REFUSING or folded == "false":
        return None
    if re.search(texts.DENYING, folded):
        return None
    if folded in texts.AFFIRMING or any(character.isdigit() for character in folded):
        return shown(text, 100)
    raise RegistryError(texts.CONSENT_UNCLEAR, text=text[:40])


def _period(cell: Cell) -> str | None:
    """`2021-09`, cumulative from January, or `2020`."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    text = unicodedata.normalize("NFKC", cell.isoformat() if isinstance(cell, date) else str(cell)).strip()
    if isinstance(cell, date) or _MONTH.fullmatch("".join(text.split())):
        raise RegistryError(texts.PERIOD_UNCLEAR, text=text[:40])
    if (run := _RUN.fullmatch("".join(text.split()))) is not None:
        return Period(int(run[1]), int(run[2])).label
    try:
        return Period.parse(text.removesuffix("度")).label
    except PeriodRefused as refused:
        raise RegistryError(texts.PERIOD_WRONG, text=text[:40]) from refused


# -- out --------------------------------------------------------------------------------------------
OUT = (
    by_key("name"),
    by_key("credit_code"),
    by_key("division"),
    Column("kind", N_("数据"), _K.TEXT, "", width=20),
    Column("period", N_("所属期"), _K.TEXT, "", width=10),
    Column("amount", N_("税务授权数"), _K.MONEY, "", width=18, unit="万元"),
    Column("own", N_("企业登记数"), _K.MONEY, "", width=18, unit="万元"),
    Column("remark", N_("提示"), _K.TEXT, "", width=26),
    Column("consent", N_("企业授权"), _K.TEXT, "", width=18),
    Column("source", N_("来源文件"), _K.TEXT, "", width=26),
    Column("loaded", N_("导入"), _K.TEXT, "", width=26),
)


def write_book(target: Target, rows: Iterable[Mapping[str, Any]], *, filter_text: str, as_of: str) -> int:
    """The figures that stand as a workbook; returns the number of its rows."""
    with printed_book(target, title=TITLE) as book:
        sheet = book.sheet(SHEET, [7, *(column.width for column in OUT)], paper=styles.A3)
        sheet.title(TITLE)
        sheet.line(
            FILTER_LINE % {"filter": filter_text or NO_FILTER}, f"{AS_OF_LINE % {'as_of': as_of}}    {UNIT_LINE}"
        )
        sheet.line(NOTICE)
        head = sheet.rows
        sheet.head([SERIAL_HEADING, *(column.heading_with_unit for column in OUT)], fixed_columns=2)
        looks = [styles.SERIAL, *(styles.column_look(column) for column in OUT)]
        count = 0
        for row in rows:
            count += 1
            sheet.fitted_row([count, *(cell_value(column, row[column.key]) for column in OUT)], looks)
        sheet.filter_from(head)
        notes = book.sheet(NOTES_SHEET, [6, 110], paper=styles.A4)
        notes.title(NOTES_SHEET)
        notes.line(NOTICE)
        notes.fitted_row(["1", texts.NEUTRAL], [styles.LABEL, styles.PARAGRAPH])
    return count
