"""Labels and sentences of tax-authorised figures."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_

NEUTRAL = N_("税务部门经企业授权提供，单独列示：不替代企业登记的数据，也不作其凭证，不影响达标、档次、目标和任何结论。")
KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {"revenue": N_("营业收入（申报）"), "vat_sales": N_("增值税销售额（申报）")}
)
OUTCOME_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "new": N_("新增"),
        "corrected": N_("更正"),
        "same": N_("相同"),
        "unauthorised": N_("未授权，不收"),
        "refused": N_("不收"),
    }
)
"""By `services.judging.TaxOutcome`."""
DOUBTFUL = N_("存疑")
HEADINGS_MISSING = N_("表头不全：须有“企业名称”“统一社会信用代码”“所属期”“企业授权”，以及“营业收入”或“增值税销售额”。")
NO_ROWS = N_("表里没有数据。")
CODE_NEEDED = N_("没有统一社会信用代码；税务授权数据只按代码对应企业。")
FIRM_UNKNOWN = N_("名录库没有代码为“%(text)s”的企业。")
FIRM_MERGED = N_("“%(name)s”已并入另一条登记。")
FIRM_NAMED = N_("代码对应的企业叫“%(name)s”，表里写的是“%(text)s”。")
NO_CONSENT = N_("没有企业授权；金额没有读取，也不保存。")
PERIOD_NEEDED = N_("没有写所属期。")
PERIOD_WRONG = N_("所属期“%(text)s”看不懂，请写 2021-09（1 至 9 月累计）或 2020（全年）。")
PERIOD_FUTURE = N_("%(period)s 尚未结束。")
NO_AMOUNT = N_("没有金额。")
NO_UNIT = N_("金额没有写明单位；请在表头写明，例如“营业收入（元）”。")
TWICE = N_("与第 %(row)s 行是同一企业同一期的同一种数据。")

DIFFERS = N_("与企业登记数相差 %(share)s")
DIFFERS_ZERO = N_("企业登记数为 0")
NO_OWN = N_("企业没有登记同期数")
AFFIRMING = (
    "是",
    "有",
    "已",
    "√",
    "✓",
    "y",
    "yes",
    "1",
    "true",
    "同意",
    "已同意",
    "授权",
    "已授权",
    "已签",
    "已签署",
    "已提供",
    "企业已授权",
    "企业同意",
)
"""What says that a firm agreed, beside a letter of consent by its number, or a day."""
DENYING = r"拒|不|未|无|没|撤|取消|待|过期|失效|终止|作废|否|n/?a"
"""Of a longer text: whoever writes so did not agree, or not any more."""
CONSENT_UNCLEAR = N_("“%(text)s”看不出企业是否授权，请写“是”“否”，或授权书编号、授权日期。")
PERIOD_UNCLEAR = N_("“%(text)s”看不出是当月数还是1月至该月的累计数，请写成“2021年1-9月”；这里只收累计数和全年数。")
REFUSING = ("否", "无", "未", "未授权", "没有", "不同意", "未同意", "n", "no", "0", "×", "x", "/", "-", "--", "—")
"""What stands in the column of consent where there is none."""
