"""Acts on accounts that need two people: what they are called, who asks for them, how long they wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from registry.base.labels import N_
from registry.base.vocabulary import ApprovalKind


class ApprovalOutcome(StrEnum):
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


ASKED_WITH: Mapping[str, str] = MappingProxyType(
    {
        ApprovalKind.ROLES: "role.grant",
        ApprovalKind.PASSWORD: "password.ask",
        ApprovalKind.STOP: "user.manage",
        ApprovalKind.RESTORE: "user.manage",
    }
)
"""The permission to ask for each kind; the terminal asks for a rescue, and nobody confirms it."""

LIFETIME = timedelta(days=7)
"""What nobody decides within it is void."""

RESCUE_WAIT = timedelta(days=10)
"""Longer than any holiday: an administrator who is there signs in within it, and ends the rescue by that."""

RESCUE_LIFETIME = timedelta(days=30)

ENOUGH = 2
"""So many administrators can do everything between them: one asks, the other confirms."""

KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {
        ApprovalKind.ROLES: N_("更改角色"),
        ApprovalKind.PASSWORD: N_("重设密码"),
        ApprovalKind.STOP: N_("停用管理员"),
        ApprovalKind.RESTORE: N_("恢复账号"),
        ApprovalKind.RESCUE: N_("应急重置管理员密码"),
    }
)

OUTCOME_LABELS: Mapping[str, str] = MappingProxyType(
    {
        ApprovalOutcome.CONFIRMED: N_("已确认"),
        ApprovalOutcome.REFUSED: N_("不予确认"),
        ApprovalOutcome.WITHDRAWN: N_("已撤回"),
        ApprovalOutcome.EXPIRED: N_("逾期失效"),
    }
)

FIRST_PASSWORD = N_("新建账号的初始密码")
TERMINAL = N_("服务器终端")

# What stands in the way, and what to do.
OPEN_ALREADY = N_("该账号已有一项“%(kind)s”申请待确认，请先处理那一项。")
NOT_STOPPED = N_("该账号没有停用，不需要恢复。")
STOPPED_ALREADY = N_("该账号已停用。")
STOPPED_AT_ONCE = N_("停用该账号不需要另一人确认，请直接办理。")
TERMINAL_CLOSED = N_("三类管理员都已到位，终端不再单独办理账号事项。请由一名管理员在“用户与角色”中提出，另一名确认。")
TERMINAL_ADMINISTRATORS = N_(
    "终端只设立三类管理员（system_admin、security_admin、audit_admin），其他账号由他们在网页上办理。"
)
RESCUE_NEEDLESS = N_("三类管理员尚未到位，请直接用 registry user password 设定密码。")
RESCUE_ADMINISTRATORS = N_("应急重置只用于管理员账号，其他账号由两名管理员在网页上重设密码。")
RESCUE_CLOCK = N_("应急重置按机器自己的时间等候，请先去掉 REGISTRY_TODAY。")
RESCUE_DEMO = N_(
    "演示库有自己的日期，应急重置等不到期。演示账号的初始密码是公开的；改过又遗忘的，请另建空库，再运行 registry demo。"
)
RESCUE_EARLY = N_("还在等候期内，%(day)s 起才能办理。")
RESCUE_HIMSELF = N_("该管理员在等候期内登录过，不需要应急重置；此项申请作废。")
RESCUE_OTHERS = N_("等候期内有两名管理员登录过，请由他们在网页上重设密码；此项申请作废。")
