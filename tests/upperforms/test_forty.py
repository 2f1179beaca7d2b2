"""A form of forty columns: of what the registry holds at least nine of ten cells are filled."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.vocabulary import FigureKind, FigureSource
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.people.queries import people
from registry.upperforms.services import filling
from registry.upperforms.services.filling import FillOrder
from tests.lives import listed, moment
from tests.upperforms import made
from tests.upperforms.made import Q3
from tests.world import NOW, TODAY, World

HELD = (
    "序号", "所属地市", "所在县（市、区）", "所属镇街", "企业全称", "社会信用代码", "曾用名称", "企业类型", "单位类型", "成立时间",
    "开业时间", "注册资本（万元）", "注册详细地址", "生产经营地址", "行业门类", "行业大类", "国民经济行业代码", "行业小类名称", "主营产品或服务",
    "执行会计准则", "增值税纳税人资格", "登记状态", "年末从业人员数（人）", "2019年营业收入（万元）", "2020年营业收入（万元）",
    "2021年1-9月营业收入（万元）", "数据截至月份", "2020年1-9月营业收入（万元）", "2021年1-9月增值税申报销售额（元）", "四上标准（万元）", "达标率（%）",
    "行业主管部门", "填报单位", "企业联系人", "联系人手机号码",
)  # fmt: skip
EXACTLY = {
    "序号": 1, "所属地市": "汕尾市", "所在县（市、区）": "海丰县", "所属镇街": "梅陇镇", "企业全称": "海丰县新一软件有限公司",
    "曾用名称": "海丰县第一软件有限公司", "企业类型": "有限责任公司", "注册资本（万元）": 500, "国民经济行业代码": "6513",
    "行业小类名称": "应用软件开发", "行业门类": "I 信息传输、软件和信息技术服务业", "行业大类": "65 软件和信息技术服务业",
    "年末从业人员数（人）": 21, "2019年营业收入（万元）": 800, "2020年营业收入（万元）": 1200, "2021年1-9月营业收入（万元）": 1001.25,
    "2020年1-9月营业收入（万元）": 900.5, "2021年1-9月增值税申报销售额（元）": 10000000.55, "数据截至月份": "2021-09", "四上标准（万元）": 2000,
    "达标率（%）": 50.06, "联系人手机号码": "13800135678", "研发费用（万元）": None, "备注": None,
}  # fmt: skip
NOT_HELD = ("研发费用（万元）", "发明专利数", "实缴税金（万元）", "研发人员占比", "备注")


@pytest.fixture
def city(world: World) -> World:
    """Five firms of which everything is known that may be known."""
    for number in range(1, 6):
        life = listed(
            world, f"海丰县第{'一二三四五'[number - 1]}软件有限公司", number, town="441521101", employees=20 + number, capital=5_000_000,
            legal_form="limited", opened_on=date(2018, 6, 1), taxpayer_kind="general", operating_state="active",
        )  # fmt: skip
        day = date(2021, 10, 8)
        for wan, period in (("800", "2019"), ("900.5", "2020-09"), (f"{1000 + number}.25", "2021-09")):
            life.figure(wan, period, on=day)
        life.rename(f"海丰县新{'一二三四五'[number - 1]}软件有限公司", on=date(2021, 6, 1), effective=date(2021, 6, 1))
        _vat(world, life.firm, day)
    made.closed(world)
    return world


def _vat(world: World, firm: Firm, day: date) -> None:
    paper = world.document(firm, material="M05", month=9)
    recording.record(
        world.actor("haifeng"), firm, Period(2021, 9), Decimal("10000000.55"), kind=FigureKind.VAT_SALES,
        source=FigureSource.VAT_RETURN, document=paper, at=moment(day), on=day,
    )  # fmt: skip


def test_of_forty_columns_nine_of_ten_cells_that_the_registry_holds_are_filled(city: World) -> None:
    heads = (*HELD, *NOT_HELD)
    assert len(heads) == 40
    order = FillOrder(Q3, contacts=True, reason="报省工信厅")
    office = people.user("haifeng").office
    db.session.commit()
    row = filling.bring(
        city.actor("haifeng"), office, [made.content(made.plain(heads, title="2021年服务业企业培育情况汇总表"))],
        filename="汇总表.xlsx", order=order, at=NOW, on=TODAY,
    )  # fmt: skip
    db.session.commit()
    done = filling.take(city.actor("haifeng"), row, on=TODAY)
    filled = {head: done.plan.by_column()[index][0] for index, head in enumerate(heads)}
    empty = [head for head in HELD if filled[head] < 5]
    assert empty == []
    assert sum(filled[head] for head in HELD) >= 0.9 * 5 * len(HELD)
    assert [head for head in NOT_HELD if filled[head]] == []
    sheet = made.read(done.content).active
    first = dict(zip(heads, made.cells(sheet, 3), strict=True))
    assert {head: first[head] for head in EXACTLY} == EXACTLY
