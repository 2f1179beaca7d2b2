"""The lexicon of cells: units, currencies, words for nothing, and what people write instead of a choice."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

_BLANKS = "n/a na #n/a nan nil none null 无 暂无 没有 空 不详 未知 未填 略 - -- --- ---- — —— – ― / \\ * . 。 ? 〓"
BLANK_WORDS = frozenset(["", *_BLANKS.split()])
"""Compared after NFKC, without spaces, in lower case."""

SCALES: Mapping[str, Decimal] = {
    "": Decimal(1),
    "十": Decimal(10),
    "百": Decimal(100),
    "千": Decimal(1_000),
    "万": Decimal(10_000),
    "十万": Decimal(100_000),
    "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
}
"""How many yuan the word before 元 stands for."""

MULTIPLE = "亿|千万|百万|十万|万|千|百|十"
YUAN = "元"
UNIT_WORD = "单位"
OPTIONAL_WORDS = ("必填", "选填", "可选", "非必填", "下拉选择")

CURRENCIES: Mapping[str, str] = {
    "人民币": "CNY",
    "rmb": "CNY",
    "cny": "CNY",
    "¥": "CNY",
    "美元": "USD",
    "美金": "USD",
    "usd": "USD",
    "us$": "USD",
    "$": "USD",
    "港币": "HKD",
    "港元": "HKD",
    "香港元": "HKD",
    "hkd": "HKD",
    "hk$": "HKD",
    "欧元": "EUR",
    "eur": "EUR",
    "€": "EUR",
    "日元": "JPY",
    "日圆": "JPY",
    "jpy": "JPY",
    "英镑": "GBP",
    "gbp": "GBP",
    "澳元": "AUD",
    "澳大利亚元": "AUD",
    "aud": "AUD",
    "加元": "CAD",
    "加拿大元": "CAD",
    "新加坡元": "SGD",
    "新币": "SGD",
    "新台币": "TWD",
    "台币": "TWD",
    "澳门元": "MOP",
    "澳门币": "MOP",
    "韩元": "KRW",
    "韩币": "KRW",
    "瑞士法郎": "CHF",
    "德国马克": "DEM",
}

DATE = r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?"
MONTH = r"(?:(\d{4})(?:年|[-/.]))?(?:1(?:月)?[-~至到])?(\d{1,2})月?份?"
MONTH_RUN = r"(\d{4})(\d{2})"
PEOPLE = "人|名|个"
NAME_SEPARATORS = "[;；、|]"
NAME_JOINER = "；"

CHOICE_ALIASES: Mapping[str, Mapping[str, str]] = {
    "unit_kind": {
        "法人": "legal_person",
        "企业法人": "legal_person",
        "独立法人": "legal_person",
        "视同法人": "deemed_legal_person",
        "产业活动单位": "branch",
        "分公司": "branch",
        "分支机构": "branch",
    },
    "accounting": {
        "企业会计制度": "enterprise",
        "小企业会计制度": "small_enterprise",
        "事业单位": "institution",
        "政府会计制度": "institution",
        "民办非企业会计制度": "non_profit",
        "民间非营利组织": "non_profit",
        "其他": "other",
    },
    "taxpayer_kind": {
        "一般": "general",
        "增值税一般纳税人": "general",
        "小规模": "small_scale",
        "增值税小规模纳税人": "small_scale",
    },
    "door": {"年度一批": "annual_first", "年度二批": "annual_second", "月度": "monthly", "月度新开业": "monthly"},
    "legal_form": {
        "有限公司": "limited",
        "有限责任公司(自然人独资)": "limited",
        "一人有限责任公司": "limited",
        "有限责任公司(自然人投资或控股)": "limited",
        "有限责任公司(法人独资)": "limited",
        "有限责任公司 港、澳、台": "limited",
        "有限责任公司 外商投资企业": "limited",
        "有限责任公司 国有企业": "limited",
        "有限责任公司(国有独资)": "limited",
        "股份公司": "joint_stock",
        "股份有限公司 国有企业": "joint_stock",
        "股份有限公司(非上市)": "joint_stock",
        "股份有限公司(上市)": "joint_stock",
        "国有企业": "state_owned",
        "全民": "state_owned",
        "国有": "state_owned",
        "集体": "collective",
        "集体企业": "collective",
        "集体(非上市)": "collective",
        "普通合伙": "partnership",
        "普通合伙企业": "partnership",
        "有限合伙": "partnership",
        "有限合伙企业": "partnership",
        "特殊普通合伙": "partnership",
        "合伙": "partnership",
        "个人独资": "sole_owner",
        "农民专业合作社": "cooperative",
        "农民专业合作经济组织": "cooperative",
        "专业合作社": "cooperative",
        "民办非企业": "non_profit",
        "社会服务机构": "non_profit",
        "个体户": "sole_trader",
        "个体": "sole_trader",
        "个体工商户(临时)": "sole_trader",
        "临时个体工商户": "sole_trader",
        "分公司": "branch",
        "集体分支机构(非法人)": "branch",
        "股份合作制分支机构": "branch",
    },
}
"""Vocabulary -> what is written -> code; compared after NFKC, without spaces, in lower case."""
CODE_IN_NAME = r"[\s(（【\[,，、:：]*(?<![0-9A-Za-z])([0-9A-Za-z]{18})(?![0-9A-Za-z])[)）】\]]?"
"""A credit code that was written into the cell of the name, with what parts it from the name."""
