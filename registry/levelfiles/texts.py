"""Labels and sentences of the file of an upper level."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_

OUTCOME_LABELS: Mapping[str, str] = MappingProxyType(
    {"passed": N_("通过"), "returned": N_("退回"), "same": N_("已登记过"), "refused": N_("不收")}
)
"""By `services.judging.LevelOutcome`."""
DOUBTFUL = N_("存疑")
HEADINGS_MISSING = N_("表头不全：须有“审核结果”，以及“企业名称”或“统一社会信用代码”。")
NO_ROWS = N_("表里没有数据。")
PASSING = (
    "通过",
    "已通过",
    "审核通过",
    "审批通过",
    "审核已通过",
    "终审通过",
    "同意",
    "同意入库",
    "合格",
    "准予入库",
)
"""What says that a level passed a filing; nothing longer is guessed at."""
RETURNING = (
    "退回",
    "已退回",
    "退回修改",
    "审核退回",
    "不通过",
    "未通过",
    "审核不通过",
    "审核未通过",
    "审批不通过",
    "不同意",
    "驳回",
    "不予入库",
    "不合格",
)
RESULT_NEEDED = N_("没有写审核结果。")
RESULT_UNCLEAR = N_("审核结果“%(text)s”看不出是通过还是退回，请写“通过”或“退回”。")
FIRM_NEEDED = N_("没有统一社会信用代码，也没有企业名称。")
FIRM_UNKNOWN = N_("名录库没有代码为“%(text)s”的企业。")
NAME_UNKNOWN = N_("名录库没有名称为“%(text)s”的企业；没有代码的，只按全称对应。")
NAME_TWICE = N_("名称为“%(text)s”的企业不止一家，请填写统一社会信用代码。")
FIRM_MERGED = N_("“%(name)s”已并入另一条登记。")
BY_NAME = N_("没有代码，按名称对应到“%(name)s”（%(code)s），请核对。")
NAMED_OTHERWISE = N_("代码对应的企业叫“%(name)s”，表里写的是“%(text)s”，请核对。")
NAMED_AS_ANOTHER = N_("代码对应的是“%(name)s”，名称“%(text)s”却是另一家企业，分不清是哪一家。")
FIRM_TWICE = N_("第 %(rows)s 行是同一企业，请只留一行。")
NO_FILING = N_("“%(name)s”没有办理中的申报。")
LEVEL_OTHER = N_("“%(name)s”等待的是%(found)s，文件是%(level)s的结果。")
LEVELS_DONE = N_("“%(name)s”各级均已通过，等待确认入库。")
DAY_NEEDED = N_("没有结果日期，上传时也没有填写。")
DAY_FUTURE = N_("结果日期 %(day)s 晚于今天。")
DAY_EARLY = N_("结果日期 %(day)s 早于申报日期或上一级的结果日期 %(first)s。")
REASON_UNKNOWN = N_("退回原因“%(text)s”没有对应的代码，将按下面选定的退回原因登记，原文记入说明。")
REASON_NONE = N_("没有写退回原因，将按下面选定的退回原因登记。")
CODE_NEEDED = N_("有退回的行没有退回原因代码，请选择。")
ASSUMED_DAY = N_("结果日期按上传时填写的 %(day)s")
ASSUMED_REFERENCE = N_("依据文号按上传时填写的 %(reference)s")
