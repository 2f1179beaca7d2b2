"""The quarterly book: its sheets agree with its rows, its bytes with its content."""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from registry.quarters.sheets.quarterly import (
    Change,
    ChangeKind,
    CountyGroup,
    QuarterBook,
    RuleNote,
    canonical_digest,
    quarter_label,
    write_quarterly,
)
from registry.quarters.sheets.summaries import by_county, by_industry, by_stage, printed_digest
from registry.sheets.columns import export_columns
from registry.sheets.reader import read_table

Firm = dict[str, Any]
SHEETS = ["名录", "按县区汇总", "按行业汇总", "按阶段汇总", "县区与档次", "季度变动", "本季变化", "说明"]
SECTION_I = "I 信息传输、软件和信息技术服务业"
SECTION_M = "M 科学研究和技术服务业"


@pytest.fixture
def book(firms: list[Firm]) -> QuarterBook:
    yunfan, zhengheng, qingmei = firms
    return QuarterBook(
        quarter="2021Q3",
        as_of=date(2021, 9, 30),
        city="汕尾市",
        groups=(
            CountyGroup("城区", (yunfan,)),
            CountyGroup("海丰县", (zhengheng,)),
            CountyGroup("陆河县", (qingmei,)),
            CountyGroup("华侨管理区", ()),
        ),
        divisions={
            "64": (SECTION_I, "64 互联网和相关服务"),
            "65": (SECTION_I, "65 软件和信息技术服务业"),
            "74": (SECTION_M, "74 专业技术服务业"),
        },
        changes=(
            Change(ChangeKind.ALTERED, "陆河县青梅电子商务有限公司", "91441523MA55T1044F", what="企业名称"),
            Change(ChangeKind.ALTERED, "陆河县青梅电子商务有限公司", "91441523MA55T1044F", what="实际经营地址"),
            Change(
                ChangeKind.ENTERED,
                "汕尾市云帆软件有限公司",
                "91441500MA55T101XF",
                "城区",
                date(2021, 8, 9),
                what="审核通过",
                before="部门核查",
                after="在库培育",
            ),
        ),
        rules=(RuleNote("四上标准", "SVC-2000-I", "年营业收入2000万元及以上", "国统字〔2019〕101号"),),
        scope="2021年9月30日在库培育及以后各阶段的企业，以及本季度的出库、退库企业。",
        compared_with="2021Q2",
    )


def written(book: QuarterBook) -> bytes:
    stream = io.BytesIO()
    write_quarterly(stream, book)
    return stream.getvalue()


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def rows_under(table: list[list[Any]], first_heading: str) -> list[list[Any]]:
    start = next(index for index, row in enumerate(table) if row[0] == first_heading)
    return table[start:]


def test_sheets_stand_in_order_and_each_says_it_is_no_statistics(book: QuarterBook) -> None:
    tables = sheets(written(book))
    assert list(tables) == SHEETS
    assert [table[1][0] for table in tables.values()] == ["培育参考，不作统计上报依据"] * 8
    assert tables["名录"][0][0] == "汕尾市企业培育名录（2021年第三季度）"
    assert tables["本季变化"][0][0] == "汕尾市企业培育名录变化情况（2021年第三季度与2021年第二季度比较）"


def test_directory_runs_by_county_with_subtotals_and_a_total(book: QuarterBook) -> None:
    table = rows_under(sheets(written(book))["名录"], "序号")
    assert [heading.replace("\n", "") for heading in table[0][1:]] == [c.heading_with_unit for c in export_columns()]
    assert [row[:3] for row in table[1:8]] == [
        [1.0, "汕尾市云帆软件有限公司", "91441500MA55T101XF"],
        ["小计（城区，1 家）", "", ""],
        [2.0, "海丰县正衡检测技术有限公司", "91441521MA55T1028W"],
        ["小计（海丰县，1 家）", "", ""],
        [3.0, "陆河县青梅电子商务有限公司", "91441523MA55T1044F"],
        ["小计（陆河县，1 家）", "", ""],
        ["合计（3 家）", "", ""],
    ]
    revenue = 1 + [column.key for column in export_columns()].index("revenue_to_date")
    assert [row[revenue] for row in table[1:8]] == [1500.000007, 1500.000007, 1080.0, 1080.0, "", 0.0, 2580.000007]


def test_county_summary_counts_every_firm_once(book: QuarterBook) -> None:
    table = rows_under(sheets(written(book))["按县区汇总"], "县（市、区）、功能区")
    assert table[0][1:] == [
        "企业数（家）",
        "其中季末在库（家）",
        "在库培育",
        "达标应入",
        "已申报纳统",
        "逐级审核",
        "已入库（四上）",
        "出库",
        "退库",
        "其中有营业收入数据（家）",
        "本年累计营业收入（万元）",
    ]
    assert table[1:6] == [
        ["城区", 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1500.000007],
        ["海丰县", 1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1080.0],
        ["陆河县", 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, "--"],
        ["华侨管理区", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "--"],
        ["合计", 3, 2, 1, 1, 0, 0, 0, 1, 0, 2, 2580.000007],
    ]


