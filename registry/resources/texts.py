"""Labels and sentences of shared resources."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_

STATE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "released": N_("已发布"),
        "future": N_("已发布，尚未生效"),
        "suspended": N_("暂停发布"),
        "waiting": N_("待发布"),
        "private": N_("不公开"),
        "expired": N_("已过期"),
        "voided": N_("已作废"),
    }
)
"""By `rules.states.ResourceState`."""
STATE_NOTES: Mapping[str, str] = MappingProxyType(
    {
        "suspended": N_("所属单位已不在名录，不对外公布。"),
        "expired": N_("已过有效期，不算已发布；仍在提供的，请更正有效期。"),
        "private": N_("所属单位没有同意发布，只有本单位范围内的人看得到。"),
        "waiting": N_("所属单位同意发布，待主管部门发布。"),
        "future": N_("到有效期起始日才对外公布。"),
    }
)
CATEGORY_LABELS: Mapping[str, str] = MappingProxyType(
    {"instrument": N_("仪器设备"), "laboratory": N_("实验室和设施"), "service": N_("科技服务")}
)
"""By `rules.states.ResourceCategory`."""
SORT_LABELS: Mapping[str, str] = MappingProxyType(
    {"name": N_("资源"), "kind": N_("种类"), "division": N_("所在地"), "valid_to": N_("有效期")}
)
SERIAL_WORDS = "编号|序列号|出厂编号"
"""What may stand before a serial number and is no part of it."""
CASE_KIND = "voucher-service"
"""The kind of cases that pay for services (`seeds/cases`)."""

# -- what cannot stand ----------------------------------------------------------------------------
KIND_NEEDED = N_("请选择资源种类。")
KIND_UNKNOWN = N_("没有资源种类“%(text)s”，请从下拉中选择：%(known)s。")
NAME_NEEDED = N_("请填写资源名称。")
CAPABILITY_NEEDED = N_("请填写功能和服务内容。")
PLACE_NEEDED = N_("请选择所在县区或功能区。")
FROM_NEEDED = N_("请填写有效期起始日期。")
TO_NEEDED = N_("请填写有效期截止日期；长期有效的请写明“长期”。")
TO_BEFORE_FROM = N_("有效期截止日期早于起始日期。")
BOTH_TERMS = N_("填了截止日期，又选了长期有效，请只保留一项。")
NUMBERED_ONLY = N_("“%(kind)s”没有厂商、型号和出厂编号，请改选种类或清空这几栏。")
SERIAL_EMPTY = N_("“%(text)s”没有字母也没有数字，不会是出厂编号。")
OWNER_NEEDED = N_("请填写所属单位的统一社会信用代码或全称。")
OWNER_UNKNOWN = N_("在本单位可以查看的企业和平台机构中没有找到“%(text)s”。")
OWNER_SEVERAL = N_("有 %(count)s 家单位叫“%(text)s”，请填写统一社会信用代码。")
OWNER_NAMED = N_("代码对应的单位叫“%(name)s”，填的是“%(text)s”。")
OWNER_MERGED = N_("“%(name)s”已并入另一条登记，请填保留企业。")
NO_RIGHT = N_("本单位不办理“%(name)s”的科技资源。")
VOIDED = N_("该资源已作废，不能再办理。")
NOTHING_CHANGED = N_("没有任何改动。")
MASKED = N_("%(heading)s隐去了部分内容，请填完整内容。")

# -- what is doubted ------------------------------------------------------------------------------
SAME_SERIAL = N_("出厂编号 %(serial)s 与“%(name)s”（%(owner)s，登记号 %(number)s）相同，可能是同一台。")
SAME_SERIAL_BEYOND = N_("出厂编号 %(serial)s 与%(office)s登记的一项相同，可能是同一台，请联系核实。")
SAME_NAME = N_("该单位已登记同名的同类资源（登记号 %(number)s）。")
DOUBT_PAST = N_("有效期截止日期已过。")
DOUBTS_UNANSWERED = N_("有 %(count)s 处存疑，请核对；确认无误的，写明依据后再保存。")

# -- releasing ------------------------------------------------------------------------------------
NOT_WISHED = N_("所属单位没有同意发布，请先在更正中登记其同意。")
NO_CONTACT = N_("没有预约联系人或电话，发布后无法预约，请先补齐。")
OWNER_GONE = N_("所属单位不在名录（未入库、已出库或已作废），不能发布。")
EXPIRED = N_("已过有效期，不能发布，请先更正有效期。")
ALREADY_RELEASED = N_("已经发布，不用再发布。")
NOT_RELEASED = N_("没有发布，不用撤回。")
ENDED_BY_EDIT = N_("内容更正，须重新发布")
ENDS_RELEASE = N_("这项资源已发布；更正公开的内容后撤回发布，待重新发布。")

# -- cases that paid ------------------------------------------------------------------------------
CASE_NEEDED = N_("请填写创新券事项的编号。")
CASE_UNKNOWN = N_("在本单位可以查看的事项中没有编号“%(number)s”。")
CASE_OTHER_KIND = N_("%(number)s 是“%(kind)s”，只能关联服务类创新券事项。")
CASE_DRAFT = N_("%(number)s 还没有提交，不能关联。")
CASE_REFUSED = N_("%(number)s 未予补助，不能关联。")
CASE_LINKED = N_("%(number)s 已经关联。")
LINK_GONE = N_("这项关联已经取消。")

# -- a workbook of them ---------------------------------------------------------------------------
OUTCOME_LABELS: Mapping[str, str] = MappingProxyType(
    {"new": N_("新增"), "corrected": N_("更正"), "same": N_("相同"), "refused": N_("不收")}
)
"""By `services.judging.ResourceOutcome`."""
DOUBTFUL = N_("存疑")
HEADINGS_MISSING = N_("表头不全：须有“资源名称”“资源种类”“所属单位”。")
NO_ROWS = N_("表里没有科技资源。")
RECORD_WRONG = N_("登记号“%(text)s”不是数字。")
RECORD_GONE = N_("登记号 %(number)s 不是该单位现有的资源，可能已作废。")
NOT_OURS = N_("登记号 %(number)s 是其他单位登记的资源，本单位只能查看，不能更正。")
TWICE = N_("与第 %(row)s 行是同一项资源。")
YES_OR_NO = N_("请填“是”或“否”。")
DIVISION_UNKNOWN = N_("没有县区或功能区“%(text)s”。")
OWNER_MERGED_RELEASE = N_("所属企业已并入其他企业，须由保留企业重新同意并发布")
