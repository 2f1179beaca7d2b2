"""Spreadsheets as people keep them: each kind of fault in a file of our own, and what a careful clerk reads."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from registry.base.errors import FileRefused
from registry.sheets.meanings import meaning_of
from registry.sheets.reader import UploadedRow, UploadedTable, place_of, read_table
from registry.sheets.states import is_gone
from registry.sheets.units import Unit, shown_by

CODE, OTHER, THIRD = "91441500MA55T101XF", "91441521MA55T1028W", "91441521MA55T1036P"
NAME, NEXT, LAST = "汕尾市云帆软件有限公司", "海丰县正衡检测技术有限公司", "陆丰市海创知识产权代理有限公司"
WAN = Decimal(10_000)


def csv(folder: Path, text: str) -> Path:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def read(path: Path, year: int | None = 2021) -> tuple[UploadedTable, list[UploadedRow]]:
    with read_table(path, year=year) as table:
        return table, list(table.rows)


def taken(table: UploadedTable) -> dict[str, str]:
    return {key: column.letter for key, column in table.recognised().items()}


def why(table: UploadedTable) -> dict[str, str]:
    return {column.letter: column.why for column in table.columns if column.why}


def test_notes_signatures_totals_and_groups_are_passed_over_and_listed(tmp_path: Path) -> None:
    passed = [
        "一、城区（2家）", "注：以上企业由各镇街上报。", "填表人：某某  联系电话：0660-0000000", "备注", "共1家",
        "填报单位（盖章）：某某局", "以上企业共计1家", "汇总", "2",
    ]  # fmt: skip
    lines = [f"{text},,\n" for text in passed]
    table, rows = read(
        csv(tmp_path, f"企业名称,统一社会信用代码,成立日期\n{NAME},{CODE},\n{''.join(lines)}{NEXT},{OTHER},\n")
    )
    assert [row.cells[0] for row in rows] == [NAME, NEXT]
    assert [words for _, words in table.skipped] == passed
    assert rows[1].group == passed[0]


def test_serial_numbers_alone_make_no_rows(tmp_path: Path) -> None:
    table, rows = read(csv(tmp_path, f"序号,企业名称,统一社会信用代码\n1,{NAME},{CODE}\n2,,\n3,,\n"))
    assert (len(rows), [number for number, _ in table.skipped]) == (1, [3, 4])


def test_a_name_alone_among_coded_rows_is_marked(tmp_path: Path) -> None:
    _, rows = read(csv(tmp_path, f"企业名称,统一社会信用代码\n{NAME},{CODE}\n{NEXT},\n"))
    assert [row.marks for row in rows] == [(), ("alone",)]


def test_a_second_table_is_read_under_its_own_heading(tmp_path: Path) -> None:
    table, rows = read(
        csv(
            tmp_path,
            f"企业名称,统一社会信用代码\n{NAME},{CODE}\n,\n二、检测企业,\n统一社会信用代码,企业名称\n{OTHER},{NEXT}\n",
        )
    )
    assert [heading.row for heading in table.headings] == [1, 5]
    second = {c.key: rows[1].cells[c.index] for c in (rows[1].heading or table.heading).columns}
    assert second == {"credit_code": OTHER, "name": NEXT}


def test_a_heading_that_is_said_again_in_another_unit_begins_another_table(tmp_path: Path) -> None:
    text = "企业名称,上年营业收入({})\n"
    table, rows = read(
        csv(
            tmp_path,
            f"{text.format('元')}{NAME},12000000\n\n{text.format('万元')}{NEXT},900\n{text.format('万元')}{LAST},7\n",
        )
    )
    assert [heading.row for heading in table.headings] == [1, 4]
    scales = [(row.heading or table.heading).columns[1].scale for row in rows]
    assert scales == [Decimal(1), WAN, WAN]


def test_a_parent_and_its_leaves_are_one_heading(tmp_path: Path) -> None:
    table, rows = read(
        csv(
            tmp_path,
            "企业名称,上年营业收入(万元),,本年累计营业收入(万元),,截至月份\n"
            f",1-9月,全年,1-8月,1-9月,\n{NAME},800,1200,700,900,9\n",
        )
    )
    found = {key: rows[0].cells[column.index] for key, column in table.recognised().items()}
    assert (found["revenue_last_year"], found["revenue_same_period"], found["revenue_to_date"]) == (
        "1200",
        "800",
        "900",
    )
    assert table.recognised()["revenue_to_date"].month == 9
    assert why(table) == {"D": "twice"}


@pytest.mark.parametrize(
    "text, scale, currency",
    [
        ("企业名称,上年营业收入(亿)\n{}", 100_000_000, "CNY"),
        ("企业名称,上年营业收入_千元\n{}", 1_000, "CNY"),
        ("企业名称,上年营业收入（单位：百万元）\n{}", 1_000_000, "CNY"),
        ("企业名称,上年营业收入 RMB\n{}", 1, "CNY"),
        ("企业名称,上年营业收入\n,(元)\n{}", 1, "CNY"),
        ("企业名称,上年营业收入\n{}注：金额单位：元,\n", 1, "CNY"),
        ("制表单位：某局　单位：万元,\n企业名称,上年营业收入\n{}", 10_000, "CNY"),
        ("企业名称,注册资本(万美元)\n{}", 10_000, "USD"),
        ("企业名称,上年营业收入\n{}", None, "CNY"),
    ],
)
def test_a_unit_is_found_wherever_it_is_written(tmp_path: Path, text: str, scale: int | None, currency: str) -> None:
    table, rows = read(csv(tmp_path, text.format(f"{NAME},1200\n")))
    column = table.columns[1]
    assert (column.scale, column.currency, column.doubt) == (None if scale is None else Decimal(scale), currency, "")
    assert [row.cells[1] for row in rows] == ["1200"]


def test_two_statements_about_a_unit_are_a_doubt(tmp_path: Path) -> None:
    table, _ = read(csv(tmp_path, f"单位：元,\n企业名称,上年营业收入(万元)\n{NAME},1200\n"))
    assert (table.columns[1].scale, table.columns[1].doubt) == (WAN, "unit_differs")


@pytest.mark.parametrize(
    "shape, unit",
    [
        ('0!.0000"万元"', Unit(Decimal(1))),
        ("0!.0,", Unit(Decimal(1))),
        ('0.00"万元"', Unit(WAN)),
        ("#,##0.00", None),
        ('yyyy"年"m"月"', None),
    ],
)
def test_a_number_format_says_what_its_number_is_in(shape: str, unit: Unit | None) -> None:
    assert shown_by(shape) == unit


def test_brackets_that_are_no_unit_are_part_of_the_meaning(tmp_path: Path) -> None:
    heading = (
        "企业名称（盖章）,企业名称(英文),从业人员(女),注册资本(实缴)(万元),成立日期(注销),上年营业收入(预计)(万元)"
    )
    table, _ = read(csv(tmp_path, f"{heading}\n{NAME},Yunfan,5,100,2020-12-31,3000\n"))
    assert taken(table) == {"name": "A"}
    assert why(table) == dict.fromkeys("BCDEF", "qualified")


@pytest.mark.parametrize(
    "heading, key, month",
    [
        ("2020年营业收入（万元）", "revenue_last_year", None),
        ("2021年1-9月营业收入（万元）", "revenue_to_date", 9),
        ("2020年1-9月营收", "revenue_same_period", 9),
        ("2021年上半年营业收入", "revenue_to_date", 6),
        ("2021年9月营业收入", None, None),
        ("2019年营业收入", None, None),
        ("2021年1-9月增值税销售额", "vat_sales", 9),
        ("2021年9月末从业人员", "employees", None),
    ],
)
def test_a_heading_with_a_year_is_read_with_its_period(
    tmp_path: Path, heading: str, key: str | None, month: int | None
) -> None:
    table, _ = read(csv(tmp_path, f"企业名称,统一社会信用代码,{heading}\n{NAME},{CODE},900\n"))
    assert (table.columns[2].key, table.columns[2].month) == (key, month)


def test_a_card_is_refused_as_one(tmp_path: Path) -> None:
    card = f"企业名称,{NAME}\n统一社会信用代码,{CODE}\n所属县区,城区\n成立日期,2019-05-20\n联系人,甲某\n"
    with pytest.raises(FileRefused, match="登记卡"):
        read(csv(tmp_path, card))


def test_cells_missing_or_left_over_and_empty_cost_nothing(tmp_path: Path) -> None:
    heading = "企业名称,统一社会信用代码,成立日期,联系人\n"
    _, rows = read(csv(tmp_path, f"{heading}{NAME},{CODE}\n{NEXT},{OTHER},,,,,\n{LAST},{THIRD},,,,x\n"))
    assert [(row.marks, row.fault is None) for row in rows] == [(("short",), True), ((), True), ((), False)]


def book(path: Path, sheets: dict[str, list[list[object]]]) -> xlsxwriter.Workbook:
    made = xlsxwriter.Workbook(str(path))
    for name, table in sheets.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(table):
            sheet.write_row(number, 0, row)
    return made


HEAD = ["所属县区", "企业名称", "统一社会信用代码", "注册资本(万元)"]


def test_sheets_of_one_heading_are_all_read_and_a_cover_is_named(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book(
        path,
        {
            "汇总": [["企业名称", "数量"], ["高新技术企业", 12]],
            "城区": [HEAD, ["城区", NAME, CODE, 1]],
            "海丰": [HEAD, ["海丰县", NEXT, OTHER, 2]],
        },
    ).close()
    table, rows = read(path)
    assert [place_of(row.number) for row in rows] == [(0, 2), (1, 2)]
    assert {sheet.name: (sheet.why, sheet.rows) for sheet in table.sheets} == {
        "城区": ("", 1), "海丰": ("", 1), "汇总": ("other", 0),
    }  # fmt: skip


def test_merges_hidden_and_struck_rows_and_number_formats_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    made = book(path, {"名单": [HEAD, ["海丰县", NAME, CODE, 1], [None, NEXT, OTHER, 2], ["陆丰市", LAST, THIRD, 3]]})
    sheet = made.worksheets()[0]
    sheet.merge_range(1, 0, 2, 0, "海丰县")
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.write_row(3, 0, ["陆丰市", LAST, THIRD], made.add_format({"font_strikeout": True}))
    sheet.write_number(1, 3, 5_000_000, made.add_format({"num_format": '0!.0000"万元"'}))
    made.close()
    table, rows = read(path)
    assert [row.cells[0] for row in rows] == ["海丰县", "海丰县", "陆丰市"]
    assert [dict(row.filled) for row in rows] == [{}, {0: 2}, {}]
    assert [row.marks for row in rows] == [(), ("hidden",), ("struck",)]
    assert (table.columns[3].scale, table.columns[3].doubt) == (Decimal(1), "unit_differs")


@pytest.mark.parametrize(
    "text, gone",
    [
        ("注销", True),
        ("吊销，未注销", True),
        ("已吊销", True),
        ("迁出", True),
        ("存续（在营、开业、在册）", False),
        ("未注销", False),
    ],
)
def test_the_words_of_a_register_for_a_firm_that_is_gone(text: str, gone: bool) -> None:
    assert is_gone(text) is gone


KNOWN = {
    "name": "单位名称（盖章） 企业(单位)全称 公司名称 市场主体名称 纳税人名称 申报单位名称 企业名称(必填) 1.企业名称",
    "credit_code": "纳税人识别号 社会统一信用代码 统一社会信用代码(18位) 税号 信用代码 企业统一社会信用代码",
    "division": "县（区、旗） 区（县） 所属县(市、区) 县区 行政区划 属地",
    "town": "镇街 所属镇街 乡(镇、街道) 乡镇(街道)",
    "registered_address": "注册地 住址 住所 注册地址 工商注册地址",
    "founded_on": "成立年月 登记时间 成立时间 注册日期 企业成立时间",
    "capital": "注册资金（万元人民币） 注册资金(万) 注册资本（单位：百万元） 认缴资本",
    "employees": "员工数（人） 年末从业人员数 期末从业人员 职工人数",
    "contact_phone": "联系手机 联系方式 手机号码 办公电话",
    "contact_name": "联系人 联络人 经办人",
    "industry": "所属行业（国民经济行业门类） 国标行业小类 行业代码(2011) 行业小类",
    "legal_form": "企业类型 企业(机构)类型 登记注册类型 企业性质",
    "activity": "经营范围 主营产品 主要产品或服务",
    "revenue_last_year": "上年营业收入(万元) 上年度营业收入 营业收入(上年)",
    "issue": "存在问题 困难和问题 企业诉求",
}


@pytest.mark.parametrize("key", KNOWN)
def test_headings_of_real_forms_are_known(key: str) -> None:
    found = {heading: meaning_of(heading) for heading in KNOWN[key].split()}
    assert {heading: one.key if one and not one.qualified else None for heading, one in found.items()} == dict.fromkeys(
        found, key
    )
