"""A form of an upper level is filled from our rows, in the very file, and nothing that we do not hold is written."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from sqlalchemy import select

from registry.base.errors import FieldError, FileRefused, NotAllowed, ReasonNeeded
from registry.base.extensions import db, setting
from registry.base.periods import Period
from registry.base.vocabulary import FigureSource
from registry.figures.services import recording
from registry.people.queries import people
from registry.trail.models import TrailEntry
from registry.upperforms import texts
from registry.upperforms.models import UpperForm
from registry.upperforms.services import filling
from registry.upperforms.services.filling import FilledForm, FillOrder, PlannedForm
from tests.lives import listed
from tests.upperforms import made
from tests.upperforms.made import KETANG, MEILONG, Q3, YUNGU, cells, read
from tests.world import NOW, TODAY, World, credit_code

FROZEN = FillOrder(Q3)
FOUNDED = datetime(2018, 5, 20)


@pytest.fixture
def frozen(world: World) -> World:
    made.lives(world)
    made.closed(world)
    return world


def brought(
    world: World, book: Workbook, order: FillOrder = FROZEN, *, by: str = "haifeng", name: str = "推荐汇总表.xlsx"
) -> UpperForm:
    db.session.commit()
    office = people.user(by).office
    row = filling.bring(world.actor(by), office, [made.content(book)], filename=name, order=order, at=NOW, on=TODAY)
    db.session.commit()
    return row


def planned(world: World, book: Workbook, order: FillOrder = FROZEN, *, by: str = "haifeng") -> PlannedForm:
    return filling.plan_of(world.actor(by), brought(world, book, order, by=by), TODAY)


def filled(
    world: World, book: Workbook, order: FillOrder = FROZEN, *, by: str = "haifeng"
) -> tuple[Workbook, FilledForm]:
    row = brought(world, book, order, by=by)
    done = filling.take(world.actor(by), row, on=TODAY)
    return read(done.content), done


def why(found: Any) -> list[tuple[str, str, str]]:
    return [(one.place, one.heading, one.why) for one in found.left]


def same_but(sent: Workbook, back: Workbook, changed: set[tuple[str, str]]) -> list[str]:
    """Cells that differ in value or look, other than those that were filled."""
    found = []
    for sheet in sent.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                other = back[sheet.title][cell.coordinate]
                looks = [repr((one.font, one.border, one.alignment, one.number_format)) for one in (cell, other)]
                is_other = cell.value != other.value or looks[0] != looks[1]
                if (sheet.title, cell.coordinate) not in changed and is_other:
                    found.append(f"{sheet.title}!{cell.coordinate}")
    return found


def notes(book: Workbook) -> dict[str, str]:
    return {row[0].value: row[1].value for row in book["说明"].iter_rows()}


def test_a_form_of_the_province_comes_back_filled_and_otherwise_as_it_was(frozen: World) -> None:
    sent = made.province()
    book, done = filled(frozen, sent)
    sheet = book["汇总表"]
    assert cells(sheet, 6) == [1, YUNGU, credit_code(1), "海丰县", FOUNDED, 1200, 1234.5678, 37, None, None]
    assert cells(sheet, 7) == [2, MEILONG, credit_code(2), "海丰县", FOUNDED, 1001.2345, 2600, 30, None, None]
    assert (sheet["E6"].number_format, sheet["E7"].number_format) == ("yyyy/m/d", "yyyy-mm-dd")
    own = {("汇总表", f"{letter}{row}") for letter in "BCDEFGH" for row in (6, 7)}
    assert same_but(read(made.content(sent)), book, own) == []
    assert {str(one) for one in sheet.merged_cells.ranges} == {str(one) for one in sent["汇总表"].merged_cells.ranges}
    assert (sheet.column_dimensions["B"].width, sheet.row_dimensions[7].height, sheet.print_area) == (
        41, 33, "'汇总表'!$A$1:$J$9",
    )  # fmt: skip
    (counties,) = sheet.data_validations.dataValidation
    assert (str(counties.sqref), counties.formula1) == ("D6:D7", '"城区,海丰县,陆丰市,陆河县"')
    assert book.sheetnames == ["汇总表", "填报说明", "说明"]
    assert done.plan.counts == {"firms": 2, "cells": 14, "left": 2, "named": 0}


def test_the_sheet_of_notes_says_of_what_day_by_whom_what_is_filled_and_what_not(frozen: World) -> None:
    book, _ = filled(frozen, made.province())
    told = notes(book)
    assert book["说明"]["B1"].value == "培育参考，不作统计上报依据"
    assert (told["数据来源"], told["回填"], told["已填"]) == (
        "2021Q3 冻结的季度名录（截至 2021-09-30），本单位范围内", "2021-10-15，海丰县人民政府 陈晓", "2 家企业，14 格",
    )  # fmt: skip
    assert told["F 列 营业收入 2020年"] == "填“上年营业收入”，单位万元：2 格"
    assert told["I 列 主导产品市场占有率"] == "整列未填：名录库没有这一栏，或表头不认识"
    assert told["其他工作表"] == "填报说明：未动"
    assert told["未能保留"] == "公式已算出的结果（打开时重新计算）"


def test_more_firms_than_rows_push_down_what_stands_below_with_all_that_belongs_to_it(frozen: World) -> None:
    sent = made.province()
    book, done = filled(frozen, sent, by="cityoffice")
    sheet = book["汇总表"]
    assert [cells(sheet, row)[:4] for row in (6, 7, 8)] == [
        [1, YUNGU, credit_code(1), "海丰县"], [2, MEILONG, credit_code(2), "海丰县"], [3, KETANG, credit_code(3), "陆丰市"],
    ]  # fmt: skip
    assert done.plan.room == (8, 1)
    assert (sheet["A9"].value, sheet["F9"].value, sheet["A10"].value) == (
        "合计", "=SUM(F6:F8)", sent["汇总表"]["A9"].value,
    )  # fmt: skip
    assert ("A10:J10" in sheet.merged_cells, "A9:J9" in sheet.merged_cells) == (True, False)
    assert (sheet.print_area, str(sheet.data_validations.dataValidation[0].sqref)) == ("'汇总表'!$A$1:$J$10", "D6:D8")
    assert (sheet["B8"].font.name, sheet["B8"].border.left.style, sheet.row_dimensions[8].height) == (
        "仿宋",
        "thin",
        33,
    )
    assert "在第 8 行前插入 1 行" in notes(book)["填法"]


def test_a_county_fills_in_its_own_firms_and_no_others(frozen: World) -> None:
    for by, names in (("haifeng", [YUNGU, MEILONG]), ("lufeng", [KETANG]), ("chengqu", [])):
        plan = planned(frozen, made.plain(["企业名称", "统一社会信用代码"]), by=by).plan
        assert [cell.value for cell in plan.cells if cell.key == "name"] == names


# -- rows that the form names itself -----------------------------------------------------------------
HEADS = ("序号", "企业名称", "统一社会信用代码", "上年营业收入（万元）", "主营业务")


def test_rows_that_are_given_are_filled_by_code_or_by_a_name_that_is_certain_and_nothing_is_overwritten(
    frozen: World,
) -> None:
    sent = made.plain(
        HEADS,
        (1, MEILONG, None, None, "检测"),
        (2, "海丰縣雲谷軟件有限公司", credit_code(1), 9, None),
        (3, "海丰县不存在有限公司", None, None, None),
        (4, KETANG, credit_code(3), None, None),
        (5, YUNGU, credit_code(99), None, None),
        (6, "海丰县别的名字有限公司", credit_code(2), None, None),
        (7, MEILONG, None, None, None),
        ("合计", None, None, None, None),
        title="2021年重点企业名单",
    )  # fmt: skip
    book, done = filled(frozen, sent)
    sheet = book.active
    assert cells(sheet, 3) == [1, MEILONG, credit_code(2), 1001.2345, "检测"]
    assert cells(sheet, 4) == [2, "海丰縣雲谷軟件有限公司", credit_code(1), 9, "应用软件开发"]
    assert [cells(sheet, row)[2:] for row in (5, 6, 7, 8, 9, 10)] == [
        [None] * 3, [credit_code(3), None, None], [credit_code(99), None, None], [credit_code(2), None, None], [None] * 3,
        [None] * 3,
    ]  # fmt: skip
    assert [(one.place, one.why) for one in done.plan.left if one.index is None] == [
        ("5", "row_unknown"), ("6", "row_unknown"), ("7", "row_code"), ("8", "row_name"), ("9", "row_twice"),
    ]  # fmt: skip
    assert {(one.place, one.why) for one in done.plan.left if one.index is not None} == {
        ("E3", "occupied"), ("B4", "occupied"), ("D4", "occupied"),
    }  # fmt: skip
    assert "9 " not in notes(book)["已填"]


def test_firms_below_a_subtotal_are_filled_too_and_those_of_another_table_are_listed(frozen: World) -> None:
    sent = made.plain(
        HEADS,
        (1, MEILONG, None, None, None),
        ("小计", None, None, None, None),
        (None, "海丰县张三个体户", None, None, None),
        (2, YUNGU, None, None, None),
        HEADS,
        (1, KETANG, None, None, None),
        title="2021年重点企业名单",
    )
    book, done = filled(frozen, sent)
    assert [cells(book.active, row)[2] for row in (3, 6)] == [credit_code(2), credit_code(1)]
    assert cells(book.active, 8)[2:] == [None] * 3
    assert [(one.place, one.why) for one in done.plan.left if one.index is None] == [
        ("8", "row_beyond"),
        ("5", "row_unknown"),
    ]


def test_two_firms_of_one_name_are_nobody_s_without_a_code(world: World) -> None:
    for number in (1, 2):
        world.admitted("海丰县双胞胎软件有限公司", wan="1500", credit_code=credit_code(700 + number))
    plan = planned(world, made.plain(HEADS, (1, "海丰县双胞胎软件有限公司", None, None, None)), FillOrder()).plan
    assert ([(one.place, one.why) for one in plan.left], plan.cells) == ([("2", "row_several")], [])


def test_rows_that_explain_number_the_columns_or_show_an_example_are_no_firms(frozen: World) -> None:
    sent = made.plain(
        HEADS, ("甲", "按营业执照填写", "18位", "上年全年", "1-3项"), ("例", "汕尾市XX有限公司", "91441500XXXXXXXXXX", 1200, "软件"),
    )  # fmt: skip
    sheet = filled(frozen, sent)[0].active
    assert [cells(sheet, row)[:2] for row in (2, 3, 4, 5)] == [
        ["甲", "按营业执照填写"], ["例", "汕尾市XX有限公司"], [1, YUNGU], [2, MEILONG],
    ]  # fmt: skip


# -- amounts and periods -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "heading, unit, said",
    [
        ("上年营业收入（元）", "", 10_012_345),
        ("上年营业收入（千元）", "", 10_012.345),
        ("上年营业收入(万元)", "", 1_001.2345),
        ("上年营业收入（亿元）", "", 0.10012345),
        ("2020年营业收入", "单位：千元", 10_012.345),
        ("2020年营业收入", "金额单位：人民币万元", 1_001.2345),
        ("上年营业收入（元）", "单位：万元", 10_012_345),
    ],
)
def test_amounts_are_converted_exactly_into_the_unit_that_the_form_names(
    frozen: World, heading: str, unit: str, said: float
) -> None:
    sent = made.plain(["企业名称", heading], (MEILONG, None), title="重点企业汇总表", unit=unit)
    plan = planned(frozen, sent).plan
    assert [(cell.kind, cell.value) for cell in plan.cells] == [("number", said)]


def test_an_amount_without_a_unit_is_not_filled_until_somebody_says_it(frozen: World) -> None:
    sent = made.plain(["企业名称", "2020年营业收入", "注册资本"], (YUNGU, None, None))
    plan = planned(frozen, sent).plan
    assert (plan.cells, why(plan)) == ([], [("B", "2020年营业收入", "no_unit"), ("C", "注册资本", "no_unit")])
    plan = planned(frozen, sent, FillOrder(Q3, "千元")).plan
    assert [cell.value for cell in plan.cells] == [12_000, 5_000]
    assert all(column.assumed for column in plan.form.columns[1:])


def test_a_figure_of_another_period_than_the_heading_names_is_none(frozen: World) -> None:
    heads = [
        "企业名称",
        "2021年1-9月营业收入（万元）",
        "2021年1-6月营业收入（万元）",
        "2021年9月营业收入（万元）",
        "2019年营业收入（万元）",
        "2020年营业收入（万元）",
        "营业收入增长率（%）",
    ]
    plan = planned(frozen, made.plain(heads, (YUNGU, *[None] * 6))).plan
    assert [(cell.index, cell.value) for cell in plan.cells] == [(1, 1234.5678), (5, 1200)]
    assert why(plan) == [
        ("D", heads[3], "month"), ("G", heads[6], "unknown"), ("C2", heads[2], "other_month"), ("E2", heads[4], "empty"),
    ]  # fmt: skip


def test_an_earlier_year_that_is_on_record_and_proven_is_filled_too(world: World) -> None:
    made.lives(world)[YUNGU].figure("888", "2019", on=date(2021, 5, 20)).figure("500", "2021-06", on=date(2021, 7, 1))
    made.closed(world)
    heads = ["企业名称", "2019年营业收入（万元）", "2021年上半年营业收入（万元）"]
    plan = planned(world, made.plain(heads, (YUNGU, None, None))).plan
    assert [(cell.key, cell.value) for cell in plan.cells] == [("figure", 888), ("revenue_to_date", 500)]
    assert [plan.from_record(column) for column in plan.form.columns] == [False, True, True]


def test_a_closed_quarter_hands_on_no_figure_that_came_after_it(frozen: World) -> None:
    sent = made.plain(["企业名称", "2021年1-9月营业收入（万元）", "2020年营业收入（万元）"], (YUNGU, None, None))
    plan = planned(frozen, sent, FillOrder(Q3.previous)).plan
    assert ([cell.value for cell in plan.cells], why(plan)) == (
        [1200],
        [("B2", "2021年1-9月营业收入（万元）", "later")],
    )


def test_a_figure_that_no_paper_proves_is_not_handed_on_and_one_in_doubt_is_said(world: World) -> None:
    firm = listed(world, YUNGU, 1).firm
    recording.record(
        world.actor("haifeng"), firm, Period(2021, 9), Decimal("20000000"), source=FigureSource.WORKBOOK, document=None,
        at=NOW, on=TODAY,
    )  # fmt: skip
    heads = ["企业名称", "本年累计营业收入（万元）", "截至月份"]
    plan = planned(world, made.plain(heads, (YUNGU, None, None)), FillOrder()).plan
    assert ([(cell.key) for cell in plan.cells], [(one.place, one.why) for one in plan.left]) == (
        ["to_month"], [("B2", "unproven")],
    )  # fmt: skip


def test_a_figure_in_doubt_is_filled_and_said(world: World) -> None:
    firm = made.lives(world)[YUNGU].firm
    paper = world.document(firm, month=9)
    recording.record(
        world.actor("haifeng"), firm, Period(2021, 9), Decimal("90000000000"), source=FigureSource.INCOME_STATEMENT,
        document=paper, at=NOW, on=TODAY, reason="更正", assurance="已核对原件",
        doubts={Period(2021, 9): [{"cause": "jump", "values": {}}]},
    )  # fmt: skip
    sent = made.plain(["企业名称", "本年累计营业收入（亿元）"], (YUNGU, None))
    book, done = filled(world, sent, FillOrder())
    assert ([cell.value for cell in done.plan.cells], [one.place for one in done.plan.doubted]) == ([900], ["B2"])
    assert notes(book)["B2 本年累计营业收入（亿元）"] == f"{YUNGU}：存疑，已填，请核实"


# -- what the form itself does not take --------------------------------------------------------------
def test_a_word_that_the_list_of_a_cell_does_not_offer_is_not_written(frozen: World) -> None:
    sent = made.plain(["企业名称", "所属县区", "企业类型"], (YUNGU, None, None), (MEILONG, None, None))
    rule = DataValidation(type="list", formula1="名单!$A$1:$A$2")
    rule.add("B2:B3")
    sent.active.add_data_validation(rule)
    lists = sent.create_sheet("名单")
    lists.append(["海丰"])
    lists.append(["陆丰"])
    plan = planned(frozen, sent).plan
    assert [(one.place, one.why, dict(one.values)) for one in plan.left if one.why == "not_offered"] == [
        ("B2", "not_offered", {"text": "海丰县"}), ("B3", "not_offered", {"text": "海丰县"}),
    ]  # fmt: skip


def test_a_text_that_begins_like_a_formula_stays_a_text(world: World) -> None:
    world.admitted(activity='=HYPERLINK("http://example.org")', wan="1500")
    book, _ = filled(world, made.plain(["企业名称", "统一社会信用代码", "主营业务"]), FillOrder())
    cell = book.active["C2"]
    assert (cell.value, cell.data_type, book.active["B2"].data_type) == ('=HYPERLINK("http://example.org")', "s", "s")


def test_persons_to_be_called_are_filled_only_where_they_are_asked_for_with_a_reason(frozen: World) -> None:
    heads = ["企业名称", "联系人", "联系电话"]
    plan = planned(frozen, made.plain(heads, (YUNGU, None, None))).plan
    assert (plan.cells, [one.why for one in plan.left]) == ([], ["contacts", "contacts"])
    with pytest.raises(ReasonNeeded):
        brought(frozen, made.plain(heads), FillOrder(Q3, contacts=True))
    order = FillOrder(Q3, contacts=True, reason="报省工信厅推荐汇总表")
    book, _ = filled(frozen, made.plain(heads, (YUNGU, None, None)), order)
    assert cells(book.active, 2) == [YUNGU, "陈小明", "13800135678"]


def test_what_a_quarter_does_not_hold_is_said_as_it_stands_now(frozen: World) -> None:
    book, _ = filled(
        frozen, made.plain(["企业名称", "注册资本（万元）", "企业类型", "执行会计制度"], (YUNGU, *[None] * 3))
    )
    assert cells(book.active, 2) == [YUNGU, 500, "有限责任公司", "企业会计准则"]
    assert notes(book)["B 列 注册资本（万元）"] == "填“注册资本”，单位万元：1 格（冻结名录不含此栏，取现状）"


def test_a_quarter_that_is_not_closed_is_refused_and_the_ledger_says_that_it_will_change(world: World) -> None:
    made.lives(world)
    with pytest.raises(FieldError) as refused:
        brought(world, made.plain(["企业名称"]), FROZEN)
    assert refused.value.template == texts.NOT_CLOSED
    book, _ = filled(world, made.plain(["企业名称", "统一社会信用代码"]), FillOrder())
    assert notes(book)["数据来源"] == "名录库现状（2021-10-15），未冻结，以后会变；本单位范围内"


def test_the_trail_says_who_took_which_form_from_which_quarter(frozen: World) -> None:
    row = brought(frozen, made.province())
    done = filling.take(frozen.actor("haifeng"), row, on=TODAY)
    filling.record(frozen.actor("haifeng"), row, done, at=NOW)
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "fill_form")).one()
    after = entry.after or {}
    assert (after["quarter"], after["firms"], after["cells"], after["sha256"], entry.source) == (
        "2021Q3", 2, 14, done.digest, "推荐汇总表.xlsx",
    )  # fmt: skip


def test_who_only_reads_fills_nothing(frozen: World) -> None:
    for by in ("leader", "auditor", "statistics", "finance"):
        with pytest.raises(NotAllowed):
            brought(frozen, made.plain(["企业名称"]), by=by)


def test_what_the_library_would_lose_is_said_before(frozen: World) -> None:
    content = made.content(made.province())
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(changed := io.BytesIO(), "w") as again:
        for name in book.namelist():
            again.writestr(name, book.read(name))
        again.writestr("xl/drawings/drawing9.xml", '<a xmlns:xdr="x"><xdr:sp macro=""/></a>')
        again.writestr("xl/embeddings/oleObject1.bin", b"x")
    office = people.user("haifeng").office
    row = filling.bring(
        frozen.actor("haifeng"), office, [changed.getvalue()], filename="表.xlsx", order=FROZEN, at=NOW, on=TODAY
    )  # fmt: skip
    assert filling.plan_of(frozen.actor("haifeng"), row, TODAY).book.lost == ("shapes", "embedded", "results")


@pytest.mark.parametrize(
    "content, name", [(b"a,b\n1,2\n", "表.xlsx"), (b"PK", "表.xlsx"), (b"x", "表.xlsm"), (b"x", "表.xls")]
)
def test_what_is_no_sound_workbook_is_refused_and_not_kept(frozen: World, content: bytes, name: str) -> None:
    office = people.user("haifeng").office
    with pytest.raises(FileRefused):
        filling.bring(frozen.actor("haifeng"), office, [content], filename=name, order=FROZEN, at=NOW, on=TODAY)
    assert list((setting("UPLOADS") / "upper-forms").iterdir()) == []
