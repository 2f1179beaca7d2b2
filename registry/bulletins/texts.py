"""The words of bulletins: names of numbers as wordings use them, states, what stops one, what is printed beside."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.errors import RegistryError
from registry.base.labels import N_

_FIGURES = "[〇零一二三四五六七八九十百千万亿两]+"
COUNT_WORDS = rf"[百千]分之{_FIGURES}|(?<!\d)(?!一[个项次条批份名人])(?:{_FIGURES}|[数几][十百千万]+)[余多]?(?=[家项个户件次条份批名人成倍元])"
"""A number written in characters, before a word of counting, or a share; `一个`, `一批` are turns of speech."""
PLAIN = {ord("{"): "（", ord("}"): "）", ord("|"): "／"}
"""What would break the mark of a number, and how it is shown instead."""

# -- names of numbers -----------------------------------------------------------------------------
# Of the whole city; wordings write them as {新入库}.
PERIOD = MappingProxyType({"city": "城市", "year": "年", "quarter": "季", "as_of": "截至日", "months": "月份"})
FIRMS = MappingProxyType(
    {
        "listed": "在库",
        "admitted": "在库培育",
        "qualified": "达标应入",
        "under_way": "在审",
        "enrolled": "四上",
    }
)
"""Firms of the directory on the quarter's last day."""
CHANGES = MappingProxyType(
    {
        "entered": "新入库",
        "left": "退出",
        "crossed": "新达标",
        "filed": "新申报",
        "confirmed": "新确认",
        "refused": "未通过",
        "merged": "合并",
        "renamed": "更名",
        "corrected": "更正",
    }
)
"""Changes of the quarter; a firm that came, left and came again came twice, as in the movement of the quarter's page."""
YEAR = MappingProxyType({"entered": "本年新入库", "left": "本年退出", "filed": "本年申报", "confirmed": "本年确认"})
"""The same of the year's closed quarters up to this one."""
DERIVED = MappingProxyType(
    {
        "before": "上季在库",
        "net": "净变动",
        "grown": "净增",
        "shrunk": "净减",
        "decided": "办结",
        "pass_rate": "通过率",
        "offices": "参加确认单位数",
        "uncertified": "未确认单位数",
    }
)
TARGET = MappingProxyType(
    {
        "name": "名称",
        "plan": "方案",
        "amount": "目标数",
        "unit": "单位",
        "counted": "已计数",
        "under_way": "在办",
        "before": "上年同期",
        "more": "增加",
        "fewer": "减少",
        "expected": "应完成",
        "needed": "还差",
        "light": "评价",
        "has_rows": "有记录",
        "no_rows": "无记录",
    }
)
MEASURE = MappingProxyType(
    {
        "code": "编号",
        "title": "名称",
        "offices": "责任单位",
        "tasks": "任务数",
        "done": "已完成",
        "on_track": "按进度",
        "behind": "落后",
        "overdue": "逾期",
    }
)
TASK = MappingProxyType(
    {
        "office": "单位",
        "title": "名称",
        "measure": "措施",
        "due_on": "时限",
        "done": "完成数",
        "aim": "目标数",
        "expected": "应完成",
        "light": "评价",
        "said": "进展",
    }
)
PLACE = MappingProxyType({"name": "名称", "share": "占比", "net": "净变动"})
"""Beside those of firms and changes."""
VOUCHER = MappingProxyType(
    {
        "year": "年度",
        "paid": "拨付笔数",
        "paid_yuan": "拨付金额",
        "quarter_paid": "本季拨付笔数",
        "quarter_yuan": "本季拨付金额",
    }
)
"""Of a year of innovation vouchers; amounts in yuan, to the fen."""
CERTIFICATE = MappingProxyType({"office": "单位", "standing": "状态", "reason": "理由"})
EACH = MappingProxyType(
    {
        "target": "目标",
        "measure": "措施",
        "task": "任务",
        "late": "滞后任务",
        "place": "地区",
        "uncertified": "未确认",
        "voucher": "创新券",
    }
)
"""What a line of wording may stand for once each; its numbers are written {目标.已计数}."""

PAID_ROW = "{day} 拨付 {yuan} 元"
ITEM_KEY = "{kind}:{item}.{name}"
IN_WORDING = "{kind}.{name}"
DESCRIBED = "{of}：{name}"
NO_ROWS = "尚无记录"
PLACE_UNKNOWN = "地区不明"
MONTHS_FORM = "{first}—{last}月"
PERCENT_FORM = "{share}%"
FIRST_NUMBERS = "一二三四五六七八九十"
"""Numerals of headings."""
FIRST_HEADING = "{number}、{text}"
SECOND_HEADING = "（{number}）{text}"
RECIPIENTS_END = "："

LEVEL_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "title": N_("标题"),
        "recipients": N_("主送机关"),
        "first": N_("一级标题"),
        "second": N_("二级标题"),
        "body": N_("正文"),
    }
)
STATE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "drafting": N_("起草中"),
        "confirming": N_("各单位确认中"),
        "approved": N_("已批准，待印发"),
        "issued": N_("已印发"),
        "withdrawn": N_("已撤回"),
    }
)
STATE_TONES: Mapping[str, str] = MappingProxyType(
    {"drafting": "plain", "confirming": "warn", "approved": "info", "issued": "ok", "withdrawn": "plain"}
)
STANDING_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "confirmed": N_("已确认"),
        "refused": N_("有异议"),
        "changed": N_("确认后数字有变动，已失效"),
        "missing": N_("未确认"),
    }
)
STANDING_TONES: Mapping[str, str] = MappingProxyType(
    {"confirmed": "ok", "refused": "bad", "changed": "warn", "missing": "warn"}
)

