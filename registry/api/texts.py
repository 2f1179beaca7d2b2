"""The words of the API: what is wrong with a request, what keeps a token from being made, states, descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from registry.base.labels import N_


class ProblemKind(NamedTuple):
    """The status of a problem, what it is called, and what is said of it."""

    status: int
    title: str
    detail: str


PROBLEMS: Mapping[str, ProblemKind] = MappingProxyType(
    {
        "off": ProblemKind(404, N_("接口未开通"), N_("本系统没有开通数据接口。")),
        "token-missing": ProblemKind(401, N_("没有令牌"), N_("请在请求头写明 Authorization: Bearer 令牌。")),
        "token-unknown": ProblemKind(401, N_("令牌无效"), N_("没有这个令牌，请核对是否完整，或向系统管理员申请。")),
        "token-revoked": ProblemKind(401, N_("令牌已停用"), N_("这个令牌已经停用。")),
        "token-expired": ProblemKind(401, N_("令牌已到期"), N_("这个令牌已经到期，请申请新的。")),
        "token-office-over": ProblemKind(
            401, N_("单位已撤并"), N_("令牌所属的单位已经撤并，令牌随之失效，请由承接的单位重新申请。")
        ),
        "scope": ProblemKind(403, N_("超出令牌范围"), N_("这个令牌不能读“%(scope)s”。")),
        "parameters": ProblemKind(400, N_("参数有误"), N_("请求的参数有误：%(names)s。")),
        "cursor": ProblemKind(409, N_("不能从这里接着取"), N_("cursor 不是这个查询给出的，请从第一页重新取。")),
        "cursor-or-now": ProblemKind(409, N_("不能从这里接着取"), N_("from=now 与 cursor 只能写一个。")),
        "not-found": ProblemKind(404, N_("没有找到"), N_("没有这一项，或不在令牌所属单位的范围内。")),
        "not-closed": ProblemKind(404, N_("没有找到"), N_("这个季度还没有冻结，没有逐户数据。")),
        "too-many": ProblemKind(429, N_("请求过多"), N_("每分钟至多 %(limit)s 次，请在 %(seconds)s 秒后再试。")),
    }
)
BY_STATUS: Mapping[int, ProblemKind] = MappingProxyType(
    {
        400: ProblemKind(400, N_("请求有误"), N_("无法理解这个请求。")),
        404: ProblemKind(404, N_("没有找到"), N_("没有这个地址，请查看接口说明。")),
        405: ProblemKind(405, N_("不支持的方法"), N_("接口只供读取：GET 或 HEAD。")),
        413: ProblemKind(413, N_("请求过大"), N_("请求过大。")),
        503: ProblemKind(503, N_("暂时不能回答"), N_("数据库正忙或暂时不可用，请稍后再试。")),
        500: ProblemKind(500, N_("系统错误"), N_("系统出错，已经记录。")),
    }
)
UNKNOWN_PARAMETER = N_("没有这个参数。")
UNFIT_PARAMETER = N_("这个参数的值不在说明的范围内。")
TWICE = N_("这个参数只能出现一次。")

TOKEN_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "office": N_("“%(office)s”没有名录业务，不能发给令牌。"),
        "office_over": N_("“%(office)s”已于 %(day)s 撤并，不能发给令牌。"),
        "scopes": N_("请至少选一项可读范围。"),
        "too_long": N_("到期日最晚为 %(day)s。"),
        "past": N_("到期日不能早于今天。"),
        "moved": N_("这个令牌的状态刚刚改变，请刷新后再看。"),
    }
)
STATE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "waiting": N_("待确认"),
        "confirmed": N_("已确认，待取出"),
        "active": N_("可用"),
        "refused": N_("不予确认"),
        "revoked": N_("已停用"),
        "expired": N_("已到期"),
        "office_over": N_("单位已撤并"),
    }
)
API_TITLE = N_("企业培育名录库数据接口")
API_ABOUT = N_(
    "供其他系统读取本单位范围内的数据，只读。数据是培育参考，不作统计上报依据。令牌由系统管理员申请、安全管理员确认，按单位发给；能读到的与该单位人员在页面上能看到的相同，不含联系人、自由填写的办件文字和材料内容。"
)
LIMIT_TEXT = N_("每页至多几条。")
CURSOR_TEXT = N_("上一页给出的 next；不写为第一页。")
RESOURCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "me": (N_("令牌本身"), N_("令牌属于哪个单位、能读什么、何时到期、每分钟至多几次。")),
        "ledger": (
            N_("名录台账"),
            N_(
                "本单位范围内的企业，按登记的先后。筛选条件与名录库页面地址中的相同；不认识的条件不会被忽略，而是答 400 并指明。"
            ),
        ),
        "firm": (
            N_("企业档案"),
            N_(
                "一家企业的登记内容、阶段、各期数据（来源、有无凭证、是否存疑）、资质和材料清单；没有联系人、文件名和材料内容。"
            ),
        ),
        "quarters": (
            N_("季度"),
            N_("已经结束的季度，最近的在前：季末在库、季内入库和出库的家数（本单位范围内），是否已冻结。"),
        ),
        "quarter_lines": (
            N_("季度逐户数据"),
            N_("已冻结的季度，逐户数据永不改变；范围按冻结时的归属。按企业编号排列。"),
        ),
        "plan": (
            N_("工作方案目标进度"),
            N_("现行方案的各项目标：目标数、本单位范围内已计的、申报中的；全市还差多少只有看全市的单位才有。"),
        ),
        "cases": (N_("事项"), N_("本单位申报或主管的事项，按登记的先后。")),
        "case": (N_("一个事项"), N_("事项的状态、经过、金额和选项、材料清单；自由填写的文字可能有个人信息，不列。")),
        "changes": (
            N_("变更流"),
            N_(
                "本单位范围内的企业发生了什么：新登记、有变化、更正、合并（并入哪一家）、撤销合并、作废；按提交的先后，不缺不漏；改由其他单位管理的企业不再给出，其档案答 404，请定期用台账核对。先取 from=now 的 cursor，再取全部台账，之后从这个 cursor 接着取，就不会漏掉。正在写入的导入完成之前，其后的变更暂不给出。"
            ),
        ),
    }
)
"""What each is called, and what it holds."""
