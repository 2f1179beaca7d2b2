"""Forms of the statistical reporting system are refused by what stands on their head, and other forms are not."""

from __future__ import annotations

import pytest
from openpyxl.workbook import Workbook

from registry.base.errors import FileRefused
from registry.base.extensions import setting
from registry.people.queries import people
from registry.upperforms import texts
from registry.upperforms.rules import statistical
from registry.upperforms.services import filling
from registry.upperforms.services.filling import FillOrder
from tests.upperforms import made
from tests.world import NOW, TODAY, World

HEADS = ["统一社会信用代码", "单位详细名称", "行业代码", "营业收入（千元）"]


@pytest.mark.parametrize(
    "text",
    [
        "表　　号：１０１－１表",
        "表号：205-1表",
        "表    号：F 2 0 3 表",
        "F203表",
        "MLK101-1表",
        "J409-4表",
        "制定机关：国家统计局",
        "制定机关： 国 家 统 计 局",
        "批准机关：广东省统计局",
        "文    号：国统字〔2019〕101号",
        "批准文号：国统制〔2021〕115号",
        "规模以上服务业统计报表制度（2020年统计年报和2021年定期统计报表）",
        "一套表调查单位基本情况",
        "统计联网直报平台导出",
        "规模以上服务业财务状况",
        "第四次全国经济普查清查表",
        "国家统计局制定",
        "科技统计年报",
        "表号：粤统表",
    ],
)
def test_a_form_of_the_system_is_known_by_its_head(text: str) -> None:
    assert statistical.named_in(["2021年", text])


@pytest.mark.parametrize(
    "text",
    [
        "2021年专精特新中小企业推荐汇总表",
        "附件1-2：服务业企业培育汇总表",
        "附表3",
        "高新技术企业培育库入库企业汇总表（2021年第三季度）",
        "推荐单位：汕尾市统计局",
        "GB/T 4754-2017",
        "本表不填联网直报数据，只作培育参考",
        "企业表现突出的方面",
        "规上服务业培育库企业情况表",
        "国统一编号",
    ],
)
def test_a_form_of_another_kind_is_not(text: str) -> None:
    assert statistical.named_in([text]) is None


def _system_form() -> Workbook:
    """As it is printed: number and authority at the right above the table, in cells of their own."""
    book = made.plain([])
    sheet = book.active
    for row in (["财务状况"], [None, None, "表    号：", "F203表"], [None, None, "制定机关：", "国家统计局"], HEADS):
        sheet.append(row)
    return book


def _by_heading() -> Workbook:
    return made.plain([*HEADS, "一套表单位标识"], title="服务业企业名单")


def _by_foot() -> Workbook:
    return made.plain(HEADS, ["说明：本表由辖区内法人单位填报，统计范围按规模以上服务业统计报表制度执行。"])


def _by_other_sheet() -> Workbook:
    book = made.plain(HEADS, title="服务业企业名单")
    book.create_sheet("F203表")
    return book


@pytest.mark.parametrize("make", [_system_form, _by_heading, _by_foot, _by_other_sheet])
def test_such_a_form_is_refused_with_a_clear_sentence_and_not_kept(world: World, make: object) -> None:
    office = people.user("haifeng").office
    with pytest.raises(FileRefused) as refused:
        filling.bring(
            world.actor("haifeng"), office, [made.content(make())], filename="表.xlsx", order=FillOrder(), at=NOW, on=TODAY
        )  # type: ignore[operator]  # fmt: skip
    assert refused.value.template == texts.STATISTICAL
    assert "培育参考，不作统计上报依据" in str(refused.value)
    assert list((setting("UPLOADS") / "upper-forms").iterdir()) == []


def test_the_rows_of_firms_are_not_the_head(world: World) -> None:
    """A firm may do what it likes with words."""
    rows = [[None, f"海丰县第{number}统计报表制度咨询有限公司", None, None] for number in range(40)]
    office = people.user("haifeng").office
    book = made.content(made.plain(HEADS, *rows[:0], title="服务业企业名单"))
    assert filling.bring(
        world.actor("haifeng"), office, [book], filename="表.xlsx", order=FillOrder(), at=NOW, on=TODAY
    ).fingerprint  # fmt: skip
