"""Sentences that the ground itself needs: what is wrong with a code, what became of an industry code, odd figures."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from registry.base.labels import N_

FULL_STOP = "。"
LIST_MARK = "、"
"""Between the items of a list inside a sentence."""


def sentence_table(rows: dict[str, str]) -> Mapping[str, str]:
    return MappingProxyType(rows)


# What is wrong with a credit code: keyed by `CodeFaultKind`, and `suggestion` where one is offered.
CODE_SENTENCES = sentence_table(
    {
        "length": N_("统一社会信用代码应为18位，现为 %(length)s 位，请核对营业执照"),
        "registration_number": N_("这是原15位工商注册号，请填写营业执照上18位的统一社会信用代码"),
        "character": N_("统一社会信用代码第 %(position)s 位不能是“%(found)s”，请核对营业执照"),
        "suggestion": N_(
            "统一社会信用代码第 %(position)s 位不能是“%(found)s”，是否为 %(suggestion)s？请核对营业执照后自行更正"
        ),
        "leading": N_("统一社会信用代码首位“%(found)s”不是登记管理部门代码，请核对营业执照"),
        "checksum": N_("统一社会信用代码第18位校验不符，请核对营业执照"),
    }
)


ORGANISATION_CODE_DOUBTFUL = N_("统一社会信用代码第9至17位（组织机构代码）自身校验不符，请核对营业执照")


# What became of an industry code: keyed by `industries.Note`.
RESOLUTION_SENTENCES = sentence_table(
    {
        "plain": N_("行业代码 %(code)s（2017版）"),
        "draft_only": N_("行业代码 %(code)s 不足四位，提交前须填到四位小类"),
        "unlisted": N_("行业代码 %(code)s 所在大类未收录到小类，请自行核对"),
        "mapped": N_("2011版代码 %(given)s 对应2017版 %(code)s（对照表待核，请核对主营业务）"),
        "ask_split": N_("2011版代码 %(given)s 在2017版中分为 %(candidates)s，请按主营业务选定"),
        "ask_year": N_("代码 %(given)s 在2011版和2017版含义不同，请注明分类版本，或从 %(candidates)s 中选定"),
        "other_year": N_("代码 %(given)s 不在%(year)s版分类中，可能取自另一版，请核对；可选 %(candidates)s"),
        "unmapped": N_("2011版代码 %(given)s 没有现成的2017版对应，请按主营业务另填2017版代码"),
        "unknown": N_("没有代码为“%(given)s”的行业，请核对《国民经济行业分类》"),
    }
)


class Cause(StrEnum):
    TEN_THOUSAND_UP = "ten_thousand_up"
    TEN_THOUSAND_DOWN = "ten_thousand_down"
    THOUSAND_UP = "thousand_up"
    THOUSAND_DOWN = "thousand_down"
    JUMPS = "jumps"
    FALLS = "falls"
    BELOW = "below"
    YEAR_BEFORE = "year_before"
    OTHER_YEAR = "other_year"
    UNMOVED = "unmoved"
    LINE = "line"
    CAPITAL = "capital"
    HEAD = "head"
    SALES = "sales"
    REVENUE = "revenue"
    USUAL = "usual"


# Beside a figure about to be recorded; `amount` is that of `period`, as 万元 text, or persons.
SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        Cause.TEN_THOUSAND_UP: N_("约为按 %(period)s 的 %(amount)s 推算的一万倍，像是把元当成了万元"),
        Cause.TEN_THOUSAND_DOWN: N_("约为按 %(period)s 的 %(amount)s 推算的万分之一，像是把万元当成了元"),
        Cause.THOUSAND_UP: N_("约为按 %(period)s 的 %(amount)s 推算的一千倍，像是把元当成了千元"),
        Cause.THOUSAND_DOWN: N_("约为按 %(period)s 的 %(amount)s 推算的千分之一，像是把千元当成了元"),
        Cause.JUMPS: N_("与 %(period)s 的 %(amount)s 相差 %(times)s 倍以上，请核对单位是元还是万元"),
        Cause.FALLS: N_("低于 %(period)s 的累计数 %(amount)s；累计数一般只增不减，请核对是否填成了当月数"),
        Cause.BELOW: N_("高于 %(period)s 的累计数 %(amount)s；累计数一般只增不减，请核对期别"),
        Cause.YEAR_BEFORE: N_("与上年同期 %(period)s 的 %(amount)s 完全相同，像是抄了上年同期数"),
        Cause.OTHER_YEAR: N_("与本年其他月份不合，放在 %(period)s 前后却正好，像是选错了年份"),
        Cause.LINE: N_("是四上标准 %(amount)s 的 %(times)s 倍，请核对单位是元还是万元"),
        Cause.CAPITAL: N_("是注册资本 %(amount)s 的 %(times)s 倍，请核对单位是元还是万元"),
        Cause.HEAD: N_("合每名从业人员 %(amount)s，请核对单位和人数"),
        Cause.SALES: N_("与同期增值税销售额 %(amount)s 相差 %(times)s 倍，请核对单位和期别"),
        Cause.REVENUE: N_("与同期营业收入 %(amount)s 相差 %(times)s 倍，请核对单位和期别"),
        Cause.USUAL: N_("远在本行业一般范围（%(amount)s）之外，请核对单位和行业"),
        Cause.UNMOVED: N_("与 %(period)s 的累计数 %(amount)s 相同，像是沿用了上月数；本月确无收入的请核对后确认"),
    }
)
