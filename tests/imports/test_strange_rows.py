"""Rows as lists hold them: totals of a county, list numbers and remarks in names, 同上, a list that lies on its side."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from registry.base.errors import FileRefused
from registry.imports.models import ImportBatch
from tests.uploads import listed, rows, uploaded
from tests.world import World, credit_code

HEADINGS = ("企业名称", "统一社会信用代码", "所属县区", "上年营业收入(万元)")
FIRM = "汕尾市甲山软件有限公司"


def passed(batch: ImportBatch) -> list[str]:
    return [row["text"] for row in batch.reading["passed"]]


def noticed(batch: ImportBatch) -> list[list[str]]:
    return [[notice["code"] for notice in row.notices] for row in rows(batch)]


def sent(folder: Path, *given: tuple[object, ...], headings: tuple[str, ...] = HEADINGS) -> ImportBatch:
    return uploaded(folder, listed(given, headings), by="cityoffice")


def test_the_total_of_a_county_is_no_firm(world: World, tmp_path: Path) -> None:
    batch = sent(
        tmp_path,
        (FIRM, credit_code(1), "海丰县", 1200),
        ("海丰县小计", "", "", 1200),
        ("汕尾市小计科技有限公司", credit_code(2), "陆丰市", 900),
        ("陆丰市合计（1家）", "", "", 900),
        ("全市总计：", "", "", 2100),
    )
    assert [row.name for row in rows(batch)] == [FIRM, "汕尾市小计科技有限公司"]
    assert passed(batch) == ["海丰县小计", "陆丰市合计（1家）", "全市总计："]


@pytest.mark.parametrize(
    "typed,name,notices,former",
    [
        ("1、" + FIRM, FIRM, ["name_marks"], []),
        ("（12）" + FIRM, FIRM, ["name_marks"], []),
        ("*" + FIRM, FIRM, ["name_marks"], []),
        (FIRM + " ★", FIRM, ["name_marks"], []),
        (FIRM + "（已注销）", FIRM, ["name_remarks", "state_gone"], []),
        (FIRM + "（新增）", FIRM, ["name_remarks"], []),
        (FIRM + "（原：汕尾市旧名软件有限公司）", FIRM, ["name_remarks"], ["汕尾市旧名软件有限公司"]),
        ("汕尾市甲山软件（广东）有限公司", "汕尾市甲山软件（广东）有限公司", [], []),
        ("汕尾市甲山企业管理中心（有限合伙）", "汕尾市甲山企业管理中心（有限合伙）", [], []),
        ("58同城（汕尾）信息技术有限公司", "58同城（汕尾）信息技术有限公司", [], []),
    ],
)
def test_what_a_list_adds_to_a_name_is_no_part_of_it(
    world: World, tmp_path: Path, typed: str, name: str, notices: list[str], former: list[str]
) -> None:
    batch = sent(tmp_path, (typed, credit_code(1), "海丰县", 1200))
    (row,) = rows(batch)
    assert (row.name, noticed(batch), row.values.get("former") or []) == (name, [notices], former)


def test_the_same_as_above_is_what_stands_above(world: World, tmp_path: Path) -> None:
    batch = sent(
        tmp_path,
        (FIRM, credit_code(1), "海丰县", 1200),
        ("汕尾市乙水软件有限公司", credit_code(2), "同上", 900),
        ("汕尾市丙云软件有限公司", credit_code(3), "〃", "同上"),
    )
    found = rows(batch)
    assert [row.values["fields"]["division"] for row in found[:2]] == ["441521", "441521"]
    assert noticed(batch)[:2] == [[], ["same_as_above"]]
    assert found[1].notices[0]["values"]["row"] == 2
    # an amount is one firm's own, and 同上 is none
    assert [fault["field"] for fault in found[2].faults] == ["revenue_last_year"]


def test_two_places_with_brackets_between_are_a_doubt_and_a_place_in_its_county_is_none(
    world: World, tmp_path: Path
) -> None:
    batch = sent(
        tmp_path,
        (FIRM, credit_code(1), "海丰县（高新区）", 1200),
        ("汕尾市乙水软件有限公司", credit_code(2), "陆丰市（华侨管理区）", 900),
        ("汕尾市丙云软件有限公司", credit_code(3), "红草镇（高新区）", 800),
    )
    assert ["division_several" in codes for codes in noticed(batch)] == [True, False, False]


def test_a_list_on_its_side_is_refused_as_one(world: World, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="登记卡式的表"):
        sent(
            tmp_path,
            ("企业名称", FIRM, "汕尾市乙水软件有限公司"),
            ("统一社会信用代码", credit_code(1), credit_code(2)),
            ("上年营业收入(万元)", 1200, 900),
            headings=("序号", "1", "2"),
        )


@pytest.mark.parametrize(
    "typed", [f"{FIRM} {credit_code(1)}", f"{FIRM}（{credit_code(1)}）", f"1. {FIRM}，{credit_code(1)}"]
)
def test_a_code_in_the_cell_of_the_name_is_read_out_of_it_and_asked_about(
    world: World, tmp_path: Path, typed: str
) -> None:
    (row,) = rows(sent(tmp_path, (typed,), headings=("企业名称",)))
    assert (row.name, row.credit_code) == (FIRM, credit_code(1))
    assert [notice["code"] for notice in row.notices] == ["name_remarks"]


@pytest.mark.parametrize("month", ["九月", "9月底", "9月份", "2021年九月末", "二〇二一年九月"])
def test_a_month_in_words_is_read(world: World, tmp_path: Path, month: str) -> None:
    headings = ("企业名称", "统一社会信用代码", "本年累计营业收入(万元)", "截至月份")
    (row,) = rows(sent(tmp_path, (FIRM, credit_code(1), 900, month), headings=headings))
    assert [figure[2:4] for figure in row.values["figures"]] == [[2021, 9]]


def test_a_date_in_words_is_read(world: World, tmp_path: Path) -> None:
    headings = ("企业名称", "统一社会信用代码", "成立日期")
    days = (
        "二〇一九年九月三十日",
        "二○一九年十二月十一日",
        "2019年十月一日",
        "二零二零年二月二十九日",
        "二〇一九年二月三十日",
    )
    batch = sent(
        tmp_path,
        *((f"汕尾市甲山{n}软件有限公司", credit_code(n), day) for n, day in enumerate(days, 1)),
        headings=headings,
    )
    found = [row.values["fields"].get("founded_on") for row in rows(batch)]
    assert found == ["2019-09-30", "2019-12-11", "2019-10-01", "2020-02-29", None]


def test_a_column_that_the_sheet_hides_is_read_and_said(world: World, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADINGS, (FIRM, credit_code(1), "海丰县", 1200)):
        sheet.append(row)
    sheet.column_dimensions["D"].hidden = True
    book.save(tmp_path / "list.xlsx")
    batch = uploaded(tmp_path, (tmp_path / "list.xlsx").read_bytes(), by="cityoffice", name="list.xlsx")
    assert batch.reading["sheets"][0]["hidden_columns"] == ["D"]
