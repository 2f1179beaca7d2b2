"""The workbook of resources: how it is written, with words to choose from, and how a row of one is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from registry.base.errors import FieldError
from registry.base.labels import N_
from registry.base.vocabulary import NOTICE
from registry.resources import texts
from registry.sheets import account, styles
from registry.sheets.brought import BroughtRow, brought, recognised
from registry.sheets.cells import parse
from registry.sheets.columns import FAULTS_HEADING, SERIAL_HEADING, SOURCE_ROW_HEADING, Column, ColumnKind, by_key
from registry.sheets.headings import Around, Heading, RecognisedColumn, plain
from registry.sheets.parsed import Cell
from registry.sheets.printing import PrintedBook, PrintedSheet, printed_book
from registry.sheets.reader import PAGE_SECONDS, UploadedTable, read_table
from registry.sheets.shape import Limits
from registry.sheets.steady import Target
from registry.sheets.values import cell_value
from registry.sheets.wording import AS_OF_LINE, FILTER_LINE, NO_FILTER, NOTES_SHEET

_K = ColumnKind
ROOM = 500
"""Rows below the last one that still offer the words."""
SHEET, ERROR_SHEET = "科技资源", "未收的行"
TITLE = "科技资源信息表"
UNLIMITED, YES, NO = "长期", "是", "否"
LONG = 2_000


def _column(key: str, heading: str, kind: ColumnKind, width: int, aliases: str = "", longest: int = 200) -> Column:
    return Column(key, heading, kind, "", aliases=tuple(aliases.split()), width=width, max_length=longest)


def _of_directory(key: str, heading: str, aliases: str) -> Column:
    """A column that the directory reads as well, under a heading of our own."""
    column = by_key(key)
    named = (*aliases.split(), *column.aliases, column.heading)
    return replace(column, heading=heading, aliases=named, required=False, needed_for=None, restricted=False)


COLUMNS: tuple[Column, ...] = (
    _column("record", N_("登记号"), _K.TEXT, 9, "资源登记号", 12),
    _column("title", N_("资源名称"), _K.TEXT, 26, "仪器名称 设备名称 仪器设备名称 服务名称 实验室名称 平台名称"),
    _column("kind", N_("资源种类"), _K.TEXT, 16, "资源类别 资源类型 服务类别 服务类型", 60),
    _of_directory("name", N_("所属单位"), "提供单位 依托单位 所属单位名称 管理单位 服务机构"),
    _of_directory("credit_code", N_("所属单位代码"), "单位代码"),
    _column("division", N_("所在地"), _K.TEXT, 14, "所在县区 所属县区 县区 所属地区 所在地区", 40),
    _column("place", N_("详细地点"), _K.TEXT, 22, "安放地点 存放地点 服务地点 地址"),
    _column("maker", N_("制造厂商"), _K.TEXT, 16, "生产厂家 生产厂商 制造商 厂家 品牌", 120),
    _column("model", N_("规格型号"), _K.TEXT, 16, "型号 仪器型号 设备型号 型号规格", 120),
    _column("serial", N_("出厂编号"), _K.TEXT, 16, "序列号 设备编号 仪器编号 机身号", 60),
    _column("capability", N_("功能和服务内容"), _K.TEXT, 40, "主要功能 服务内容 功能 主要功能和技术指标 用途", LONG),
    _column("price", N_("收费标准"), _K.TEXT, 20, "收费 价格 收费标准及依据 参考收费", 300),
    _of_directory("contact_name", N_("预约联系人"), ""),
    _of_directory("contact_phone", N_("预约电话"), ""),
    _column("contact_public", N_("联系人可公开"), _K.TEXT, 9, "是否公开联系人", 4),
    _column("valid_from", N_("有效期自"), _K.DATE, 13, "有效期起 起始日期 有效期起始日期"),
    _column("valid_to", N_("有效期至"), _K.DATE, 13, "有效期止 截止日期 有效期截止日期 到期日期"),
    _column("wishes_release", N_("同意发布"), _K.TEXT, 9, "是否同意发布 是否公开 可否公开", 4),
    _column("state", N_("资源状态"), _K.TEXT, 12),
)
_DERIVED = frozenset({plain("资源状态")})
"""What we write and never read; nobody need be told so of our own workbook."""
_BY_KEY = {column.key: column for column in COLUMNS if column.key != "state"}
_OF_DIRECTORY = ("name", "credit_code", "contact_name", "contact_phone")
_OWN: Mapping[str, str] = {
    plain(text): column.key
    for column in COLUMNS
    for text in (column.heading, *(column.aliases if column.key not in _OF_DIRECTORY else column.aliases[:5]))
}
_NEEDED = frozenset({"title", "kind", "name"})
NOTES = (
    "填好后在“科技资源”页选择“用工作簿导入”，先看预览，确认后才写入；没有改动的行不产生任何变化。",
    "“登记号”由系统给出，请勿改动；新增的行留空。所属单位按统一社会信用代码查找，没有代码的按全称；须已登记在名录的企业或平台机构中。",
    "“资源种类”“所在地”从下拉中选。制造厂商、规格型号、出厂编号只填仪器设备和设施的；出厂编号与已登记的相同会提示。",
    "“收费标准”照单位公布的写，例如“200元/样”“面议”，系统不换算。",
    "“有效期至”填日期，长期提供的填“长期”。“联系人可公开”“同意发布”填“是”或“否”；同意发布的由主管部门另行发布。",
    "导出的表没有联系人和电话；留空的格不改动原来的内容。已发布的资源更正公开的内容后撤回发布，待重新发布。",
    "“资源状态”由系统计算，不读取。作废不能用工作簿办理。",
)


@dataclass(frozen=True)
class OfferedWords:
    """The words to choose from: names of kinds and of places."""

    kinds: Sequence[str]
    places: Sequence[str]


# -- out ------------------------------------------------------------------------------------------
def write_book(
    target: Target, rows: Iterable[Mapping[str, Any]], words: OfferedWords, *, filter_text: str, as_of: str
) -> int:
    """Write the workbook and return the number of its rows.

    A row is a mapping by key: texts, dates (`valid_to` None: no end), bools for yes and no; contacts are not in it.
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
        for key, offered in (
            ("kind", words.kinds), ("division", words.places), ("contact_public", (YES, NO)),
            ("wishes_release", (YES, NO)),
        ):  # fmt: skip
            at = 1 + [column.key for column in COLUMNS].index(key)
            sheet.offer(at, head + 1, head + count + ROOM, offered)
        _write_notes(book)
    return count