def test_zones_stand_under_the_county_that_counts_them(book: QuarterBook, firms: list[Firm]) -> None:
    zone = {**firms[0], "division": "红海湾", "revenue_to_date": None}
    wider = QuarterBook(**{**fields(book), "groups": (CountyGroup("城区", (firms[0], zone)), *book.groups[1:])})
    lines = [(line.label, line.depth, line.firms, line.listed, line.reported) for line in by_county(wider)]
    assert lines[:2] == [("城区", 0, 2, 2, 1), ("红海湾", 1, 1, 1, 0)]
    table = rows_under(sheets(written(wider))["按县区汇总"], "县（市、区）、功能区")
    assert [row[:3] for row in (*table[1:3], table[6])] == [["城区", 2, 2], ["其中：红海湾", 1, 1], ["合计", 4, 3]]


def test_industry_summary_adds_divisions_to_sections_and_keeps_the_unknown(
    book: QuarterBook, firms: list[Firm]
) -> None:
    nameless = {**firms[2], "industry": None}
    wider = QuarterBook(**{**fields(book), "groups": (*book.groups, CountyGroup("陆丰市", (nameless,)))})
    lines = [(line.label, line.depth, line.firms, line.revenue) for line in by_industry(wider)]
    assert lines == [
        (SECTION_I, 0, 2, Decimal("15000000.07")),
        ("64 互联网和相关服务", 1, 1, Decimal(0)),
        ("65 软件和信息技术服务业", 1, 1, Decimal("15000000.07")),
        (SECTION_M, 0, 1, Decimal("10800000.00")),
        ("74 专业技术服务业", 1, 1, Decimal("10800000.00")),
        ("未填行业代码", 0, 1, Decimal(0)),
    ]


def fields(book: QuarterBook) -> dict[str, Any]:
    return {name: getattr(book, name) for name in QuarterBook.__dataclass_fields__}


def test_three_summaries_have_the_same_total_even_with_a_stage_nobody_expected(
    book: QuarterBook, firms: list[Firm]
) -> None:
    odd = {**firms[0], "stage": "proposed"}
    wider = QuarterBook(**{**fields(book), "groups": (*book.groups, CountyGroup("陆丰市", (odd,)))})
    assert sum(line.firms for line in by_county(wider) if line.depth == 0) == 4
    assert sum(line.firms for line in by_stage(wider)) == 4
    assert sum(line.firms for line in by_industry(wider) if line.depth == 0) == 4
    table = rows_under(sheets(written(wider))["按县区汇总"], "县（市、区）、功能区")
    assert table[0][10] == "已提名"
    assert [sum(row[3:11]) for row in table[1:8]] == [row[1] for row in table[1:8]] == [1, 1, 1, 0, 1, 1, 4]


def test_stage_summary_gives_shares(book: QuarterBook) -> None:
    table = rows_under(sheets(written(book))["按阶段汇总"], "阶段")
    assert [row[:2] for row in table[1:9]] == [
        ["在库培育", 1],
        ["达标应入", 1],
        ["已申报纳统", 0],
        ["逐级审核", 0],
        ["已入库（四上）", 0],
        ["出库", 1],
        ["退库", 0],
        ["合计", 3],
    ]
    assert [round(row[2], 4) for row in table[1:9]] == [0.3333, 0.3333, 0, 0, 0, 0.3333, 0, 1]


def test_changes_are_by_firm_and_a_firm_with_two_altered_fields_counts_once(book: QuarterBook) -> None:
    tables = sheets(written(book))
    expected = (
        "本季：新增（入库） 1 家，退出（出库） 0 家，跃迁 0 家，变更 1 家，更正 0 家。按企业逐家比较，不是总数相减。"
    )
    assert tables["本季变化"][2][0] == expected
    table = rows_under(tables["本季变化"], "序号")
    assert [row[1] for row in table[1:4]] == ["新增（入库）", "变更", "变更"]
    assert table[1][2:9] == [
        date(2021, 8, 9),
        "汕尾市云帆软件有限公司",
        "91441500MA55T101XF",
        "城区",
        "审核通过",
        "部门核查",
        "在库培育",
    ]


def test_a_quarter_without_changes_says_so(book: QuarterBook) -> None:
    table = sheets(written(QuarterBook(**{**fields(book), "changes": ()})))["本季变化"]
    assert table[4][0] == "本季没有变化。"


def test_notes_carry_scope_dates_rules_counts_and_the_digest(book: QuarterBook) -> None:
    stream = io.BytesIO()
    digest = write_quarterly(stream, book)
    table = sheets(stream.getvalue())["说明"]
    facts = {row[0]: row[1] for row in table[2:10]}
    assert facts["范围"] == book.scope
    assert facts["数据时点"] == "2021-09-30"
    assert facts["对比时点"] == "2021年第二季度"
    assert (
        facts["行数"]
        == "名录 3 家（城区 1，海丰县 1，陆河县 1，华侨管理区 0），其中季末在库 2 家、本季退出 1 家；本季变化 3 条。"
    )
    assert facts["数据摘要"] == digest
    assert table[-1] == ["四上标准", "SVC-2000-I", "年营业收入2000万元及以上", "国统字〔2019〕101号"]


