"""Labels and sentences of qualifications."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_

STATE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "valid": N_("有效"),
        "first": N_("即将到期"),
        "last": N_("临近到期"),
        "expired": N_("已过期"),
        "future": N_("尚未生效"),
        "voided": N_("已作废"),
        "renewed": N_("已换证"),
        "corrected": N_("已更正"),
    }
)
"""By `rules.states.QualificationState`; of `first` and `last` a page says the days instead (`WITHIN`)."""
HOLDER_LABELS: Mapping[str, str] = MappingProxyType({"firm": N_("企业"), "institution": N_("平台机构")})
"""By the table in which the holder stands."""
WITHIN = N_("%(days)s日内到期")
REPLACED = N_("已换证或更正")

# -- what cannot stand ----------------------------------------------------------------------------
KIND_UNKNOWN = N_("没有资质种类“%(text)s”，请从下拉中选择：%(known)s。")
NUMBER_NEEDED = N_("请填写证书编号。")
NUMBER_EMPTY = N_("“%(text)s”没有字母也没有数字，不会是证书编号。")
NUMBER_MASKED = N_("证书编号里有星号，请填写完整的编号。")
NUMBER_IS_CODE = N_("“%(text)s”是统一社会信用代码，不是证书编号。")
NUMBER_LONG = N_("证书编号最长 %(limit)s 个字符。")
ISSUER_NEEDED = N_("请填写发证机关。")
FROM_NEEDED = N_("请填写有效期起始日期。")
TO_NEEDED = N_("请填写有效期截止日期；长期有效的请写明“长期”。")
TO_BEFORE_FROM = N_("有效期截止日期早于起始日期。")
BOTH_TERMS = N_("填了截止日期，又选了长期有效，请只保留一项。")
RENEWAL_EARLIER = N_("换证后的有效期须晚于原证：原证自 %(start)s 至 %(end)s。")
HELD_HERE = N_("“%(name)s”已登记同种类、同编号的资质，同一证书不能登记在两家名下。")
HELD_ELSEWHERE = N_("同种类、同编号的资质已登记在另一家名下，同一证书不能登记两次，请核对证书原件。")
ALREADY = N_("本单位名下已登记这一资质；期限或内容有变的，请在原记录上换证或更正。")
NOT_STANDING = N_("该资质已换证、更正或作废，不能再办理，请刷新页面。")
NOTHING_CHANGED = N_("没有任何改动。")
NOT_THIS_PAPER = N_("所选材料不是持证单位的，或已作废。")
TWO_PAPERS = N_("选了已有材料，又上传了文件，请只保留一项。")
ITEMS_OF_NONE = N_("“%(kind)s”不是检测机构的资质，不登记检测项目。")
ITEM_PARTS = N_("第 %(line)s 行有 %(count)s 段，应为“对象 | 参数 | 标准”至多三段。")
ITEM_EMPTY = N_("第 %(line)s 行没有检测对象。")
ITEM_LONG = N_("第 %(line)s 行过长，每段最长 %(limit)s 个字。")
ITEMS_MANY = N_("检测项目共 %(count)s 行，最多 %(limit)s 行。")

# -- what is doubted ------------------------------------------------------------------------------
DOUBT_NUMBER = N_("编号“%(text)s”与“%(kind)s”常见的样式不同（%(form)s）。")
DOUBT_TERM = N_("有效期超过 %(years)s 年，与“%(kind)s”通常的期限不同。")
DOUBT_SAME_KIND = N_("该单位已有一份“%(kind)s”（编号 %(number)s）；如为换证，请在原记录上办理。")
DOUBT_PAST = N_("这份资质在登记时已经过期。")
DOUBT_UNANSWERED = N_("有 %(count)s 处存疑，请核对证书；确认无误的，写明依据后再保存。")

# -- a workbook of them ---------------------------------------------------------------------------
OUTCOME_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "new": N_("新增"),
        "renewed": N_("换证"),
        "corrected": N_("更正"),
        "same": N_("相同"),
        "refused": N_("不收"),
    }
)
"""By `services.judging.RowOutcome`."""
DOUBTFUL = N_("存疑")
HEADINGS_MISSING = N_("表头不全：须有“企业名称”“资质种类”“证书编号”。")
NO_ROWS = N_("表里没有资质。")
ROWS_MANY = N_("表里有 %(count)s 行，一次最多 %(limit)s 行，请拆开后分次导入。")
CHANGES_MANY = N_("将写入 %(count)s 条，一次最多 %(limit)s 条，请拆开后分次导入。")
HOLDER_NEEDED = N_("没有持证单位名称，也没有统一社会信用代码。")
HOLDER_UNKNOWN = N_("在本单位可以查看的企业和平台机构中没有找到“%(text)s”。")
HOLDER_SEVERAL = N_("有 %(count)s 家叫“%(text)s”，请填写统一社会信用代码；代码也相同的，请在页面上登记。")
FIRM_MERGED = N_("“%(name)s”已并入另一条登记，请填保留企业。")
HOLDER_NAMED = N_("代码对应的单位叫“%(name)s”，表里写的是“%(text)s”。")
NO_RIGHT = N_("本单位不办理这一家的资质。")
RECORD_WRONG = N_("登记号“%(text)s”不是数字。")
RECORD_GONE = N_("登记号 %(number)s 不是这一家现行的资质，可能已换证、更正或作废。")
KIND_CHANGED = N_("登记号 %(number)s 的资质种类不能改；登记错的请作废后重新登记。")
TWICE = N_("与第 %(row)s 行是同一份资质。")
ITEMS_LEFT = N_("检测项目太多，没有写在表里（%(count)s 项），请在页面上维护")
SETTLED = N_("这份工作簿已经处理，不能再办理。")
MOVED = N_("预览之后数据又有变化，下面是按现在的数据重新核对的结果，请再看一遍。")
NOTHING_TO_APPLY = N_("没有可以写入的内容。")
REASON_NEEDED = N_("有更正或存疑的内容，请写明依据。")

# -- reading kinds of a file ----------------------------------------------------------------------
PATTERN_WRONG = N_("“%(text)s”不是可用的编号样式。")
