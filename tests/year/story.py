"""The raw inputs of the year 2021: who did what with which firm on which day, and what stood on its papers.

Two read this list and nothing of each other: `play`, which does it all through the pages, and `reckoning`, which
says with its own arithmetic what every export has to print.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.world import credit_code

WAN = 10_000


@dataclass(frozen=True)
class Firm:
    """A firm as its licence has it; `line` is its four-above line in 万元, typed here from the standard.

    `meant` is what its industry code means, where the two editions of the classification differ about it.
    """

    key: str
    name: str
    number: int
    clerk: str
    office: str
    county: str
    place: str
    industry: str
    label: str
    bureau: str
    officer: str
    line: int
    division: str = ""
    opened: str = ""
    activity: str = "信息技术服务"
    meant: str = ""

    @property
    def code(self) -> str:
        return credit_code(self.number)

    @property
    def shown_division(self) -> str:
        return self.division or self.county

    def fields(self) -> dict[str, Any]:
        """What the clerk copies into the form."""
        return {
            "注册地址": self.place,
            "实际经营地址": self.place,
            "行业代码": self.industry,
            "单位类型": "法人单位",
            "主营业务": self.activity,
            "成立日期": self.opened or "2018-05-20",
            "执行会计制度": "企业会计准则",
            "纳税人类型": "一般纳税人",
            "联系人": "陈小明",
            "电话": "13800135678",
        }


SOFTWARE = ("6513", "6513 应用软件开发", "市工信局", "industry", 2000)

FIRMS = {
    firm.key: firm
    for firm in (
        Firm("yungu", "海丰县云谷软件有限公司", 1, "haifeng", "海丰县", "海丰县", "海丰县海城镇人民路1号", *SOFTWARE),
        Firm("qingfan", "海丰县青帆软件有限公司", 2, "haifeng", "海丰县", "海丰县", "海丰县公平镇新街2号", *SOFTWARE),
        Firm(
            "jiance", "汕尾市城区正衡检测有限公司", 3, "chengqu", "城区", "城区", "汕尾市城区香洲街道香城路3号",
            "7452", "7452 检测服务", "市市场监管局", "market", 1000, activity="产品检验检测",
        ),
        Firm(
            "jiazi", "陆丰市甲子数据服务有限公司", 4, "lufeng", "陆丰市", "陆丰市", "陆丰市甲子镇海滨路4号",
            "6450", "6450 互联网数据服务", "市工信局", "industry", 2000,
        ),
        Firm(
            "zhichan", "汕尾高新区明理知识产权有限公司", 5, "gaoxin", "高新区", "城区", "汕尾市城区红草镇科技路5号",
            "7520", "7520 知识产权服务", "市市场监管局", "market", 1000, "高新区", "2020-11-03", "专利代理",
            "按2017版：7520 知识产权服务",
        ),
        Firm(
            "qingmei", "陆河县青梅电子商务有限公司", 6, "luhe", "陆河县", "陆河县", "陆河县河田镇朝阳路6号",
            "6432", "6432 互联网生活服务平台", "市工信局", "industry", 2000,
        ),
        Firm("ketang", "海丰县可塘网络有限公司", 7, "haifeng", "海丰县", "海丰县", "海丰县可塘镇兴业路7号", *SOFTWARE),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One thing somebody does: `what` is a method of `play.Play`, `given` its arguments."""

    on: date
    what: str
    firm: str
    given: dict[str, Any] = field(default_factory=dict)


def _day(month: int, day: int, year: int = 2021) -> date:
    return date(year, month, day)


def _figure(on: date, firm: str, month: int, wan: str, *, year: int = 2021, **more: Any) -> Act:
    return Act(on, "figure", firm, {"period": (year, month), "wan": wan, **more})


def _vat(on: date, firm: str, month: int, wan: str) -> Act:
    return _figure(on, firm, month, wan, kind="增值税销售额", source="增值税纳税申报表")


EVERYBODY = ("haifeng", "chengqu", "lufeng", "luhe", "gaoxin", "industry", "market", "science")


def _certified(on: date, quarter: str, *, but: tuple[str, ...] = ()) -> tuple[Act, ...]:
    """Whoever has firms in the quarter certifies them, clerks and officers."""
    return tuple(Act(on, "certify", "", {"quarter": quarter, "by": who}) for who in EVERYBODY if who not in but)


