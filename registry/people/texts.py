"""The sentences that refuse an act on an account."""

from __future__ import annotations

from registry.base.labels import N_

LAST_OF_ROLE = N_("“%(role)s”须始终有一个启用的账号，请先让接任者就任，再办理此项。")


NOT_FOUNDED = N_(
    "三类管理员尚未到齐，还缺%(roles)s，到齐之前不能确认任何申请。请在服务器终端逐个设立："
    "registry user create 用户名 --name 姓名 --office system --role 角色，角色填 %(codes)s，密码由本人输入。"
)