# -- what is printed beside the text --------------------------------------------------------------
PLACES_TABLE = "附表1　各县（市、区）和功能区情况（家）"
PLACES_HEADINGS = ("地区", "在库", "新入库", "退出", "净增", "达标应入", "在审", "四上", "新确认")
TARGETS_TABLE = "附表2　目标进展"
TARGETS_HEADINGS = ("目标", "目标数", "已计数", "在办", "还差", "应完成", "上年同期", "评价")
TASKS_TABLE = "附表3　年度责任清单"
TASKS_HEADINGS = ("措施", "单位", "任务", "完成时限", "完成数", "目标数", "评价")
TOTAL = "合计"
TABLE_NOTE = "功能区的企业列在功能区名下，不重复计入所在县（市、区）；退出含出库、退库和合并；净增为新入库减退出。"
LIGHT_NOTE = "评价：达到目标数为已完成；期限已过为逾期；应完成数＝目标数×已过天数÷总天数（只取整数），已计数不少于应完成数为按进度，否则为落后。"
FUNNEL_TITLE = "图1　各阶段企业数（家）"
MOVEMENT_TITLE = "图2　本季在库企业变动（家）"
SOURCE_LINES = (
    "数据来源：企业培育名录库%(quarter)s名录，数据截至%(as_of)s，%(closed)s由%(by)s冻结。文中数字%(but)s均取自冻结的数据，冻结后的更正计入以后季度。",
    "名录摘要（SHA-256）：%(digest)s",
    "留痕链首：%(chain)s",
)
SOURCE_ERRATUM = "本文更正%(title)s（%(day)s印发，摘要 %(digest)s）。"
SOURCE_WITHOUT = "未经下列单位确认：%(names)s。理由：%(reason)s"
SOURCE_WORDING = "文字模板第%(number)s版；手工修改的段落%(edited)s处，删去的段落%(removed)s处。"
SOURCE_BUT_BY_HAND = "除手工填写的外"
SOURCE_BY_HAND = "手工填写、不取自冻结数据的数：%(numbers)s。"
QUARTER_FORM = "{year}年第{quarter}季度"
ERRATUM_TITLE = "关于更正{old}的通知"
ERRATUM_BODY = "{old}（{day}印发）有误，现更正如下："
OLD_TITLE_FORM = "《{title}》"
OLD_KIND, OLD_NAMES = "原文", ("标题", "印发日期")
STAGE_KIND, STEP_KIND, PICTURE_NUMBER = "阶段", "变动", "家数"
"""Numbers of the pictures."""
WORDS_JOINT, NAMES_JOINT = "，", "、"
NOT_FOR_STATISTICS = "培育参考，不作统计上报依据"

# -- refusals -------------------------------------------------------------------------------------
WORDING_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "unknown": N_("第 %(line)s 行：没有名为“%(text)s”的数字，可用的名称见下表。"),
        "digits": N_("第 %(line)s 行：“%(text)s”是写死的数字；数字须取自冻结的数据，请改用 {名称}。"),
        "braces": N_("第 %(line)s 行：花括号或方括号不成对，请核对。"),
        "when": N_("第 %(line)s 行：条件“%(text)s”不是数字的名称。"),
        "level": N_("第 %(line)s 行：层级“%(text)s”无法识别，请填 title、recipients、first、second 或 body。"),
        "each": N_("第 %(line)s 行：逐项“%(text)s”无法识别，可填：目标、措施、任务、滞后任务、地区、未确认，或留空。"),
        "title": N_("模板须有且只有一行标题，标题不带条件，也不逐项。"),
    }
)
BULLETIN_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "not_closed": N_("%(quarter)s 尚未冻结，冻结后才能编印通报。"),
        "nothing_kept": N_("%(quarter)s 冻结时没有留存目标和责任清单的进展（当时的版本尚无通报），不能编印。"),
        "open": N_("%(quarter)s 已有一份未印发的通报，请在其中办理。"),
        "issued": N_("%(quarter)s 的通报已经印发；需要更正的，请起草更正通知。"),
        "no_wording": N_("还没有文字模板，请先保存一份。"),
        "not_concerned": N_("这份通报没有本单位的数字，不需要确认。"),
        "changed": N_("您查看之后这份通报又有改动，请核对后再确认。"),
        "day": N_("印发日期不能早于批准日期，也不能晚于今天。"),
        "braces": N_("花括号不成对，或数字的出处被删改。请照原样保留 {数字|出处}；要删掉一个数，连花括号一起删。"),
        "unknown": N_("出处“%(key)s”不在本季的数据中，请照原样保留，或从下面的清单中选用。"),
        "empty": N_("请填写内容；不要这一段的，请用“删去”。"),
        "title": N_("标题不能删去。"),
        "wording_seen": N_("模板刚才已由他人改过，请核对后再保存。"),
    }
)


class BulletinStopped(RegistryError):
    """`problems`: sentences, each with what is wrong and where."""

    template = N_("还有问题，不能继续：%(problems)s")

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems="；".join(problems))
        self.problems = problems


PROBLEMS: Mapping[str, str] = MappingProxyType(
    {
        "differs": N_("第 %(line)s 段的“%(shown)s”与数据不符，应为“%(expected)s”（%(key)s）"),
        "unknown": N_("第 %(line)s 段的“%(shown)s”出处（%(key)s）不在本季数据中"),
        "source": N_("冻结的 %(quarter)s 名录核验不符，请先由审计管理员核验"),
        "facts": N_("数据重新计算后与起草时不同：%(keys)s"),
        "long": N_("全文 %(length)s 字，超过 %(limit)s 字，请精简，或写明为什么需要这么长"),
        "unconfirmed": N_("还有单位没有确认：%(names)s，请等待确认，或写明为什么不等"),
    }
)
