"""Finding the heading row and knowing its columns."""

from __future__ import annotations

from decimal import Decimal

import pytest

from registry.base.errors import FileRefused
from registry.sheets.headings import Around, Heading, find_heading, plain, recognise, require_heading, split_unit
from registry.sheets.meanings import meaning_of
from registry.sheets.units import Unit, split_off

WAN = Decimal(10_000)


def keys(*headings: str) -> list[str | None]:
    return [column.key for column in recognise(1, headings).columns]


def test_the_headings_of_public_registration_data_are_known() -> None:
    headings = ("企业名称", "统一社会信用代码", "注册日期", "企业类型", "注册资金", "经营范围", "地区", "注册地址")
    assert keys(*headings) == [
        *("name", "credit_code", "founded_on", "legal_form", "capital", "activity", "division", "registered_address")
    ]


@pytest.mark.parametrize(
    "heading, key",
    [
        ("单位名称", "name"),
        ("* 企业 名称（全称）", "name"),
        ("企业（机构）名称", "name"),
        ("社会信用代码", "credit_code"),
        ("统一社会\n信用代码", "credit_code"),
        ("成立时间", "founded_on"),
        ("成立日期：", "founded_on"),
        ("所属县（区）", "division"),
        ("注册资本（万元）", "capital"),
        ("注册资本(人民币万元)", "capital"),
        ("注册资本万元", "capital"),
        ("上年营业收入 （单位：元）", "revenue_last_year"),
        ("行业代码(4位)", "industry"),
        ("联系电话（必填）", "contact_phone"),
        ("法定代表人", None),
        ("备注", None),
    ],
)
def test_common_headings_are_known(heading: str, key: str | None) -> None:
    assert keys(heading) == [key]


@pytest.mark.parametrize(
    "heading, scale",
    [
        ("注册资本(万元)", WAN),
        ("注册资本（元）", Decimal(1)),
        ("注册资本【千元】", Decimal(1000)),
        ("注册资本(单位:亿元)", Decimal(100_000_000)),
        ("注册资本，万元", WAN),
        ("注册资本", None),
        ("企业名称", None),
    ],
)
def test_the_unit_in_the_heading_decides_the_scale(heading: str, scale: Decimal | None) -> None:
    assert [column.scale for column in recognise(1, [heading]).columns] == [scale]


def test_a_currency_is_kept_apart_and_a_word_that_ends_in_yuan_is_no_unit() -> None:
    assert split_off(plain("注册资本(万美元)")) == ("注册资本", Unit(WAN, "USD"))
    assert split_unit(plain("万元")) == ("万元", None)


def found(*rows: list[str | None]) -> Heading | None:
    return find_heading(enumerate(rows, start=1))


def test_titles_above_the_heading_are_passed_over_and_their_unit_is_kept() -> None:
    heading = found(
        ["汕尾市企业培育名录库填报表"],
        ["填报单位：海丰县", None, "单位：万元"],
        [],
        ["序号", "企业名称", "统一社会信用代码", "上年营业收入", "备注"],
        ["1", "海丰县云帆软件有限公司", "91441521MA55T1028W", "1200", None],
    )
    assert heading is not None
    assert heading.row == 4
    assert heading.keys == ("name", "credit_code", "revenue_last_year")
    assert [column.scale for column in heading.columns] == [None, None, None, WAN, None]
    assert [(column.letter, column.heading) for column in heading.unrecognised] == [("E", "备注")]


def test_of_two_columns_with_one_meaning_the_nearer_heading_is_taken() -> None:
    columns = recognise(1, ["企业名称", "住所", "注册地址", "地址"]).columns
    assert [(column.key, column.duplicate_of) for column in columns] == [
        ("name", None),
        (None, "registered_address"),
        ("registered_address", None),
        (None, "registered_address"),
    ]


def test_the_same_heading_twice_is_refused() -> None:
    with pytest.raises(FileRefused) as refusal:
        require_heading([(3, ["企业名称", "统一社会信用代码", "统一社会信用代码"])])
    assert str(refusal.value) == "第3行的表头里“统一社会信用代码”出现了两次（B、C列），请只保留一列后重新上传。"


def test_a_table_without_a_name_column_is_refused_with_what_was_found() -> None:
    with pytest.raises(FileRefused) as refusal:
        require_heading([(1, ["统一社会信用代码", "成立日期", "备注"])])
    assert str(refusal.value) == (
        "第1行的表头里没有“企业名称”一列；找到的列名是：统一社会信用代码、成立日期、备注。请改正列名，或指定哪个表头读作“企业名称”，再重新上传。"
    )


