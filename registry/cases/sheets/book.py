"""Writes the workbook of cases of a kind: a sheet of cases, one for each list, and hidden each cell as it went out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import chain, repeat
from typing import Literal

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from registry.base.vocabulary import NOTICE
from registry.cases.rules import values as reading
from registry.cases.rules.kinds import FieldType, Kind
from registry.cases.sheets.layout import (
    APPLICANT,
    BASE,
    CODE,
    FIRST_ROW,
    HEADING_ROW,
    MAIN,
    MARK,
    NUMBER,
    VERSION,
    BookColumn,
    BookSheet,
    sheets,
)
from registry.sheets import formstyles
from registry.sheets.guide import add_guide, mark
from registry.sheets.lists import ReferenceLists, add_lists
from registry.sheets.steady import Target, save_steadily
from registry.sheets.styles import DATE_FORMAT, GROUP_FILL, INK, INTEGER_FORMAT, MONEY_FORMAT, RULE, WANTED_FILL
from registry.sheets.values import FIRST_DATE, CellValue, exact_number, fitting, openxml_text
from registry.sheets.wording import BODY_FONT, COMMENT_AUTHOR, PAGE_FOOTER

SPARE_CASES, SPARE_ROWS = 200, 500
"""Empty rows under those that are held, for new cases and for rows of lists."""
_HEADING_HEIGHT = 44

TITLE = "%(kind)s批量填报（%(office)s%(cohort)s）"
HINT = "白色可填，灰色不开放，黄色为退回补正的栏目（意见见批注）；金额按表头所写单位填，不换算。"
LIST_HINT = "一行一条；“编号”填第一张表中的编号，新登记的一行没有编号，填“申请单位”，与第一张表写法相同。"
COHORT = "，%(year)s年度"
GUIDE_TITLE = "批量填报说明"
PARAGRAPHS = (
    "一、第一张表一行一件：已有的填报中和退回补正的事项列在上面，新登记的填在下面的空行里，“编号”留空，由系统编号。",
    "二、申请单位须为本单位看得到的名录企业或机构，按统一社会信用代码或全称查找；找不到或不止一家的，该行不写入，并说明原因。",
    "三、发票、设备等明细各有一张表，一行一条，用“编号”（新登记的用“申请单位”）说明属于哪一件。",
    "四、退回补正的事项只开放退回的栏目（黄色），其他栏目改了的不写入。",
    "五、金额一律按表头所写的单位填数字，单位不必填；不要留公式，不要合并单元格。",
    "六、照材料抄录，不推算、不预填；没有的留空，以后可以补。",
    "七、填好后保存为 .xlsx 上传，逐行核对下载时、系统现在、文件里三个值，确认之前不写入任何内容。",
    "八、材料（扫描件）不在本簿中，登记后到各事项的页面上传。",
)
_CHOICE_ERROR = "请从下拉中选择。"
_NUMBER_ERROR = "请填数字，单位不必填。"
_DAY_ERROR = "请填日期，如 2021-10-15。"
_MARKS = {
    (False, NUMBER): "系统编号", (False, APPLICANT): "全称或代码", (False, CODE): "全称或代码",
    (True, NUMBER): "编号或单位", (True, APPLICANT): "编号或单位",
}  # fmt: skip
"""What stands above the headings that say which case a row is of, on the first sheet and on those of lists."""
_RETURNED = "退回意见：%(note)s"
_FORMATS = {
    FieldType.YUAN: MONEY_FORMAT, FieldType.WHOLE: INTEGER_FORMAT, FieldType.NUMBER: "#,##0.####",
    FieldType.DAY: DATE_FORMAT,
}  # fmt: skip
_FILLS = {"shut": GROUP_FILL, "back": WANTED_FILL}
_RIGHT = frozenset({FieldType.YUAN, FieldType.NUMBER, FieldType.WHOLE})
_MIDDLE = frozenset({FieldType.DAY, FieldType.CHOICE, FieldType.YES_NO})


@dataclass(frozen=True)
class BookCase:
    """A case as it goes out; `returned`: cells (fields, lists) that came back and why, empty where all are open."""

    number: str
    applicant: str
    code: str
    values: Mapping[str, str]
    rows: Mapping[str, Sequence[Mapping[str, str]]]
    revision: int
    returned: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BookHead:
    """What the workbook is of: `year` of its cohort ("" where its kind has none)."""

    kind: Kind
    office: str
    office_code: str
    year: str
    at: str


@dataclass(frozen=True)
class _Line:
    """Cells of a row by the code of their column; `shut` ones are closed, `back` ones are to be mended, with a note."""

    cells: Mapping[str, str]
    shut: frozenset[str] = frozenset()
    back: Mapping[str, str] = field(default_factory=dict)


def write_book(target: Target, head: BookHead, cases: Sequence[BookCase]) -> None:
    """Write the workbook. Raises CellTooLong."""
    file = Workbook(write_only=True)
    formstyles.add_styles(file)
    _add_styles(file)
    kind, layout = head.kind, sheets(head.kind)
    cohort = COHORT % {"year": head.year} if head.year else ""
    title = TITLE % {"kind": kind.name, "office": head.office, "cohort": cohort}
    try:
        for one in layout:
            _Sheet(file, one).write(title, _lines(kind, one, cases), len(cases))
    except BaseException:
        save_steadily(file, BytesIO(), title=title)  # closes the temporary files of the half-written sheet
        raise
    columns = [
        column
        for one in layout
        for column in one.columns
        if column.of is not None or (not one.code and column.code != NUMBER)
    ]
    add_guide(file, [one.column for one in columns], title=GUIDE_TITLE, paragraphs=PARAGRAPHS)
    choices = {one.column.key: one.words for one in columns if one.words}
    add_lists(file, [one.column for one in columns], ReferenceLists(industry_years=(), choices=choices))
    _add_base(file, head, cases)
    save_steadily(file, target, title=title)


# -- rows -----------------------------------------------------------------------------------------
def _lines(kind: Kind, sheet: BookSheet, cases: Sequence[BookCase]) -> Iterator[_Line]:
    if sheet.code:
        held = (_row(sheet, one, row) for one in cases for row in one.rows.get(sheet.code, ()))
        yield from chain(held, repeat(_Line({}), SPARE_ROWS))
    else:
        yield from (_case(kind, one) for one in cases)
        yield from repeat(_Line({}, frozenset({NUMBER})), SPARE_CASES)


def _case(kind: Kind, one: BookCase) -> _Line:
    identity = {NUMBER: one.number, APPLICANT: one.applicant, CODE: one.code}
    shut = {field.code for field in kind.of_case if one.returned and field.code not in one.returned}
    return _Line({**one.values, **identity}, frozenset({*identity, *shut}), one.returned)


def _row(sheet: BookSheet, one: BookCase, row: Mapping[str, str]) -> _Line:
    cells = {**row, NUMBER: one.number, APPLICANT: one.applicant}
    open_here = not one.returned or sheet.code in one.returned
    return _Line(cells, frozenset() if open_here else frozenset(column.code for column in sheet.columns))


class _Sheet:
    """One sheet while it is written."""

    def __init__(self, file: Workbook, layout: BookSheet) -> None:
        self.sheet = file.create_sheet(layout.name)
        self.layout = layout

    def write(self, title: str, lines: Iterable[_Line], cases: int) -> None:
        self._shape()
        self._put([title], formstyles.TITLE)
        self._put([f"{NOTICE}。{LIST_HINT if self.layout.code else HINT}"], formstyles.HINT)
        columns = [one.column for one in self.layout.columns]
        marks = [_MARKS.get((self.layout.code != "", one.code), mark(one.column)) for one in self.layout.columns]
        self.sheet.append(
            [self._text(text, formstyles.mark_style(one)) for text, one in zip(marks, columns, strict=True)]
        )
        self.sheet.append([self._text(one.heading_with_unit, formstyles.head_style(one)) for one in columns])
        last = HEADING_ROW
        for last, line in enumerate(lines, FIRST_ROW):
            self.sheet.append([self._cell(one, line, last) for one in self.layout.columns])
        self._check(last, cases)

    def _shape(self) -> None:
        sheet = self.sheet
        for index, one in enumerate(self.layout.columns, 1):
            sheet.column_dimensions[get_column_letter(index)].width = one.column.width
        sheet.freeze_panes = f"C{FIRST_ROW}"
        sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.center.text = PAGE_FOOTER
        for row, height in ((1, 30), (HEADING_ROW, _HEADING_HEIGHT)):
            sheet.row_dimensions[row].height = height
        if not self.layout.code:  # rows of a list are taken out and added, which a protected sheet forbids
            protection = sheet.protection
            protection.sheet = True
            protection.formatCells = protection.formatColumns = protection.formatRows = False
            protection.sort = protection.autoFilter = False

    def _put(self, texts: Sequence[str], style: str) -> None:
        self.sheet.append([self._text(text, style) for text in texts])

    def _cell(self, one: BookColumn, line: _Line, row: int) -> Cell:
        state = "back" if one.code in line.back else "shut" if one.code in line.shut else "open"
        kind = one.of.type if one.of is not None else FieldType.TEXT
        value = _value(one, line.cells.get(one.code, ""))
        if isinstance(value, str):
            cell = self._text(fitting(value, row=row, heading=one.column.heading), _style_name(state, kind))
        else:
            cell = WriteOnlyCell(self.sheet)
            cell.style = _style_name(state, kind)
            if value is not None:
                shape = cell.number_format
                cell.value, cell.number_format = value, shape
        if one.code in line.back:
            note = _RETURNED % {"note": line.back[one.code]}
            cell.comment = Comment(openxml_text(note), COMMENT_AUTHOR, width=260, height=80)
        return cell

    def _text(self, text: str, style: str) -> Cell:
        cell = WriteOnlyCell(self.sheet)
        cell.style = style
        if text:
            cell.value = openxml_text(text)
            cell.data_type = "s"  # else a text that begins with = becomes a formula
        return cell

    def _check(self, last: int, cases: int) -> None:
        for index, one in enumerate(self.layout.columns, 1):
            rule = _rule(one, self.layout, cases)
            rule.promptTitle = one.column.heading[:32]
            rule.prompt = (one.column.note or one.column.heading_with_unit)[:255]
            rule.showInputMessage = rule.allow_blank = True
            letter = get_column_letter(index)
            rule.add(f"{letter}{FIRST_ROW}:{letter}{last}")
            self.sheet.data_validations.append(rule)


def _rule(one: BookColumn, layout: BookSheet, cases: int) -> DataValidation:
    """What the column may hold; of what says which case a row is of, the cases that stand on the first sheet."""
    if one.words:
        return _strict(DataValidation("list", formula1=f"list_{one.column.key}"), _CHOICE_ERROR)
    if layout.code and one.of is None and (cases or one.code == APPLICANT):
        letter, last = ("A", cases) if one.code == NUMBER else ("B", cases + SPARE_CASES)
        return DataValidation("list", formula1=f"'{MAIN}'!${letter}${FIRST_ROW}:${letter}${HEADING_ROW + last}")
    kind = one.of.type if one.of is not None else FieldType.TEXT
    if kind in _RIGHT:
        rule = DataValidation("whole" if kind is FieldType.WHOLE else "decimal", operator="greaterThanOrEqual")
        rule.formula1 = "0"
        return _strict(rule, _NUMBER_ERROR, "warning")
    if kind is FieldType.DAY:
        return _strict(DataValidation("date", operator="greaterThan", formula1="1"), _DAY_ERROR, "warning")
    return DataValidation(None)


def _strict(rule: DataValidation, error: str, style: Literal["stop", "warning"] = "stop") -> DataValidation:
    rule.showErrorMessage, rule.error, rule.errorStyle = True, error, style
    return rule


def _value(one: BookColumn, stored: str) -> CellValue:
    """Amounts and days as what they are, all else as text."""
    if one.of is None or not stored:
        return stored or None
    value = reading.value(one.of, stored)
    if isinstance(value, Decimal):
        return exact_number(value)
    return value if isinstance(value, date) and value >= FIRST_DATE else stored


# -- what is not seen -----------------------------------------------------------------------------
def _add_base(file: Workbook, head: BookHead, cases: Sequence[BookCase]) -> None:
    """Each cell as it goes out, so that what comes back is compared with it and with what the case says then.

    Whoever changes it only changes what is asked: the right to each cell is looked at anew.
    """
    sheet = file.create_sheet(BASE)
    sheet.sheet_state = "hidden"

    def put(*texts: str) -> None:
        cells = [WriteOnlyCell(sheet) for _ in texts]
        for cell, text in zip(cells, texts, strict=True):
            cell.value = openxml_text(text)
            cell.data_type, cell.number_format = "s", "@"
        sheet.append(cells)

    put(MARK, VERSION, head.kind.code, head.year or "-", head.office_code, head.at)
    for one in cases:
        put("case", one.number, str(one.revision), one.applicant, one.code or "-")
        for code, value in one.values.items():
            put("field", one.number, code, value)
        for name, rows in one.rows.items():
            for row in rows:
                put("row", one.number, name, json.dumps(row, ensure_ascii=False))


# -- looks ----------------------------------------------------------------------------------------
def _style_name(state: str, kind: FieldType) -> str:
    return f"case_{state}_{kind.value}"


def _add_styles(file: Workbook) -> None:
    for state in ("open", "shut", "back"):
        for kind in FieldType:
            file.add_named_style(_style(state, kind))


def _style(state: str, kind: FieldType) -> NamedStyle:
    style = NamedStyle(_style_name(state, kind))
    style.font = Font(BODY_FONT, size=10, color=INK.lstrip("#"), bold=state == "back")
    if fill := _FILLS.get(state):
        style.fill = PatternFill("solid", fgColor=fill.lstrip("#"))
    side = Side("thin", color=RULE.lstrip("#"))
    style.border = Border(left=side, right=side, top=side, bottom=side)
    across = "right" if kind in _RIGHT else "center" if kind in _MIDDLE else "left"
    style.alignment = Alignment(horizontal=across, vertical="center", wrap_text=kind is FieldType.LONG)
    style.number_format = _FORMATS.get(kind, "@")
    style.protection = Protection(locked=state == "shut")
    return style
