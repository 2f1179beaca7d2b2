"""What the files of reference data, their columns and their words are called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_
from registry.base.vocabulary import OFFICE_KIND_LABELS, Requirement

FILE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "holidays.csv": N_("节假日和调休"),
        "return_reasons.csv": N_("退回原因"),
        "exit_reasons.csv": N_("退出原因"),
        "materials.csv": N_("申报材料"),
        "routing.csv": N_("牵头部门"),
        "offices.csv": N_("机构"),
        "office_aliases.csv": N_("机构别名"),
        "divisions.csv": N_("区划"),
        "zone_towns.csv": N_("功能区辖镇"),
    }
)
"""The files whose rows have versions, in the order of their tabs."""
COLUMN_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "day": N_("日期"),
        "working": N_("是否上班"),
        "code": N_("代码"),
        "name": N_("名称"),
        "short_name": N_("简称"),
        "level": N_("级别"),
        "parent": N_("上级"),
        "statistical_county": N_("统计所在县"),
        "excluded_reason": N_("不纳入的原因"),
        "zone": N_("功能区"),
        "town": N_("镇街"),
        "kind": N_("类别"),
        "division": N_("所属区划"),
        "office": N_("机构"),
        "alias": N_("别名"),
        "reason": N_("原因"),
        "actions": N_("用于"),
        "rule": N_("要求"),
        "requirement": N_("何时需要"),
        "sealed": N_("须盖章"),
        "periodic": N_("按期别"),
        "industry_prefix": N_("行业代码"),
        "lead": N_("牵头部门"),
        "co_bureaus": N_("会同部门"),
        "successor": N_("由谁接替"),
        "verified": N_("已对照文件原文核实"),
        "source": N_("依据"),
        "clause": N_("条款"),
        "checked_on": N_("核对日期"),
    }
)
HINTS: Mapping[str, str] = MappingProxyType(
    {
        "actions": N_("remove 为出库，delist 为退库；两者都用时以空格分隔。"),
        "co_bureaus": N_("部门代码，空格分隔；没有就留空。"),
        "industry_prefix": N_("2017 版 2 至 4 位代码，代码长的优先；留空为其余行业。"),
        "clause": N_("依据里的位置，如“第三条”；还不能确定的写“待核”。"),
        "source": N_("文号、文件名称或会议纪要。"),
        "checked_on": N_("对照依据原文的日期。"),
        "working": N_("周末调休上班的勾选；放假的不勾。"),
    }
)
SHOWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "holidays.csv": ("day", "name", "working"),
        "return_reasons.csv": ("code", "reason"),
        "exit_reasons.csv": ("code", "reason", "actions"),
        "materials.csv": ("code", "name", "rule", "requirement"),
        "routing.csv": ("industry_prefix", "lead", "co_bureaus"),
        "offices.csv": ("code", "name", "short_name", "kind", "successor"),
        "office_aliases.csv": ("alias", "office"),
        "divisions.csv": ("code", "name", "short_name", "level", "parent"),
        "zone_towns.csv": ("zone", "town"),
    }
)
"""The columns of the list; the page of one row shows all."""
NOTES: Mapping[str, str] = MappingProxyType(
    {
        "holidays.csv": N_(
            "待办期限按工作日计：周一至周五，减去放假的日子，加上调休上班的周末。没有通知的年份只按周一至周五计。"
        ),
        "return_reasons.csv": N_("退回、不予通过和申报退回时选用；终止后不再可选，以往的退回仍按当时的说法显示。"),
        "exit_reasons.csv": N_("出库、退库时选用；终止后不再可选，以往的退出仍按当时的说法显示。"),
        "materials.csv": N_("按申报所属月份月末有效的材料清单核对。"),
        "routing.csv": N_(
            "代码长的优先；没有列出的行业归“其余行业”。改动自施行日起，企业的牵头、会同部门随之调整，已提交的案件仍由原部门办理。"
        ),
        "offices.csv": N_("改名后以往的记录仍按当时的名称；合并或终止时，未办结的工作移交接替的机构。"),
        "office_aliases.csv": N_("别名用于识别表格和地址里的写法。"),
        "divisions.csv": N_("改名后旧名称仍能识别；合并或终止时，企业改计在接替的区划，旧名称指向它。"),
        "zone_towns.csv": N_("功能区管辖的镇街；没有列出的功能区不核对地址。"),
    }
)
REQUIREMENT_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Requirement.ALWAYS: N_("必须"),
        Requirement.IF_GENERAL_TAXPAYER: N_("一般纳税人报送"),
        Requirement.IF_MISMATCH: N_("收入与销售额不一致时"),
        Requirement.IF_UNCLEAR: N_("会计制度不明确时"),
        Requirement.ON_REQUEST: N_("统计部门要求时"),
        Requirement.IF_ANNUAL: N_("规下升规上（新开业不报）"),
        Requirement.IF_RENAMED: N_("更名、改制时"),
        Requirement.IF_CHANGED: N_("转专业时"),
        Requirement.NEVER: N_("不是申报材料"),
    }
)
WORD_LABELS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "requirement": REQUIREMENT_LABELS,
        "kind": OFFICE_KIND_LABELS,
        "level": {"city": N_("市"), "county": N_("县（市、区）"), "zone": N_("功能区"), "town": N_("镇街")},
        "actions": {"remove": N_("出库"), "delist": N_("退库")},
    }
)
"""Of columns that hold our own words."""
