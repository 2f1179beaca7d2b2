"""The words of appraisals: what is scored and how, why something is refused, the states of a scheme."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_

ITEM_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "tasks": N_("责任清单事项按期完成"),
        "quarters": N_("季度数据按期确认"),
        "mended": N_("退回补正按期办结"),
        "nudges": N_("催办按期答复"),
    }
)
ITEM_RULES: Mapping[str, str] = MappingProxyType(
    {
        "tasks": N_("完成时限已过的事项中，在时限内完成的。按申报纳统、确认入库计数的事项不列入。"),
        "quarters": N_(
            "确认期限已过的季度中，在期限（含延长）内确认，或写明理由不予确认的；之后因数据变动失效的不影响。"
        ),
        "mended": N_("补正期限已过的退回中，在期限内重新提交或撤回的。"),
        "nudges": N_("答复期限（自动催办间隔的工作日数）已过的催办中，在期限内答复的。"),
    }
)
REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "statistical": N_(
            "“%(item)s”不能作为考核项目：四上入库、纳统申报和企业的数由统计部门依法独立确认，企业据实填报；与考核挂钩会使人有理由干预统计数据。"
        ),
        "blameless": N_("“%(item)s”不能作为考核项目：企业出库、退库据实办理，不追究责任。"),
        "unknown": N_("没有“%(item)s”这个考核项目，请在所列项目中选。"),
        "weight": N_("权重须是大于 0 的整数；不考核的项目留空。"),
        "sum": N_("各项权重合计须为 100，现为 %(sum)s。"),
    }
)
SCHEME_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "document": N_("请填写年度考核方案的文号和文件名称。"),
        "ahead": N_("文件日期不能晚于今天。"),
        "years": N_("起止日期须在同一年度内，截止日期不早于起始日期。"),
        "taken": N_("与文号“%(document)s”的考核有效期重叠，请先停止，或改日期。"),
        "open": N_("已有一份考核方案等待复核，请先办结。"),
        "settled": N_("这份考核方案已经办结。"),
        "opinion": N_("请填写复核意见，写明对照了什么文件。"),
    }
)
STATE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "waiting": N_("待复核"),
        "returned": N_("已退回"),
        "ahead": N_("未开始"),
        "running": N_("考核中"),
        "over": N_("已到期"),
        "stopped": N_("已停止"),
    }
)
STATE_TONES: Mapping[str, str] = MappingProxyType(
    {"waiting": "warn", "returned": "plain", "ahead": "info", "running": "ok", "over": "plain", "stopped": "plain"}
)
