"""One cell of each kind."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.sheets.cells import MonthGiven, Parsed, parse
from registry.sheets.columns import COLUMNS, by_key
from registry.sheets.reader import Cell, Lost

YUAN = Decimal(1)
WAN = Decimal(10_000)


def read(key: str, value: Cell, scale: Decimal | None = None) -> Parsed:
    return parse(by_key(key), value, scale=scale)


def fault(key: str, value: Cell, scale: Decimal | None = None) -> str:
    parsed = read(key, value, scale)
    assert parsed.fault is not None, parsed
    assert (parsed.value, parsed.fault.field) == (None, key)
    return parsed.fault.at(17, "D").sentence()


def notices(key: str, value: Cell, scale: Decimal | None = None) -> list[str]:
    return [notice.code for notice in read(key, value, scale).notices]


# -- texts ------------------------------------------------------------------------------------------
def test_a_name_is_taken_as_it_stands() -> None:
    assert read("name", "汕尾市云帆软件有限公司") == Parsed("汕尾市云帆软件有限公司")
    assert read("name", "海丰县ＡＢＣ（可塘）珠宝行").value == "海丰县ＡＢＣ（可塘）珠宝行"


def test_a_row_without_a_name_is_faulty() -> None:
    assert fault("name", None) == "第17行 D列：企业名称没有填写，请补填"
    assert fault("name", "无") == "第17行 D列：企业名称没有填写，请补填"


def test_invisible_characters_and_odd_spaces_are_mended_with_a_notice() -> None:
    parsed = read("name", "汕尾市\u200b云帆\u3000软件有限公司")
    assert parsed.value == "汕尾市云帆 软件有限公司"
    assert [notice.sentence() for notice in parsed.notices] == [
        "企业名称里看不见的字符已去掉",
        "企业名称里的特殊空格或换行已改为普通空格",
    ]


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("汕尾市\ue7d9软件", "第17行 D列：企业名称第4个字符（U+E7D9）是自造字，请改用标准汉字"),
        ("汕尾\u202e市", "第17行 D列：企业名称第3个字符（U+202E）会改变文字的显示方向，请删去后重新输入"),
        ("汕尾\x00市", "第17行 D列：企业名称第3个字符（U+0000）是控制字符，请删去后重新输入"),
        ("汕尾\ufffd市", "第17行 D列：企业名称第3个字符是乱码，请照原件重新输入"),
        ("汕" * 101, "第17行 D列：企业名称有 101 个字，超过上限 100 个，请精简"),
    ],
)
def test_a_text_with_a_dangerous_character_is_faulty_with_its_place(text: str, sentence: str) -> None:
    assert fault("name", text) == sentence


@pytest.mark.parametrize("word", ["N/A", "n/a", "＃N/A", "无", "—", "——", "--", "-", "null", "暂无", "/", "不详", "〓"])
def test_a_word_for_nothing_is_nothing_with_a_notice(word: str) -> None:
    assert read("activity", word).value is None
    assert notices("activity", word) == ["blank_word"]


@pytest.mark.parametrize("value", [None, "", "  ", "\u3000"])
def test_an_empty_cell_is_nothing_without_a_blank_word(value: Cell) -> None:
    assert read("activity", value).value is None
    assert "blank_word" not in notices("activity", value)


def test_a_lost_value_is_faulty_and_never_empty() -> None:
    assert fault("revenue_to_date", Lost("error")) == "第17行 D列：本年累计营业收入是出错的公式，请改填数值或文字"
    assert fault("activity", Lost("formula")).startswith("第17行 D列：主营业务是没有计算结果的公式")
    assert fault("employees", Lost("number")) == "第17行 D列：从业人员的数字超出可表示的范围，请核对"


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "'="])
def test_the_quote_that_our_own_csv_puts_before_a_formula_is_dropped(mark: str) -> None:
    assert read("activity", f"'{mark}SUM(A1)").value == f"{mark}SUM(A1)"
    assert notices("activity", f"'{mark}SUM(A1)") == ["quote_dropped"]


def test_any_other_quote_stays() -> None:
    assert read("activity", "'软件'开发") == Parsed("'软件'开发")


def test_a_number_under_a_text_heading_is_taken_as_text_with_a_notice() -> None:
    assert read("name", 360).value == "360"
    assert notices("name", 360) == ["typed_as_number"]
    assert fault("name", True) == "第17行 D列：企业名称不能是日期或逻辑值，请把单元格设为文本后重新填写"


def test_several_names_are_taken_apart() -> None:
    assert read("former_names", "汕尾市云帆计算机有限公司； 云帆工作室").value == (
        "汕尾市云帆计算机有限公司",
        "云帆工作室",
    )


# -- credit codes -----------------------------------------------------------------------------------
def test_a_valid_code_is_brought_into_its_usual_form() -> None:
    assert read("credit_code", "91441500MA55T101XF") == Parsed("91441500MA55T101XF")
    assert read("credit_code", " 91441500-ma55t101xf").value == "91441500MA55T101XF"
    assert notices("credit_code", "９１441500MA55T101XF") == ["code_normalised"]
    assert read("credit_code", '="91441500MA55T101XF"').value == "91441500MA55T101XF"


def test_a_wrong_code_says_where() -> None:
    assert fault("credit_code", "91441500MA55T101XG") == (
        "第17行 D列：统一社会信用代码第18位校验不符，请核对营业执照；确系执照所载的，在代码后写“（已核对执照）”再导入"
    )
    assert (
        fault("credit_code", "91441500MA55T101") == "第17行 D列：统一社会信用代码应为18位，现为 16 位，请核对营业执照"
    )


@pytest.mark.parametrize("value", [9.144150019672554e17, "9.14415E+17", "9.14415001967255E+17"])
def test_a_code_whose_digits_were_lost_in_a_number_is_never_accepted(value: Cell) -> None:
    assert fault("credit_code", value) == (
        "第17行 D列：统一社会信用代码被存成了数字，超过15位的部分已丢失；请把单元格设为文本，照营业执照重新填写"
    )


# -- money ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "value, scale, yuan",
    [
        (1200, WAN, "12000000.00"),
        (1200.5, WAN, "12005000.00"),
        (0.1 + 0.2, WAN, "3000.00"),
        (1234.567891, WAN, "12345678.91"),
        (12005000, YUAN, "12005000.00"),
        ("1200", WAN, "12000000.00"),
        ("１，２００．５", WAN, "12005000.00"),
        ("1,234,567.89", YUAN, "1234567.89"),
        ("¥1,200.00", YUAN, "1200.00"),
        ("1200万元", WAN, "12000000.00"),
        ("0.12亿元", WAN, "12000000.00"),
        ("1200元", YUAN, "1200.00"),
        (0, WAN, "0.00"),
    ],
)
def test_an_amount_is_yuan_to_the_fen(value: Cell, scale: Decimal, yuan: str) -> None:
    parsed = read("revenue_to_date", value, scale)
    assert (str(parsed.value), parsed.currency) == (yuan, "CNY")


@pytest.mark.parametrize(
    "text, amount, currency",
    [
        ("100(万人民币元)", "1000000.00", "CNY"),
        ("183.8000(万元人民币)", "1838000.00", "CNY"),
        ("50（万元）", "500000.00", "CNY"),
        ("50(万)", "500000.00", "CNY"),
        ("30(万元(人民币))", "300000.00", "CNY"),
        ("3万人民币", "30000.00", "CNY"),
        ("3万人民币元", "30000.00", "CNY"),
        ("人民币100万元整", "1000000.00", "CNY"),
        ("1000万美元", "10000000.00", "USD"),
        ("80(万香港元)", "800000.00", "HKD"),
        ("80(万元(港币))", "800000.00", "HKD"),
        ("25(万日元)", "250000.00", "JPY"),
        ("2(万德国马克)", "20000.00", "DEM"),
    ],
)
def test_registered_capital_is_read_with_its_own_unit_and_currency(text: str, amount: str, currency: str) -> None:
    parsed = read("capital", text)
    assert (str(parsed.value), parsed.currency, parsed.fault) == (amount, currency, None)
    assert [notice.code for notice in parsed.notices] == ([] if currency == "CNY" else ["foreign_currency"])


@pytest.mark.parametrize(
    "text",
    [
        "约1200万",
        "1200万左右",
        "500-1000万",
        "不足500",
        "1200多万",
        "1,2345",
        "12.5%",
        "1.2E+07",
        "(100)",
        "一千万",
        "1200 1300",
    ],
)
def test_what_is_not_one_certain_number_is_no_amount(text: str) -> None:
    assert fault("revenue_to_date", text, WAN) == (
        f"第17行 D列：本年累计营业收入“{text}”不是确定的金额，请填数字，不要填约数或区间"
    )


def test_revenue_in_a_foreign_currency_is_faulty() -> None:
    assert (
        fault("revenue_to_date", "100万美元", WAN)
        == "第17行 D列：本年累计营业收入“100万美元”是外币，请折合人民币后填写"
    )


def test_an_amount_below_zero_or_beyond_reason_is_faulty() -> None:
    assert fault("vat_sales", -5, WAN) == "第17行 D列：增值税销售额“-5”是负数，请核对"
    assert fault("vat_sales", 10**10, WAN).startswith("第17行 D列：增值税销售额“10000000000”过大")
    assert fault("vat_sales", True, WAN).startswith("第17行 D列：增值税销售额“True”不是确定的金额")


def test_what_was_assumed_about_an_amount_is_said() -> None:
    assert notices("capital", "100") == ["unit_assumed"]
    assert notices("capital", "100", WAN) == []
    assert notices("capital", "100万元", WAN) == []
    assert notices("capital", "100万元", YUAN) == ["unit_in_cell"]
    assert notices("revenue_to_date", "1.2345678", WAN) == ["rounded"]
    assert str(read("revenue_to_date", "1.2345675", WAN).value) == "12345.68"


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_an_amount_written_in_ten_thousands_comes_back_to_the_fen(yuan: Decimal) -> None:
    assert read("revenue_to_date", float(yuan / WAN), WAN) == Parsed(yuan)


# -- dates ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "value",
    [
        date(2021, 9, 30),
        datetime(2021, 9, 30, 0, 0),
        "2021-09-30",
        "2021/9/30",
        "2021.9.30",
        "2021年9月30日",
        "２０２１－０９－３０",
        "20210930",
        20210930,
        "2021-09-30 00:00:00",
        "2021/9/30 0:00",
        "2021-09-30T00:00:00",
    ],
)
def test_a_date_is_read_in_every_common_form(value: Cell) -> None:
    assert read("founded_on", value) == Parsed(date(2021, 9, 30))


@pytest.mark.parametrize("value", [44469, 44469.0, "44469", 44469.5])
def test_a_day_number_is_read_with_a_notice(value: Cell) -> None:
    parsed = read("founded_on", value)
    assert parsed.value == date(2021, 9, 30)
    assert [notice.code for notice in parsed.notices] == ["serial_date"]


def test_a_time_of_day_is_dropped_with_a_notice() -> None:
    assert read("founded_on", datetime(2021, 9, 30, 8, 30)).value == date(2021, 9, 30)
    assert notices("founded_on", datetime(2021, 9, 30, 8, 30)) == ["time_dropped"]


@pytest.mark.parametrize(
    "value", ["2021-02-30", "2021-13-01", "2021年9月", "21-9-30", "30/09/2021", "去年", "1021-09-30", 2021, True, 99999]
)
def test_what_is_no_date_is_faulty(value: Cell) -> None:
    assert fault("founded_on", value) == f"第17行 D列：成立日期“{value}”不是日期，请按 2019-05-20 的格式填写"


# -- months, years, numbers -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "value, given_month",
    [
        (9, (None, 9)),
        ("9", (None, 9)),
        ("9月", (None, 9)),
        ("09月份", (None, 9)),
        ("1-9月", (None, 9)),
        ("1至12月", (None, 12)),
        ("2021-09", (2021, 9)),
        ("2021年9月", (2021, 9)),
        ("2021年1-9月", (2021, 9)),
        ("202109", (2021, 9)),
        (202109, (2021, 9)),
        ("2021-09-30", (2021, 9)),
        (date(2021, 9, 1), (2021, 9)),
    ],
)
def test_a_month_is_read_with_its_year_where_it_is_written(value: Cell, given_month: tuple[int | None, int]) -> None:
    assert read("to_month", value) == Parsed(MonthGiven(*given_month))


@pytest.mark.parametrize("value", ["13", 0, 2021.1, "2021-13", "十三月", "三季度", "2021-1-9", True])
def test_what_is_no_month_or_could_be_two_is_faulty(value: Cell) -> None:
    assert fault("to_month", value) == f"第17行 D列：截至月份“{value}”不是月份，请填 1 至 12，或按 2021-09 的格式填写"


@pytest.mark.parametrize("value, year", [(2017, 2017), ("2017", 2017), ("2011版", 2011), ("GB/T 4754-2017", 2017)])
def test_a_year_is_read(value: Cell, year: int) -> None:
    assert read("industry_year", value) == Parsed(year)


def test_what_is_no_year_is_faulty() -> None:
    assert fault("industry_year", "新版") == "第17行 D列：分类版本“新版”不是年份，请填四位年份"


@pytest.mark.parametrize(
    "value, number", [(45, 45), (45.0, 45), ("45", 45), ("45人", 45), ("1,200", 1200), ("４５", 45)]
)
def test_a_whole_number_is_read(value: Cell, number: int) -> None:
    assert read("employees", value) == Parsed(number)


@pytest.mark.parametrize("value", ["约50", "45.5", 45.5, "-3", "五十", True, "50-60"])
def test_what_is_no_whole_number_is_faulty(value: Cell) -> None:
    assert fault("employees", value) == f"第17行 D列：从业人员“{value}”不是整数，请填整数"


@pytest.mark.parametrize("value, ratio", [(0.75, "0.75"), ("75%", "0.75"), ("0.75", "0.75"), ("108.5％", "1.085")])
def test_a_ratio_is_read(value: Cell, ratio: str) -> None:
    assert read("rate", value).value == Decimal(ratio)


# -- industry, choices, contacts --------------------------------------------------------------------
@pytest.mark.parametrize(
    "value", ["6513", 6513, "6513 应用软件开发", "I6513", "I-6513应用软件开发", "应用软件开发（6513）", "６５１３"]
)
def test_an_industry_is_read_by_its_code(value: Cell) -> None:
    assert read("industry", value).value == "6513"


@pytest.mark.parametrize("value", ["应用软件开发", "6513、7452", "65130"])
def test_an_industry_without_one_code_is_left_out_with_a_notice(value: Cell) -> None:
    assert (read("industry", value).value, notices("industry", value)) == (None, ["no_industry_code"])


@pytest.mark.parametrize(
    "key, text, code",
    [
        ("unit_kind", "法人单位", "legal_person"),
        ("unit_kind", "产业活动单位(分公司)", "branch"),
        ("unit_kind", "分公司", "branch"),
        ("unit_kind", "legal_person", "legal_person"),
        ("accounting", "小企业会计准则", "small_enterprise"),
        ("taxpayer_kind", "小规模", "small_scale"),
        ("legal_form", "有限责任公司（自然人独资）", "limited"),
        ("legal_form", "个体户", "sole_trader"),
    ],
)
def test_a_choice_is_read_by_its_label_or_a_common_word(key: str, text: str, code: str) -> None:
    assert read(key, text) == Parsed(code)


def test_an_unknown_choice_names_the_choices() -> None:
    assert fault("taxpayer_kind", "免税") == (
        "第17行 D列：纳税人类型“免税”不在可选项内，请从下拉中选择：一般纳税人、小规模纳税人"
    )


def test_an_unknown_legal_form_is_filed_under_other_with_a_notice() -> None:
    parsed = read("legal_form", "来料加工")
    assert parsed.value == "other"
    assert [notice.sentence() for notice in parsed.notices] == ["组织形式“来料加工”没有对应的选项，已归为“其他”"]


@pytest.mark.parametrize(
    "value, number",
    [
        ("13800138000", "13800138000"),
        (13800138000, "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("0660-3366123", "0660-3366123"),
        ("（0660）3366123", "0660-3366123"),
        ("0660—3366123", "0660-3366123"),
        ("0660-3366123-801", "0660-3366123-801"),
        ("3366123", "3366123"),
        ("400-820-8820", "400-820-8820"),
        ("13800138000/0660-3366123", "13800138000/0660-3366123"),
        ("0660-3381234转801", "0660-3381234-801"),
        ("0660-3381234 分机：801", "0660-3381234-801"),
        ("13800138000 13900139000", "13800138000/13900139000"),
        ("13800138000 0660-3381234", "13800138000/0660-3381234"),
        ("13800138000和13900139000", "13800138000/13900139000"),
        ("13800138000（陈主任）", "13800138000"),
        ("+86-660-3381234", "0660-3381234"),
        ("+86 10 66112233", "010-66112233"),
        ("008613800138000", "13800138000"),
        ("138.0013.8000", "13800138000"),
        ("0660\u20113366123", "0660-3366123"),
    ],
)
def test_a_phone_number_is_read(value: Cell, number: str) -> None:
    assert read("contact_phone", value).value == number


@pytest.mark.parametrize("value", ["138****5678", "138＊＊＊＊5678", "0660-33**123"])
def test_a_masked_number_is_refused(value: str) -> None:
    assert fault("contact_phone", value) == ("第17行 D列：电话是隐去部分内容的，不能导入；请填完整内容，或删去这一列")


def test_a_masked_name_is_refused() -> None:
    assert fault("contact_name", "张*").startswith("第17行 D列：联系人是隐去部分内容的")


@pytest.mark.parametrize("value", ["12345", "1380013800", 6603366123, "同上", "12800138000"])
def test_what_is_no_phone_number_is_faulty(value: Cell) -> None:
    assert fault("contact_phone", value) == "第17行 D列：电话不是电话号码，请填手机号或带区号的座机号"


def test_what_is_said_of_a_contact_repeats_nothing_of_it() -> None:
    """Whoever reads the sentences of an import may not have asked for the contacts."""
    remark = read("contact_phone", "13800138000（陈主任）")
    assert [notice.sentence() for notice in remark.notices] == ["电话中号码旁括号内的文字没有采用"]
    assert [notice.sentence() for notice in read("contact_name", 13912345678).notices] == [
        "联系人是数字格式，已按文本 1* 处理"
    ]


# -- anything at all --------------------------------------------------------------------------------
CELLS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.text(alphabet="0123456789年月日-/.,万元%人民币 美", max_size=15),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
)


@given(st.sampled_from(COLUMNS), CELLS)
def test_no_cell_breaks_the_reading_and_every_sentence_can_be_said(column: object, value: Cell) -> None:
    parsed = parse(column, value)  # type: ignore[arg-type]
    sentences = [notice.sentence() for notice in parsed.notices]
    if parsed.fault is not None:
        assert parsed.value is None
        sentences.append(parsed.fault.sentence())
    assert [sentence for sentence in sentences if re.search(r"%\(\w+\)", sentence.replace(str(value), ""))] == []


@pytest.mark.parametrize("key, value", [
    ("to_month", "⑧"), ("to_month", "²"), ("to_month", "٩"), ("revenue_to_date", "١٢"),
    ("revenue_to_date", "12²"), ("employees", "①"), ("founded_on", "２０１８-⑤-20"),
])  # fmt: skip
def test_a_digit_that_nobody_would_read_so_is_no_digit(key: str, value: str) -> None:
    assert fault(key, value)


def test_full_width_digits_are_plain_ones() -> None:
    assert (read("to_month", "８").value, read("revenue_to_date", "１２．５").value) == (
        MonthGiven(None, 8), Decimal(125000),
    )  # fmt: skip
