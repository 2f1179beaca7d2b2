"""The workbook of qualifications: how it is written, with words to choose from, and how a row of one is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from registry.base.characters import clean
from registry.base.errors import FileRefused
from registry.base.labels import N_
from registry.base.vocabulary import NOTICE
from registry.qualifications import texts
from registry.qualifications.rules.items import ScopeItem, items_text, read_items
from registry.sheets import account, brought, styles
from registry.sheets.brought import BroughtRow
from registry.sheets.cells import parse
from registry.sheets.columns import SERIAL_HEADING, Column, ColumnKind, by_key
from registry.sheets.headings import Around, Heading, RecognisedColumn, plain, require_heading
from registry.sheets.parsed import Cell
from registry.sheets.printing import PrintedBook, PrintedSheet, printed_book
from registry.sheets.reader import PAGE_SECONDS, UploadedRow, UploadedTable, read_table
from registry.sheets.shape import Limits
from registry.sheets.steady import Target
from registry.sheets.values import TEXT_LIMIT, cell_value, visible
from registry.sheets.wording import AS_OF_LINE, FILTER_LINE, NO_FILTER, NOTES_SHEET

_K = ColumnKind
_LONGEST_ITEMS = TEXT_LIMIT - 1_000
ROOM = 500
"""Rows below the last one that still offer the kinds."""
SHEET = "资质"
TITLE = "企业资质表"
UNLIMITED = "长期"


def _column(key: str, heading: str, kind: ColumnKind, width: int, aliases: str = "", longest: int = 200) -> Column:
    return Column(key, heading, kind, "", aliases=tuple(aliases.split()), width=width, max_length=longest)


COLUMNS: tuple[Column, ...] = (
    _column("record", N_("登记号"), _K.TEXT, 9, "资质登记号", 12),
    replace(by_key("name"), required=False),  # the code alone finds a firm too
    by_key("credit_code"),
    _column("kind", N_("资质种类"), _K.TEXT, 26, "资质名称 资质类别 资质类型 证书名称 证书种类 证书类型", 60),
    _column("number", N_("证书编号"), _K.TEXT, 22, "资质证书编号 证书号 资质编号 证书号码 许可证号 机构代码", 60),
    _column("issuer", N_("发证机关"), _K.TEXT, 22, "发证机构 发证单位 发证部门 颁发机构 认定机关 批准机关", 120),
    _column("scope", N_("范围"), _K.TEXT, 36, "资质范围 业务范围 认定范围 许可范围", 2_000),
    _column("valid_from", N_("有效期自"), _K.DATE, 13, "有效期起 有效期开始 起始日期 有效期起始日期 有效期始"),
    _column(
        "valid_to",
        N_("有效期至"),
        _K.DATE,
        13,
        "有效期止 到期日期 有效期截止 截止日期 有效期截止日期 有效期限至 到期日",
    ),
    _column("items", N_("检测项目"), _K.TEXT, 44, "检测能力 检测范围 检测参数", TEXT_LIMIT),
    _column("state", N_("资质状态"), _K.TEXT, 12),
)
_DERIVED = frozenset({plain("资质状态")})
"""What we write and never read; nobody need be told so of our own workbook."""
READ = tuple(column.key for column in COLUMNS if column.key != "state")
_BY_KEY = {column.key: column for column in COLUMNS}
_OWN: Mapping[str, str] = {
    plain(text): column.key
    for column in COLUMNS
    if column.key not in ("name", "credit_code")
    for text in (column.heading, *column.aliases)
}
NOTES = (
    "改好后在“资质”页选择“用工作簿导入”，先看预览，确认后才写入；没有改动的行不产生任何变化。",
    "“登记号”由系统给出，请勿改动；新增的行留空。企业按统一社会信用代码查找，没有代码的按全称。",
    "“有效期至”填日期，长期有效的填“长期”。证书编号按文本填写，照抄证书。",
    "“检测项目”只填检测机构的，每行一项：对象 | 参数 | 标准。留空的格不改动原来的内容。",
    "有效期往后延的算换证（原证保留在案），其余改动算更正（须写明依据）。“资质状态”由系统计算，不读取。",
    "本表没有材料：换证后请在页面上补传新证书。作废不能用工作簿办理。",
)


# -- out ------------------------------------------------------------------------------------------
def write_book(
    target: Target, rows: Iterable[Mapping[str, Any]], kinds: Sequence[str], *, filter_text: str, as_of: str
) -> int:
    """Write the workbook and return the number of its rows; `kinds`: the names to choose from.

    A row is a mapping by key: texts, dates (`valid_to` None: no end), `items` a tuple of ScopeItem.
    """
    with printed_book(target, title=TITLE) as book:
        sheet = book.sheet(SHEET, [7, *(column.width for column in COLUMNS)], paper=styles.A3)
        sheet.title(TITLE)
        sheet.line(FILTER_LINE % {"filter": filter_text or NO_FILTER}, AS_OF_LINE % {"as_of": as_of})
        sheet.line(NOTICE)
        head = sheet.rows
        sheet.head([SERIAL_HEADING, *(column.heading for column in COLUMNS)], fixed_columns=3)
        count = _write_rows(sheet, rows)
        sheet.filter_from(head)
        at = 1 + [column.key for column in COLUMNS].index("kind")
        sheet.offer(at, head + 1, head + count + ROOM, kinds)
        _write_notes(book)
    return count


def _write_rows(sheet: PrintedSheet, rows: Iterable[Mapping[str, Any]]) -> int:
    looks = [styles.SERIAL, *(styles.column_look(column) for column in COLUMNS)]
    count = 0
    for row in rows:
        count += 1
        cells = [cell_value(column, _cell(column, row)) for column in COLUMNS]
        sheet.fitted_row([count, *cells], looks)
    return count


def _cell(column: Column, row: Mapping[str, Any]) -> Any:
    if column.key == "valid_to":
        return row["valid_to"] or UNLIMITED
    if column.key == "items":
        text = visible(items_text(row["items"]))
        return text if len(text) <= _LONGEST_ITEMS else texts.ITEMS_LEFT % {"count": len(row["items"])}
    return row[column.key]


def _write_notes(book: PrintedBook) -> None:
    sheet = book.sheet(NOTES_SHEET, [6, 110], paper=styles.A4)
    sheet.title(NOTES_SHEET)
    sheet.line(NOTICE)
    for number, note in enumerate(NOTES, start=1):
        sheet.fitted_row([str(number), note], [styles.LABEL, styles.PARAGRAPH])


# -- in -------------------------------------------------------------------------------------------
def open_book(path: Path, *, name: str) -> UploadedTable:
    """Open a workbook or a text table of qualifications. Raises `FileRefused` with what to do about it."""
    table = read_table(path, limits=Limits(), cpu_seconds=PAGE_SECONDS, name=name, recognise=_recognise)
    table.refuse_workbook()
    return table


def read_rows(table: UploadedTable) -> list[BroughtRow]:
    """Every row of the table, in the order of the file; raises `FileRefused` for damage further down."""
    sheets = [sheet.name for sheet in table.sheets if not sheet.why]
    return [_read(row, row.heading or table.heading, sheets) for row in table.rows]


def reading(table: UploadedTable) -> dict[str, Any]:
    """What of the file was read and what was not, for the page."""
    told = account.of(table, read_as=_read_as)
    told["columns"] = [one for one in told["columns"] if plain(one["heading"]) not in _DERIVED]
    return told


def _recognise(head: Sequence[tuple[int, Sequence[Cell]]], around: Around) -> Heading:
    found = require_heading(list(head), around)
    columns, seen = [], set[str]()
    for column in found.columns:
        key = _OWN.get(plain(column.heading)) or (column.key if column.key in ("name", "credit_code") else None)
        if key in seen:
            columns.append(replace(column, key=None, why="twice", duplicate_of=None))
            continue
        seen |= {key} if key else set()
        columns.append(replace(column, key=key, why="" if key else column.why))
    if not {"kind", "number"} <= seen:
        raise FileRefused(texts.HEADINGS_MISSING)
    return Heading(found.row, tuple(columns), found.last_row)


def _read_as(column: RecognisedColumn) -> str | None:
    return column.key if column.key in READ else None


def _read(row: UploadedRow, heading: Heading, sheets: Sequence[str]) -> BroughtRow:
    return brought.read_row(row, heading, sheets, READ, lambda column, cell: _value(_BY_KEY[str(column.key)], cell))


def _value(column: Column, cell: Cell) -> Any:
    """What may be kept of a cell, None for an empty one, or its fault. Raises FieldError for lines that are none."""
    if column.key == "items" and isinstance(cell, str):
        return _items(cell)
    if column.key == "valid_to" and isinstance(cell, str) and cell.strip() in (UNLIMITED, "长期有效", "永久"):
        return UNLIMITED
    parsed = parse(column, cell)
    if parsed.fault is not None:
        return parsed.fault
    return parsed.value.isoformat() if isinstance(parsed.value, date) else parsed.value


def _items(text: str) -> list[list[str]] | None:
    if text.strip().startswith(texts.ITEMS_LEFT.split("（")[0]):
        return None
    lines = clean(text, TEXT_LIMIT, lines=True).text
    return [list(one) for one in read_items(lines)] or None


def items_in(value: Any) -> tuple[ScopeItem, ...]:
    """The lines of a row that was kept."""
    return tuple(ScopeItem(*parts) for parts in value)
