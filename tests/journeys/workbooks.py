"""What a clerk does with our template in a spreadsheet programme, and what is to be found in the files handed out."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from registry.sheets.columns import TEMPLATE_SHEET
from tests.journeys.steps import GONGPING, HOUMEN, MEILONG, YUNGU
from tests.world import credit_code

HEADING_ROW = 4


def filled(template: Path) -> bytes:
    """A good row, a code with a wrong last character, a county that is not ours, and a firm that is there already."""
    book = openpyxl.load_workbook(template)
    sheet = book[TEMPLATE_SHEET]
    rows = (
        (MEILONG, credit_code(3), "海丰县"),
        (GONGPING, wrong_code(4), "海丰县"),
        (HOUMEN, credit_code(5), "陆丰市"),
        (YUNGU, None, "海丰县"),
    )
    for number, (name, code, county) in enumerate(rows, start=HEADING_ROW + 1):
        given = {
            "企业名称": name,
            "统一社会信用代码": code,
            "所属县区": county,
            "注册地址": f"海丰县海城镇红城大道{number}号",
            "实际经营地址": f"海丰县海城镇红城大道{number}号",
            "行业代码": "6513",
            "主营业务": "应用软件开发",
            "单位类型": "法人单位",
            "成立日期": date(2019, 3, number),
            "上年营业收入(万元)": 1234.56,
            "联系人": "林小海",
            "电话": "13900135678",
        }
        for heading, value in given.items():
            sheet.cell(number, _column(sheet, heading)).value = value
    return _content(book)


def mended(errors: Path) -> bytes:
    """The returned rows with the marked cells put right; the firm that is there already is taken out."""
    book = openpyxl.load_workbook(errors)
    sheet = book[TEMPLATE_SHEET]
    rows = {sheet.cell(number, 1).value: number for number in range(HEADING_ROW + 1, sheet.max_row + 1)}
    sheet.cell(rows[GONGPING], _column(sheet, "统一社会信用代码")).value = credit_code(4)
    sheet.cell(rows[HOUMEN], _column(sheet, "所属县区")).value = "海丰县"
    sheet.delete_rows(rows[YUNGU])
    return _content(book)


def marked(errors: Path) -> list[tuple[str, str, str, str]]:
    """Every commented cell of an error file: the firm, the original row, the heading, the comment."""
    sheet = openpyxl.load_workbook(errors)[TEMPLATE_SHEET]
    origin = _column(sheet, "原行号")
    return [
        (row[0].value, row[origin - 1].value, sheet.cell(HEADING_ROW, cell.column).value, cell.comment.text)
        for row in sheet.iter_rows(min_row=HEADING_ROW + 1)
        for cell in row
        if cell.comment
    ]


def wrong_code(number: int) -> str:
    """A code whose last character is not the one that its others ask for."""
    code = credit_code(number)
    return code[:-1] + ("1" if code[-1] != "1" else "2")


def sheets_with(path: Path, text: str) -> list[str]:
    """The sheets of a workbook in which a cell holds exactly this text."""
    return [sheet.title for sheet in openpyxl.load_workbook(path) if text in _texts(sheet)]


def lines_with(path: Path, name: str) -> list[dict[str, object]]:
    """The rows of the first sheet that name this firm, by heading."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    headings = next(row for row in rows if "企业名称" in row)
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows if name in row]


def _texts(sheet: Worksheet) -> set[str]:
    return {value for row in sheet.iter_rows(values_only=True) for value in row if isinstance(value, str)}


def _column(sheet: Worksheet, heading: str) -> int:
    return [cell.value for cell in sheet[HEADING_ROW]].index(heading) + 1


def _content(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