def write_refused(target: Target, rows: Iterable[tuple[BroughtRow, Sequence[str]]], *, as_of: str) -> int:
    """The rows that are not taken as they were read, what is wrong behind each; to be mended and brought again."""
    columns = [column for column in COLUMNS if column.key != "state"]
    count = 0
    with printed_book(target, title=TITLE) as book:
        widths = [7, *(column.width for column in columns), 48]
        sheet = book.sheet(ERROR_SHEET, widths, paper=styles.A3)
        sheet.title(ERROR_SHEET)
        sheet.line(NOTICE, AS_OF_LINE % {"as_of": as_of})
        sheet.head([SOURCE_ROW_HEADING, *(column.heading for column in columns), FAULTS_HEADING], fixed_columns=3)
        looks = [styles.SERIAL, *(styles.column_look(column) for column in columns), styles.PARAGRAPH]
        for row, said in rows:
            count += 1
            cells = [cell_value(column, _text(row.values.get(column.key))) for column in columns]
            sheet.fitted_row([row.place, *cells, "\n".join(said)], looks)
    return count


def _write_rows(sheet: PrintedSheet, rows: Iterable[Mapping[str, Any]]) -> int:
    looks = [styles.SERIAL, *(styles.column_look(column) for column in COLUMNS)]
    count = 0
    for row in rows:
        count += 1
        cells = [cell_value(column, _text(row.get(column.key), column.key)) for column in COLUMNS]
        sheet.fitted_row([count, *cells], looks)
    return count


def _text(value: Any, key: str = "") -> Any:
    if isinstance(value, bool):
        return YES if value else NO
    return UNLIMITED if key == "valid_to" and value is None else value


def _write_notes(book: PrintedBook) -> None:
    sheet = book.sheet(NOTES_SHEET, [6, 110], paper=styles.A4)
    sheet.title(NOTES_SHEET)
    sheet.line(NOTICE)
    for number, note in enumerate(NOTES, start=1):
        sheet.fitted_row([str(number), note], [styles.LABEL, styles.PARAGRAPH])


# -- in -------------------------------------------------------------------------------------------
def open_book(path: Path, *, name: str) -> UploadedTable:
    """Open a workbook or a text table of resources. Raises `FileRefused` with what to do about it."""
    table = read_table(path, limits=Limits(), cpu_seconds=PAGE_SECONDS, name=name, recognise=_recognise)
    table.refuse_workbook()
    return table


def read_rows(table: UploadedTable) -> list[BroughtRow]:
    """Every row of the table, in the order of the file; raises `FileRefused` for damage further down.

    Values: texts, ISO days, `UNLIMITED`, bools.
    """
    sheets = [sheet.name for sheet in table.sheets if not sheet.why]
    return [brought(row, row.heading or table.heading, sheets, _BY_KEY, _value) for row in table.rows]


def reading(table: UploadedTable) -> dict[str, Any]:
    """What of the file was read and what was not, for the page."""
    told = account.of(table, read_as=_read_as)
    told["columns"] = [one for one in told["columns"] if plain(one["heading"]) not in _DERIVED]
    return told


def _recognise(head: Sequence[tuple[int, Sequence[Cell]]], around: Around) -> Heading:
    return recognised(head, around, _OWN, also=_OF_DIRECTORY, needed=_NEEDED, missing=texts.HEADINGS_MISSING)


def _read_as(column: RecognisedColumn) -> str | None:
    return column.key if column.key in _BY_KEY else None


def _value(column: Column, cell: Cell) -> Any:
    """What may be kept of a cell, None for an empty one, or its fault. Raises FieldError for what is no yes or no."""
    if column.key == "valid_to" and isinstance(cell, str) and cell.strip() in (UNLIMITED, "长期有效", "永久"):
        return UNLIMITED
    parsed = parse(column, cell)
    if parsed.fault is not None:
        return parsed.fault
    if column.key in ("contact_public", "wishes_release") and parsed.value is not None:
        return _yes_or_no(column.key, str(parsed.value))
    return parsed.value.isoformat() if isinstance(parsed.value, date) else parsed.value


def _yes_or_no(key: str, text: str) -> bool:
    word = text.strip().upper()
    if word in ("是", "Y", "YES", "可", "同意", "公开", "√"):
        return True
    if word in ("否", "N", "NO", "不", "不可", "不同意", "不公开", "×"):
        return False
    raise FieldError(key, texts.YES_OR_NO)
