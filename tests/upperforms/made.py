"""Forms as upper levels send them: titles, unit lines, merged headings, lists to choose from, rows that explain, signatures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.quarters.services import freezing
from tests.lives import Life, listed, moment
from tests.quarters.certified import without_all
from tests.world import World

Q3 = Quarter(2021, 3)
YUNGU, MEILONG, KETANG = "海丰县云谷软件有限公司", "海丰县梅陇检测技术有限公司", "陆丰市碣石数据服务有限公司"
_EDGE = Border(*[Side(style="thin")] * 4)


def content(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(sent: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(sent))


def cells(sheet: Worksheet, row: int) -> list[Any]:
    return [cell.value for cell in sheet[row]]


def plain(headings: Sequence[str], *rows: Sequence[Any], title: str = "", unit: str = "") -> Workbook:
    """A title, a line with the unit, headings, rows."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for text in (title, unit):
        if text:
            sheet.append([text])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    return book


def province() -> Workbook:
    """专精特新推荐汇总表: attachment number, merged title, unit at the right, two rows of headings, bordered empty rows that
    are numbered, a total, signatures, a second sheet that explains, a list of counties to choose from.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "汇总表"
    sheet["A1"] = "附件2"
    sheet["A2"] = "2021年专精特新中小企业推荐汇总表"
    sheet.merge_cells("A2:J2")
    sheet["A2"].font = Font(name="方正小标宋简体", size=20)
    sheet["A3"], sheet["I3"] = "推荐单位（盖章）：", "单位：万元"
    heads = [
        "序号",
        "企业名称",
        "统一社会信用代码",
        "所属县区",
        "成立时间",
        "营业收入",
        None,
        "从业人员数（人）",
        "主导产品市场占有率",
        "备注",
    ]
    for column, text in enumerate(heads, start=1):
        sheet.cell(4, column, text)
    sheet["F5"], sheet["G5"] = "2020年", "2021年1-9月"
    sheet.merge_cells("F4:G4")
    for letter in "ABCDEHIJ":
        sheet.merge_cells(f"{letter}4:{letter}5")
    for row in range(6, 8):
        sheet.cell(row, 1, row - 5)
        for column in range(1, 11):
            cell = sheet.cell(row, column)
            cell.border, cell.alignment = _EDGE, Alignment(horizontal="center")
            cell.font = Font(name="仿宋", size=11)
        sheet.row_dimensions[row].height = 33
    sheet["E6"].number_format = "yyyy/m/d"
    sheet["A8"], sheet["F8"] = "合计", "=SUM(F6:F7)"
    sheet["A9"] = "填表人：          联系电话："
    sheet.merge_cells("A9:J9")
    sheet.column_dimensions["B"].width = 41
    counties = DataValidation(type="list", formula1='"城区,海丰县,陆丰市,陆河县"', allow_blank=True)
    counties.add("D6:D7")
    sheet.add_data_validation(counties)
    sheet.print_area = "A1:J9"
    notes = book.create_sheet("填报说明")
    notes["A1"] = "市场占有率填上年度数。"
    return book


def lives(world: World) -> dict[str, Life]:
    """Two firms of 海丰 and one of 陆丰, in the directory since May, with proven figures of 2020 and of September."""
    found = {
        YUNGU: listed(world, YUNGU, 1, employees=37, capital=5_000_000, legal_form="limited"),
        MEILONG: listed(world, MEILONG, 2, industry="7452", wan="1001.2345"),
        KETANG: listed(
            world, KETANG, 3, by="lufeng", registered_address="陆丰市东海街道1号", operating_address="陆丰市东海街道1号"
        ),
    }
    for life, wan in zip(found.values(), ("1234.5678", "2600", "1800"), strict=True):
        life.figure(wan, "2021-09", on=date(2021, 10, 8))
    return found


def closed(world: World) -> None:
    """The second quarter and the third, which was frozen on 15 October."""
    for quarter, day in ((Q3.previous, date(2021, 7, 20)), (Q3, date(2021, 10, 15))):
        db.session.commit()
        freezing.close(
            world.actor("cityoffice"), quarter, note="报表未齐，不影响名录。", at=moment(day), on=day,
            without=without_all(quarter),
        )  # fmt: skip
        db.session.commit()