ACTS: tuple[Act, ...] = (
    # -- what the notices of the year announce -----------------------------------------------------
    *(
        Act(_day(1, 4), "window", "", {"door": door, "batch": batch, "opens": opens, "closes": closes, "month": month})
        for door, batch, opens, closes, month in (
            ("月度（新开业）", "3月批次", _day(3, 26), _day(4, 25), 3),
            ("年度第一批", "第一批", _day(10, 1), _day(11, 1), 9),
            ("年度第二批", "第二批", _day(12, 1), _day(12, 16), 11),
        )
    ),
    # -- first quarter: names, last year's figures, the first nominations --------------------------
    Act(_day(1, 11), "name", "yungu"),
    _figure(_day(1, 11), "yungu", 0, "1500", year=2020),
    Act(_day(1, 12), "submit", "yungu"),
    Act(_day(1, 13), "take_up", "yungu"),
    Act(_day(1, 14), "send_back", "yungu", {"reason": "R02", "cells": {"主营业务": "写清收入最多的一项"}}),
    Act(_day(1, 18), "mend", "yungu", {"主营业务": "应用软件开发和维护"}),
    Act(_day(1, 18), "submit", "yungu"),
    Act(_day(1, 19), "take_up", "yungu"),
    Act(_day(1, 20), "admit", "yungu"),
    *(
        act
        for key, last in (("qingfan", "1600"), ("jiance", "1100.50"), ("jiazi", "1300"), ("qingmei", "1050"))
        for act in (
            Act(_day(2, 1), "name", key),
            _figure(_day(2, 1), key, 0, last, year=2020),
            Act(_day(2, 2), "submit", key),
            Act(_day(2, 3), "take_up", key),
            Act(_day(2, 4), "admit", key),
        )
    ),
    Act(_day(3, 1), "name", "ketang"),
    _figure(_day(3, 1), "ketang", 0, "1010", year=2020),
    Act(_day(3, 2), "submit", "ketang"),
    Act(_day(3, 3), "take_up", "ketang"),
    Act(_day(3, 4), "reject", "ketang", {"reason": "R14", "opinion": "现场核查不符"}),
    _figure(_day(4, 8), "yungu", 3, "420"),
    _figure(_day(4, 8), "qingfan", 3, "300.33"),
    _figure(_day(4, 8), "jiance", 3, "260"),
    _figure(_day(4, 8), "jiazi", 3, "200"),
    _figure(_day(4, 8), "qingmei", 3, "190"),
    *_certified(_day(4, 12), "2021Q1"),
    Act(_day(4, 12), "close", "", {"quarter": "2021Q1"}),
    # -- second quarter: a new firm by the monthly door, a firm two counties want ------------------
    Act(_day(4, 13), "name", "zhichan"),
    _figure(_day(4, 13), "zhichan", 3, "1050"),
    Act(_day(4, 13), "submit", "zhichan"),
    Act(_day(4, 14), "take_up", "zhichan"),
    Act(_day(4, 14), "admit", "zhichan"),
    _vat(_day(4, 15), "zhichan", 3, "1050"),
    Act(_day(4, 15), "papers", "zhichan", {"period": (2021, 3)}),
    Act(_day(4, 16), "file", "zhichan", {"window": "3月批次"}),
    Act(_day(4, 20), "passes", "zhichan", {"level": "县级统计机构"}),
    Act(_day(4, 28), "passes", "zhichan", {"level": "市统计局"}),
    Act(_day(5, 10), "passes", "zhichan", {"level": "省统计局"}),
    Act(_day(5, 20), "passes", "zhichan", {"level": "国家统计局"}),
    Act(_day(5, 21), "confirm", "zhichan", {"month": (2021, 6), "reference": "统审〔2021〕5号"}),
    Act(_day(5, 24), "claim", "jiazi", {"by": "haifeng", "ground": "经营场所和纳税地都在海丰县"}),
    Act(_day(6, 2), "decide", "jiazi", {"granted": True, "to": "haifeng", "why": "租赁合同、完税证明均在海丰县"}),
    _figure(_day(7, 8), "yungu", 6, "980"),
    _figure(_day(7, 8), "qingfan", 6, "700"),
    _figure(_day(7, 8), "jiance", 6, "620"),
    _figure(_day(7, 8), "jiazi", 6, "500"),
    _figure(_day(7, 8), "qingmei", 6, "380"),
    _figure(_day(7, 8), "zhichan", 6, "2100"),
    *_certified(_day(7, 12), "2021Q2"),
    Act(_day(7, 12), "close", "", {"quarter": "2021Q2"}),
    # -- third quarter: a new name, an exit --------------------------------------------------------
    Act(_day(7, 20), "rename", "yungu", {"name": "海丰县云谷智能软件有限公司"}),
    Act(_day(8, 16), "remove", "qingmei", {"reason": "迁出", "note": "迁往外市，已办理变更登记"}),
    # Haifeng's three through its own workbook, the firm it was granted in June among them.
    _figure(_day(10, 9), "yungu", 9, "2050", by_workbook=True),
    _figure(_day(10, 9), "qingfan", 9, "1300", by_workbook=True),
    _figure(_day(10, 9), "jiazi", 9, "900", by_workbook=True),
    Act(_day(10, 9), "workbook", "", {"clerk": "haifeng", "period": (2021, 9)}),
    # What the workbook states is proven by the statements, which follow the same day.
    *(Act(_day(10, 9), "statement", key, {"period": (2021, 9)}) for key in ("yungu", "qingfan", "jiazi")),
    _figure(_day(10, 9), "jiance", 9, "1010"),
    _vat(_day(10, 9), "jiance", 9, "900"),
    _figure(_day(10, 9), "zhichan", 9, "3000"),
    *_certified(_day(10, 13), "2021Q3", but=("luhe",)),
    Act(_day(10, 13), "close", "", {"quarter": "2021Q3", "by_command": True}),
    # -- fourth quarter: in time, too late, a mismatch, a correction, a firm that is dissolved ------
    _figure(_day(10, 14), "qingfan", 6, "690", reason="原凭证看错一行"),
    _vat(_day(10, 15), "yungu", 9, "2050"),
    Act(_day(10, 15), "papers", "yungu", {"period": (2021, 9)}),
    Act(_day(10, 18), "file", "yungu", {"window": "年度第一批"}),
    Act(_day(10, 18), "papers", "jiance", {"period": (2021, 9), "without": ("差异说明",)}),
    Act(_day(10, 18), "file_refused", "jiance", {"window": "年度第一批", "because": ("差异说明",)}),
    Act(_day(10, 19), "explain", "jiance", {"period": (2021, 9)}),
    Act(_day(10, 19), "file", "jiance", {"window": "年度第一批"}),
    Act(_day(10, 20), "delist", "zhichan", {"reason": "注销", "note": "已注销登记"}),
    Act(_day(10, 25), "passes", "yungu", {"level": "县级统计机构"}),
    Act(_day(10, 25), "passes", "jiance", {"level": "县级统计机构"}),
    Act(_day(11, 3), "passes", "yungu", {"level": "市统计局"}),
    Act(_day(11, 3), "fails", "jiance", {"level": "市统计局", "reason": "R03"}),
    Act(_day(11, 15), "passes", "yungu", {"level": "省统计局"}),
    Act(_day(12, 1), "passes", "yungu", {"level": "国家统计局"}),
    Act(_day(12, 6), "confirm", "yungu", {"month": (2021, 12), "reference": "统审〔2021〕12号"}),
    _figure(_day(12, 9), "jiance", 11, "1200.25"),
    _vat(_day(12, 9), "jiance", 11, "1200.25"),
    _figure(_day(12, 9), "qingfan", 11, "1850"),
    Act(_day(12, 10), "papers", "jiance", {"period": (2021, 11)}),
    Act(_day(12, 10), "file", "jiance", {"window": "年度第二批"}),
    *(
        Act(_day(12, day), "passes", "jiance", {"level": level})
        for day, level in ((13, "县级统计机构"), (15, "市统计局"), (20, "省统计局"), (27, "国家统计局"))
    ),
    Act(_day(12, 28), "confirm", "jiance", {"month": (2022, 1), "reference": "统审〔2022〕1号"}),
    _figure(_day(1, 10, 2022), "yungu", 12, "2600"),
    _figure(_day(1, 10, 2022), "qingfan", 12, "2100"),
    _figure(_day(1, 10, 2022), "jiance", 12, "1310"),
    _figure(_day(1, 10, 2022), "jiazi", 12, "1250"),
    *_certified(_day(1, 20, 2022), "2021Q4"),
    Act(_day(1, 20, 2022), "close", "", {"quarter": "2021Q4"}),
)
