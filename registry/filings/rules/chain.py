"""A filing's words and order: the levels of the statistics chain, states of papers, outcomes, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from registry.base.labels import N_
from registry.base.periods import Period
from registry.filings.rules.intake import PaperStatus


class ChainLevel(StrEnum):
    """The chain in its order (docs/domain.md 6)."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATIONAL = "national"


class FilingOutcome(StrEnum):
    RETURNED = "returned"
    ENROLLED = "enrolled"


class RecheckOutcome(StrEnum):
    STAYS = "stays"
    LEAVES = "leaves"
    OPEN = "open"


class Result(Protocol):
    """What one level said."""

    @property
    def level(self) -> str: ...
    @property
    def passed(self) -> bool: ...


def next_level(results: Iterable[Result]) -> ChainLevel | None:
    """The level whose word comes next; None once the last has passed the filing."""
    passed = {result.level for result in results if result.passed}
    return next((level for level in ChainLevel if level not in passed), None)


class DatedResult(Protocol):
    """The day of a level's word."""

    @property
    def on(self) -> date: ...


class FiledWithResults(Protocol):
    """A filing as far as its days go."""

    @property
    def filed_on(self) -> date: ...
    @property
    def results(self) -> Sequence[DatedResult]: ...
    @property
    def year(self) -> int: ...
    @property
    def month(self) -> int: ...


def first_day(filing: FiledWithResults) -> date:
    """The earliest day on which the next level can have spoken."""
    return max([filing.filed_on, *(result.on for result in filing.results)])


def statement(filing: FiledWithResults) -> Period:
    return Period(filing.year, filing.month)


def _labels(pairs: dict[str, str]) -> Mapping[str, str]:
    return MappingProxyType(pairs)


LEVEL_LABELS = _labels(
    {
        ChainLevel.COUNTY: N_("县级统计机构"),
        ChainLevel.CITY: N_("市统计局"),
        ChainLevel.PROVINCE: N_("省统计局"),
        ChainLevel.NATIONAL: N_("国家统计局"),
    }
)
FILING_OUTCOME_LABELS = _labels({FilingOutcome.RETURNED: N_("已退回"), FilingOutcome.ENROLLED: N_("已入库（四上）")})
RECHECK_OUTCOME_LABELS = _labels(
    {RecheckOutcome.STAYS: N_("继续在库"), RecheckOutcome.LEAVES: N_("应退库"), RecheckOutcome.OPEN: N_("待定")}
)
PAPER_STATUS_LABELS = _labels(
    {
        PaperStatus.HELD: N_("已齐"),
        PaperStatus.UNSEALED: N_("待核对印章"),
        PaperStatus.REQUESTED: N_("已要求补报"),
        PaperStatus.MISSING: N_("缺"),
        PaperStatus.WAIVED: N_("免报"),
    }
)
REQUIREMENT_LABELS = _labels(
    {
        "always": N_("必报"),
        "if_general_taxpayer": N_("一般纳税人报"),
        "if_mismatch": N_("利润表与增值税不一致时报"),
        "if_unclear": N_("会计制度不明确时报"),
        "if_annual": N_("规下升规上报（新开业不报）"),
        "if_renamed": N_("更名、改制时报"),
        "if_changed": N_("转专业时报"),
        "on_request": N_("统计部门要求时报"),
        "never": N_("不是申报材料"),
    }
)

