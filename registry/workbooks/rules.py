"""The workbook round trip in words: what may become of a returned cell, the states of a return, its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from registry.base.labels import N_
from registry.trail.texts import Words

VERSION = "1"
"""Of the layout; it stands in the file beside the token."""


class ReturnState(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    COMPARED = "compared"
    EQUAL = "equal"
    REFUSED = "refused"
    APPLYING = "applying"
    APPLIED = "applied"
    DISCARDED = "discarded"


class CellKind(StrEnum):
    """What a difference between the cell as issued, now and in the file means."""

    CONFLICT = "conflict"
    CLEAN = "clean"
    REFUSED = "refused"
    MISSING = "missing"
    UNKNOWN = "unknown"
    AGREED = "agreed"


WRITTEN = (CellKind.CLEAN, CellKind.CONFLICT)
"""What an application writes, a conflict as it was chosen."""


class CellChoice(StrEnum):
    """What is chosen of a conflict, and of a row that is gone from the file."""

    GIVEN = "given"
    NOW = "now"
    KEEP = "keep"
    WITHDRAW = "withdraw"


RUNNING = (ReturnState.WAITING, ReturnState.READING, ReturnState.APPLYING)
"""States in which a job is at work, or will be."""

STATE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        ReturnState.WAITING: N_("排队中"),
        ReturnState.READING: N_("比对中"),
        ReturnState.COMPARED: N_("待确认"),
        ReturnState.EQUAL: N_("没有改动"),
        ReturnState.REFUSED: N_("已拒收"),
        ReturnState.APPLYING: N_("写入中"),
        ReturnState.APPLIED: N_("已写入"),
        ReturnState.DISCARDED: N_("已放弃"),
    }
)
KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {
        CellKind.CONFLICT: N_("需要选定"),
        CellKind.CLEAN: N_("可以写入"),
        CellKind.REFUSED: N_("不能采用"),
        CellKind.MISSING: N_("文件中缺的行"),
        CellKind.UNKNOWN: N_("自行增加的行"),
        CellKind.AGREED: N_("两边一致"),
    }
)
OUTCOME_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "applied": N_("已写入"),
        "kept": N_("保持现值"),
        "withdrawn": N_("已撤回提名"),
    }
)

WORDS = Words(fields={("workbook_return", outcome): label for outcome, label in OUTCOME_LABELS.items()})

# -- why a file is refused as a whole -----------------------------------------------------------------
NO_TOKEN = N_("这不是本系统签发的工作簿：文件里找不到编号。请使用本页下载的工作簿；企业自有格式的名单请用“导入名单”。")
NOT_OURS = N_("本单位没有签发过编号为 %(token)s 的工作簿。请核对是否拿错了文件；只有签发单位的人员可以交回。")
NEWER = N_("这份工作簿的版式（%(version)s）比系统新，不能读取。请重新下载工作簿后填写。")
NO_BOOK = N_("这次交回没有对应的工作簿，不能生成改正工作簿。")
MONTH_OPEN = N_("请选择已经结束的月份。")
NOT_READ = N_("处理时出现意外错误，没有写入任何内容。请重试；仍不成功的，请联系技术人员。")

# -- why a cell is not taken --------------------------------------------------------------------------
FORMULA = N_("%(heading)s是公式，请改成数值：复制后用“选择性粘贴—数值”粘贴回原处")
LOCKED = N_("%(heading)s是锁定的标识列，不能在工作簿里修改；名称、代码有变化的，请在企业档案里办理")
ROW_MOVED = N_("名称、代码与本行的标识不符，可能只排序了部分列或串了行，本行没有采用；请重新下载工作簿后填写")
TWICE = N_("与第 %(row)s 行是同一家企业，只采用第 %(row)s 行")
NOT_OPEN = N_("该企业现在的阶段是“%(stage)s”，不能修改%(heading)s")
NOT_RETURNED = N_("%(heading)s未被退回，不能修改")
FIGURES_NOT_OPEN = N_("该企业现在不能登记%(heading)s")
NOT_HELD = N_("该企业现已不由本单位登记，或已并入其他企业，没有采用")
FIGURE_EMPTIED = N_("已登记的数不能清空；登记有误的，请填正确的数并写明更正理由")
REASON_NEEDED = N_("更正在库企业的资料或已登记的数，请在本行“更正理由”栏写明理由")
ASSURANCE_NEEDED = N_("数字存疑，请对照凭证核对；确认无误的，在本行“更正理由”栏写明理由后再交回")
NOT_UNDERSTOOD = N_("%(heading)s“%(text)s”没有读懂，没有采用；请从下拉中选择或按说明填写")
BOTH_CHANGED = N_("签发之后系统里也有人改过，请选择采用哪个值")
DOUBTFUL = N_("数字与其他各期不合，请对照凭证后选择")
EMPTIED = N_("文件里清空了这一格，请选择清空还是保留")
CONTACT_CLOSED = N_("本簿签发时没有包含联系人，已有企业的%(heading)s请在企业档案里修改")
CHANGED_SINCE = N_("核对之后又有人改过，请重新选择")

# -- why an application goes back ---------------------------------------------------------------------
MOVED = N_("核对之后，有 %(count)s 格又有变动，没有写入任何内容。请按现在的值重新选择后再确认。")
PARTLY = N_("已写入 %(written)s 格；另有 %(count)s 格写入时又有变动或不能写入，没有采用。请按现在的值核对后再确认。")
CELL_REFUSED = N_("“%(firm)s”有一格不能写入，没有写入任何内容；该格已标为“不能采用”，请核对后再确认。")
CHOICES_NEEDED = N_("还有 %(count)s 处没有选择，请逐项选定后再确认。")
STATE_MOVED = N_("这次交回现在是“%(state)s”，不能执行此操作。请刷新页面后再操作。")
NOTHING_TO_APPLY = N_("没有可以写入的内容。")
