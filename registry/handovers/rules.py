"""Who may name a deputy or a successor, and what stands in the way; a hand-over grants no role."""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from itertools import chain, count
from typing import Any

from registry.base.errors import FieldError
from registry.base.labels import N_
from registry.base.permissions import Actor, has_business
from registry.base.vocabulary import Role

MOST_DAYS = 184
"""The longest absence at one go; a longer one is named again, so that nobody stands in for ever."""
REASON_MOST = 200
LATER = "later"
"""Chosen in place of a successor where none is named yet."""


def days(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The days of an absence as they may stand; raises FieldError."""
    if first is None:
        raise FieldError("first_on", FIRST_NEEDED)
    if last is None:
        raise FieldError("last_on", LAST_NEEDED)
    if last < first:
        raise FieldError("last_on", LAST_BEFORE_FIRST)
    if last < today:
        raise FieldError("last_on", LAST_IS_OVER)
    if (last - first).days >= MOST_DAYS:
        raise FieldError("last_on", TOO_LONG)
    return first, last


def told_apart(name: str, taken: Set[str], giver: str, most: int) -> str:
    """`name`, or where it is taken the same with whose it was, and a number where that is taken too; cut to `most`."""
    tries = chain((name,), (f"（{giver}{number}）" for number in chain(("",), map(str, count(2)))))
    for place, tried in enumerate(tries):
        found = tried if place == 0 else name[: most - len(tried)] + tried
        if found not in taken:
            break
    return found


def _names(actor: Actor, user: Any) -> bool:
    """The person for themselves; the administrator of accounts for somebody who no longer can."""
    if actor.holds(Role.SYSTEM_ADMIN):
        return bool(actor.user_id != user.id)
    return has_business(actor) and actor.user_id == user.id


def _ends(actor: Actor, row: Any) -> bool:
    if row.ended_at is not None:
        return False
    return actor.holds(Role.SYSTEM_ADMIN) or (has_business(actor) and actor.user_id == row.absent_id)


PERMISSIONS = {
    "deputy.own": has_business,
    "deputy.name": _names,
    "deputy.end": _ends,
    "work.hand_over": lambda actor, _: actor.holds(Role.SYSTEM_ADMIN),
}

FIRST_NEEDED = N_("请填写开始日期。")
LAST_NEEDED = N_("请填写结束日期。")
LAST_BEFORE_FIRST = N_("结束日期不能早于开始日期。")
LAST_IS_OVER = N_("结束日期已过，请填写今天或以后的日期。")
TOO_LONG = N_("一次代办最长半年；时间更长的，期满前重新指定。")
OVERLAPS = N_("%(first)s 至 %(last)s 已指定%(deputy)s代办；请先提前结束那一项，或另选日期。")
NOT_A_COLLEAGUE = N_("请选择本单位一名在用账号的同事；代办和接任都不能跨单位。")
DEPUTY_WITHOUT_ROLE = N_("所选同事没有业务角色，看不到需要代办的事项。")
NOTHING_OPEN = N_("该账号没有需要交接的事项。")
ROLE_MISSING = N_(
    "“%(label)s”须由具有下列角色之一的同事接任：%(roles)s。交接不授予角色；"
    "请先由安全管理员提出授予角色、另一名管理员确认，再办理交接。"
)
COUNTS_CHANGED = N_("未办事项刚刚有变化，下面是现在的数目，请核对后再确认。")