# -- what is refused, and what to do ----------------------------------------------------------------
WINDOW_ORDER = N_("截止日期不能早于开始日期。")
WINDOW_SOURCE = N_("请填写依据的通知或文号。")
WINDOW_BATCH = N_("请填写批次，例如：第一批。")
WINDOW_STATEMENT = N_("报表期别不能晚于窗口截止的月份。")
WINDOW_YEAR = N_("窗口的起止日期须在 %(year)s 年或次年1月以内。")
WINDOW_USED = N_("已有 %(count)s 件申报使用该窗口，通道和报表期别不能再改；有误的，请作废后另建。")
WINDOW_VOIDED = N_("该窗口已作废。")
WINDOW_SAME = N_("没有改动。")
WINDOWS_THERE = N_("%(year)s 年已有窗口，不能再照抄上一年。")
WINDOWS_NONE = N_("%(year)s 年没有可照抄的窗口。")
DRAFT_SOURCE = N_("照抄 %(year)s 年，日期待按当年通知核定（原依据：%(source)s）")
PAPER_DOCUMENT = N_("请选择已上传的材料；没有的，请先上传。")
PAPER_OTHER_PERIOD = N_("所选材料的期别是 %(found)s，申报要求 %(asked)s，请换一份。")
PAPER_OTHER_MATERIAL = N_("所选文件登记为另一种材料，请换一份。")
PAPER_REMARK = N_("请写明原因。")
PAPER_SAME = N_("与已登记的情况相同。")
SEAL_NONE = N_("%(paper)s 没有待核对印章的文件，可能刚被更换或作废，请刷新后再看。")
SEAL_OWN = N_("%(paper)s 由本单位上传，印章须由其他单位核对。")
PAPER_CLOSED = N_("该企业已入库或已退出，不再登记申报材料。")
WINDOW_NEEDED = N_("请选择申报窗口。")
LEVEL_ORDER = N_("应由%(level)s审核，请按县、市、省、国家的次序登记。")
LEVEL_DONE = N_("各级均已通过，请确认入库。")
LEVEL_DAY_FUTURE = N_("结果日期不能晚于今天。")
LEVEL_DAY_EARLY = N_("结果日期早于申报日期或上一级的结果日期：%(names)s。请更正日期，或取消勾选后另行登记。")
LEVEL_OTHER = N_("等待的是%(found)s，本次登记的是%(level)s的结果。")
LEVEL_LEFT = N_("各级均已通过，等待确认入库。")
LEVEL_WAITED = N_("等待%(level)s审核，尚不能确认入库。")
STAGE_NOT_DUE = N_("当前阶段是“%(stage)s”，只有“达标应入”的企业可以申报。")
EFFECTIVE_EARLY_FOR = N_("入库生效月份早于报表期别：%(names)s。请更正月份，或取消勾选后另行确认。")
LEVEL_DAY = N_("结果日期须在 %(first)s 至 %(last)s 之间。")
RESULT_NEEDED = N_("请选择审核结果。")
REASON_CODE_NEEDED = N_("退回的，请选择退回原因（R01至R14）。")
REFERENCE_NEEDED = N_("请填写依据文号。")
EFFECTIVE_NEEDED = N_("请填写入库生效月份。")
EFFECTIVE_EARLY = N_("入库生效月份不能早于报表期别 %(period)s。")
FILING_CLOSED = N_("该申报已办结。")
FILING_NONE = N_("该企业没有办理中的申报。")
FILING_SAME_TIME = N_("有人刚刚为该企业办理了申报，请刷新后查看。")
EXIT_NOTE = N_("请在说明中写明原因。")
RECHECK_NOTE = N_("与12月累计数的判断不一致，或无法判断的，请写明依据。")
RECHECK_EARLY = N_("%(year)s 年尚未结束，不能复核。")
RECHECK_OUTCOME = N_("请选择复核结果。")
RECHECK_STAGE = N_("该企业不在库，不需要复核。")
RECHECK_VOIDED = N_("申报所依据的凭证（%(period)s）已作废，该数现为未证，须复核")
RECHECK_SAID = N_("本年度已登记过复核结果；要改的，请打开该企业另行登记。")
RECHECK_NO_FIGURE = N_("没有已证的12月累计营业收入或适用的标准，不能按数登记，请逐家复核。")
RECHECK_NEW = N_("该企业 %(year)s 年末尚未入库，从入库当年起复核。")
