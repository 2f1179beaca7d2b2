"""What a form may be filled with: the columns of the directory, and a few things that only upper levels ask for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from registry.base.labels import N_
from registry.sheets.byhand import compared
from registry.sheets.columns import COLUMNS, ColumnKind, by_key, has_key


@dataclass(frozen=True)
class OwnField:
    """Something that is no column of the directory; `aliases` as they stand on forms, apart by spaces."""

    key: str
    label: str
    kind: ColumnKind
    aliases: str


_K = ColumnKind
OWN = (
    OwnField("serial", N_("序号"), _K.INTEGER, "序号 编号 序列 行号 顺序号"),
    OwnField(
        "city",
        N_("所属地市"),
        _K.TEXT,
        "地市 所属地市 所在地市 所属市 所在市 地级市 所属地级市 市 市别 地级以上市 所在地级市",
    ),
    OwnField("division_code", N_("县区代码"), _K.CODE, "县区代码 行政区划代码 区划代码 所属县区代码"),
    OwnField(
        "industry_code",
        N_("行业小类代码"),
        _K.CODE,
        "行业小类代码 行业代码 国民经济行业代码 国标行业代码",
    ),
    OwnField("industry_name", N_("行业小类名称"), _K.TEXT, "行业小类名称 行业名称 国民经济行业名称"),
    OwnField("industry_division", N_("行业大类"), _K.TEXT, "行业大类 国民经济行业大类 所属行业大类"),
    OwnField("industry_section", N_("行业门类"), _K.TEXT, "行业门类 国民经济行业门类 所属行业门类"),
)
_OWN = {one.key: one for one in OWN}
FIGURES = ("revenue_last_year", "revenue_to_date", "revenue_same_period", "vat_sales")
AS_OF_NOW = (
    "town", "industry_year", "legal_form", "opened_on", "capital", "accounting", "taxpayer_kind", "issue",
    "held_qualifications",
)  # fmt: skip
"""No closed quarter holds these: they are said as they stand now."""


def offered() -> list[tuple[str, str]]:
    """Key and Chinese heading of everything that a heading may stand for."""
    return [*((column.key, column.heading) for column in COLUMNS), *((one.key, one.label) for one in OWN)]


def label(key: str) -> str:
    """KeyError for what is no field."""
    return _OWN[key].label if key in _OWN else by_key(key).heading


def kind_of(key: str) -> ColumnKind:
    return _OWN[key].kind if key in _OWN else by_key(key).kind


def is_own(key: str) -> bool:
    return not has_key(key)


def own_key(heading: str, key: str | None) -> str | None:
    """The field that a heading means where the directory's column (`key`, None for none) does not say it exactly.

    An industry's code, name, division and section are one column of ours, and a place's code is its name.
    """
    text = compared(heading)
    if key == "industry":
        return _of_industry(text)
    if key == "division":
        coded = any(word in text for word in ("代码", "编码")) and "名称" not in text
        return "division_code" if coded else key
    return key or _aliases().get(text) or _aliases().get(compared(heading.rsplit(maxsplit=1)[-1]))


def _of_industry(text: str) -> str:
    if "门类" in text:
        return "industry_section"
    if "大类" in text:
        return "industry_division"
    coded, named = any(word in text for word in ("代码", "编码")), "名称" in text
    return "industry" if coded == named else "industry_code" if coded else "industry_name"


@cache
def _aliases() -> dict[str, str]:
    return {compared(alias): one.key for one in OWN for alias in one.aliases.split()}