def test_digest_can_be_computed_by_anyone() -> None:
    row = {
        "name": "海丰县正衡检测技术有限公司",
        "revenue_to_date": Decimal("1.5E+3"),
        "stage_on": date(2021, 9, 18),
        "town": "",
    }
    line = '{"name":"海丰县正衡检测技术有限公司","revenue_to_date":"1500.00","stage_on":"2021-09-18","town":null}'
    assert canonical_digest([row]) == hashlib.sha256(line.encode()).hexdigest()
    assert json.loads(line)["town"] is None


def test_digest_sees_every_fen_and_no_order(book: QuarterBook, firms: list[Firm]) -> None:
    assert canonical_digest(firms) == canonical_digest(firms[::-1])
    changed = {**firms[0], "revenue_to_date": firms[0]["revenue_to_date"] + Decimal("0.01")}
    assert canonical_digest([changed, *firms[1:]]) != canonical_digest(firms)
    same_number = {**firms[0], "rate": Decimal("0.75")}
    assert canonical_digest([same_number, *firms[1:]]) == canonical_digest(firms)


def test_digest_covers_what_is_printed_and_nothing_else(book: QuarterBook, firms: list[Firm]) -> None:
    unprinted = {**firms[0], "contact_phone": "13800138000", "id": 7}
    groups = (CountyGroup("城区", (unprinted,)), *book.groups[1:])
    assert printed_digest(QuarterBook(**{**fields(book), "groups": groups})) == printed_digest(book)
    assert b"13800138000" not in written(QuarterBook(**{**fields(book), "groups": groups}))


def test_quarters_have_chinese_labels() -> None:
    assert [quarter_label(text) for text in ("2021Q1", "2021Q4", "2021", "")] == [
        "2021年第一季度",
        "2021年第四季度",
        "2021",
        "",
    ]


def test_same_book_gives_the_same_bytes_at_another_time(book: QuarterBook, monkeypatch: pytest.MonkeyPatch) -> None:
    first = written(book)
    later = time.time() + 90_000
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    monkeypatch.setattr(time, "time", lambda: later)
    assert written(book) == first


@pytest.fixture(autouse=True)
def zone() -> Iterator[None]:
    yield
    time.tzset()


def test_every_sheet_prints_landscape_with_repeated_heads_and_a_place_to_sign(book: QuarterBook) -> None:
    printed = openpyxl.load_workbook(io.BytesIO(written(book)))
    for sheet in printed.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.oddFooter.left.text == "培育参考，不作统计上报依据"
    assert printed["名录"].page_setup.paperSize == 8
    assert {sheet.page_setup.paperSize for sheet in printed.worksheets[1:]} == {9}
    assert [sheet.print_title_rows for sheet in printed.worksheets] == ["$3:$3"] * 6 + ["$4:$4", None]
    for name in SHEETS[:5]:
        assert printed[name].cell(printed[name].max_row, 1).value == "制表人："


def test_no_text_of_any_field_becomes_a_formula(book: QuarterBook, payloads: tuple[str, ...]) -> None:
    rows = tuple({column.key: payload for column in export_columns()} for payload in payloads)
    changes = tuple(Change(ChangeKind.MOVED, p, p, p, None, p, p, p, p) for p in payloads)
    hostile = QuarterBook(
        quarter=payloads[0],
        as_of=date(2021, 9, 30),
        city=payloads[1],
        groups=(CountyGroup(payloads[2], rows),),
        divisions={payload[:2]: (payload, payload) for payload in payloads},
        changes=changes,
        rules=tuple(RuleNote(p, p, p, p) for p in payloads),
        scope=payloads[3],
        compared_with=payloads[4],
    )
    printed = openpyxl.load_workbook(io.BytesIO(written(hostile)))
    kinds = {cell.data_type for sheet in printed.worksheets for row in sheet.iter_rows() for cell in row}
    assert kinds == {"s", "n"}
    table = rows_under(sheets(written(hostile))["名录"], "序号")
    assert [row[1] for row in table[1 : len(payloads) + 1]] == list(payloads)


def test_our_reader_takes_only_the_firms(book: QuarterBook, tmp_path: Path) -> None:
    source = tmp_path / "quarter.xlsx"
    source.write_bytes(written(book))
    with read_table(source) as found:
        rows = list(found.rows)
    assert found.sheet == "名录"
    assert [row.cells[1] for row in rows] == [row["name"] for row in book.rows()]
    assert [words for _, words in found.skipped] == [
        "小计（城区，1 家）",
        "小计（海丰县，1 家）",
        "小计（陆河县，1 家）",
        "合计（3 家）",
        "制表人：",
    ]


@pytest.mark.office
def test_libreoffice_prints_it(book: QuarterBook, tmp_path: Path, convert: Callable[[Path, str], Path]) -> None:
    source = tmp_path / "quarter.xlsx"
    source.write_bytes(written(book))
    assert convert(source, "pdf").read_bytes()[:5] == b"%PDF-"