def test_a_table_without_headings_is_refused_with_what_was_found() -> None:
    with pytest.raises(FileRefused) as refusal:
        require_heading([(1, ["汕尾市云帆软件有限公司", "91441500MA55T101XF"])])
    assert str(refusal.value) == (
        "前 20 行里没有找到表头，请保留“企业名称”等列名；找到的文字是：汕尾市云帆软件有限公司、91441500MA55T101XF。"
    )


def test_a_heading_below_the_twentieth_row_is_not_looked_for() -> None:
    assert find_heading([(21, ["企业名称", "统一社会信用代码"])]) is None


def test_a_heading_row_needs_more_than_one_stray_word() -> None:
    stray = recognise(1, ["名称", "甲", "乙"])
    alone = recognise(1, ["企业名称"])
    assert (stray.is_usable, alone.is_usable) == (False, True)


def test_a_table_is_not_lost_to_a_wider_one_below_it() -> None:
    rows = [
        (1, ["企业名称", "统一社会信用代码"]),
        (2, ["汕尾市晨禾信息技术有限公司", "91441502MA50000017"]),
        (3, ["统一社会信用代码", "主营业务", "企业名称"]),
        (4, ["91441502MA5000004G", "检测", "汕尾市青屿检测服务有限公司"]),
    ]
    assert require_heading(rows).row == 1


def test_a_cover_without_firms_above_a_list_is_none() -> None:
    rows = [
        (1, ["企业名称", "企业数量", "联系电话"]),
        (2, ["汕尾市", "2", "0660-3360000"]),
        (3, ["企业名称", "统一社会信用代码", "主营业务", "电话"]),
        (4, ["汕尾市青屿检测服务有限公司", "91441502MA5000004G", "检测", ""]),
    ]
    assert require_heading(rows).row == 3


@pytest.mark.parametrize(
    "heading, key",
    [
        ("公司註冊地址", "registered_address"),
        ("統一社會信用代碼", "credit_code"),
        ("Registered Capital (10k CNY)", "capital"),
        ("生产（经营）地址", "operating_address"),
        ("企业/机构名称", "name"),
        ("现有职工总数（人）", "employees"),
        ("二十一、企业职工总数", "employees"),
        ("登记注册类型名称", "legal_form"),
        ("注册地址--详细地址", "registered_address"),
        ("区\\县", "division"),
        ("上年末从业人员", None),
        ("法人名称", None),
        ("登记机构名称", None),
        ("研发人员数", None),
        ("Revenue", None),
    ],
)
def test_a_heading_is_put_together_from_its_words(heading: str, key: str | None) -> None:
    assert keys(heading) == [key]


@pytest.mark.parametrize(
    "parent, own, key",
    [
        ("联系人", "电话", "contact_phone"),
        ("法定代表人", "电话", None),
        ("负责人", "手机", None),
        ("企业基本情况", "名称", "name"),
        ("母公司", "名称", None),
        ("注册地址", "详细地址", "registered_address"),
        ("实际经营地址", "详细地址", "operating_address"),
        ("注册地", "县（区）", "division"),
        ("经营地", "县（区）", None),
    ],
)
def test_a_heading_below_is_of_what_stands_above(parent: str, own: str, key: str | None) -> None:
    meaning = meaning_of(own, parent)
    assert (meaning.key if meaning is not None and not meaning.qualified else None) == key


@pytest.mark.parametrize(
    "heading, key, why",
    [
        ("上年（2020年）营业收入", "revenue_last_year", ""),
        ("上年（2019年）营业收入", None, "year"),
        ("2021年上年同期营业收入", "revenue_same_period", ""),
        ("营业收入（上年同期）", "revenue_same_period", ""),
        ("本期营业收入", None, ""),
        ("2019年末从业人员", None, "year"),
    ],
)
def test_two_words_for_a_period_must_agree(heading: str, key: str | None, why: str) -> None:
    (column,) = recognise(1, [heading], around=Around(year=2021)).columns
    assert (column.key, column.why) == (key, why)


def test_the_edition_of_the_classification_is_taken_from_the_heading() -> None:
    columns = recognise(1, ["行业代码（GB/T 4754-2011）"]).columns
    assert [(column.key, column.version) for column in columns] == [("industry", 2011)]
