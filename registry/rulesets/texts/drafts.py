"""The sentences about sets of rules: what is wrong with a draft, and why a step is refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_

RULESET_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "title": N_("请填写标题。"),
        "source": N_("请写明依据：文号、文件名称或会议纪要。"),
        "label": N_("请填写名称。"),
        "rule_id": N_("编号须为 2 至 40 位大写字母、数字或连字符，例如 SVC-800-M。"),
        "rule_taken": N_("编号 %(rule)s 已经用过，请换一个。"),
        "prefixes": N_("请填写适用的行业代码；四上标准没有“所有行业”。"),
        "prefix": N_("2017 版行业分类中没有代码“%(code)s”，请填写门类字母或 2 至 4 位代码。"),
        "prefix_twice": N_("同一代码写了两次。"),
        "amount": N_("请填写大于零的金额，按万元。"),
        "amount_unwanted": N_("按资质认定的标准不填金额。"),
        "employees": N_("从业人员须为大于零的整数，不用时留空。"),
        "overlap": N_("行业代码“%(code)s”同时出现在 %(one)s 和 %(other)s 中，无法判断适用哪一条。"),
        "value": N_("请填写参数值。"),
        "share": N_("请填写大于 0、不超过 1 的比例，例如 0.80 表示 80%%。"),
        "share_or_none": N_("请填写 0 至 1 的比例，例如 0.05 表示 5%%。"),
        "whole": N_("请填写 %(least)s 至 %(most)s 的整数。"),
        "month": N_("请填写 1 至 12 的月份。"),
        "form": N_("请填写数字，与现行值“%(value)s”同样的写法。"),
        "tiers": N_("A 档下限不得低于 B 档，B 档不得低于 C 档。"),
        "valid_from": N_("请填写施行日期。"),
        "past": N_("施行日期不得早于发布当日：已经作出的判断不追溯。"),
        "used": N_("已有 %(day)s 起的版本，新版本须晚于该日。"),
        "month_start": N_("累计数按月判断，四上标准须从某月1日起施行。"),
        "annual": N_("请填写年度数从哪个统计年度起适用。"),
        "annual_used": N_("年度数的起始年度须在 %(first)s 至 %(last)s 之间：更早的年度已按原标准判断。"),
        "same": N_("与现行版本没有差别，不必发布。"),
        "moved": N_("起草后 %(rule)s 又发布了新版本，请撤回本草稿，另行起草。"),
        "not_open": N_("这份草稿已经办结，请刷新页面查看结果。"),
        "waiting": N_("这份草稿已提交核对，核对人退回后才能修改。"),
        "not_waiting": N_("这份草稿还没有提交核对。"),
        "own": N_("起草人不能核对自己的草稿，请由另一位同事核对。"),
        "opinion": N_("请写明核对意见。"),
        "decision": N_("请选择核对结论。"),
        "kind": N_("没有这一类规则。"),
        "unknown_draft": N_("没有编号为 %(number)s 的规则草稿。"),
        "no_rows": N_("草稿里还没有任何一行，请先添加要改动的内容。"),
        "by_file": N_("这份草稿由基础数据文件提出，没有起草人可退：请发布或不予采用；要改，请另行起草或改文件。"),
        "not_sees_all": N_("只有能查看全市名录的人员可以试算规则草稿。"),
    }
)

ROW_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "held": N_("%(row)s：已经有了，请不予采用或从草稿中删去。"),
        "moved": N_("%(row)s：起草后又发布了新版本，请删去这一行后重新添加。"),
        "past": N_("%(row)s：起始日期 %(day)s 已过，请改为今天或以后。"),
        "used": N_("%(row)s：已有 %(before)s 起的版本，新版本须晚于该日。"),
        "over": N_("%(row)s：已经终止，不能再改；要恢复，请另立一行。"),
        "same": N_("%(row)s：与现行内容没有差别，请删去这一行。"),
        "ends_nothing": N_("%(row)s：是新的一行，不能同时终止。"),
        "taken": N_("%(row)s：与“%(other)s”同名，请改名，或先终止那一行。"),
        "names_only": N_("%(row)s：只能改名称和简称；级别、类别和归属变了，请另立一行。"),
        "place_stays": N_("%(row)s：市本级不能终止，只能改名。"),
        "place_needs": N_("%(row)s：须填写接替的区划，企业改计在那里。"),
        "place_level": N_("%(row)s：接替的须是同一级的区划（功能区可并入县、市、区）。"),
        "place_holds": N_("%(row)s：其下的“%(other)s”仍在，请在同一份草稿里一并终止。"),
        "office_stays": N_("%(row)s：统计、税务、领导和系统机构不能终止，只能改名。"),
        "office_of_place": N_("%(row)s：县（市、区）的机构随区划终止，请在同一份草稿里终止其区划。"),
        "successor_over": N_("%(row)s：接替的自己也将终止，请填写长期存在的一个。"),
        "needs_successor": N_("%(row)s：还有企业、案件或账号，须填写接替的机构。"),
        "claims_between": N_("%(row)s：与接替机构之间有未决的归属争议，请先由市培育办裁定。"),
        "rest_stays": N_("%(row)s：“其余行业”不能终止，请改由别的部门牵头。"),
        "day_past": N_("%(row)s：这一天早于施行日期；已经过去的日子不再改动，已计的期限不变。"),
    }
)

WHAT_IF_NOTE = N_("试算假定草稿一直有效，用今天的数据判断；只供参考，不改动任何企业。")
