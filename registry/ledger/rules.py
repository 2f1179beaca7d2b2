"""Who may keep views of the ledger, and what they are called on the trail."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import Actor, can
from registry.trail.texts import Words


def _keeps(actor: Actor, view: Any) -> bool:
    """Whoever saved it."""
    return can(actor, "firm.list") and actor.user_id == view.owner_id


def _uses(actor: Actor, view: Any) -> bool:
    """Whoever saved it, and the people of the office it is shared with."""
    return can(actor, "firm.list") and (actor.user_id == view.owner_id or actor.office_id == view.office_id)


PERMISSIONS = {"view.use": _uses, "view.keep": _keeps}
WORDS = Words(
    verbs={
        "share_view": N_("共享视图"),
        "unshare_view": N_("停止共享视图"),
        "rename_view": N_("视图改名"),
        "delete_view": N_("删除视图"),
    },
    subjects={"ledger_view": N_("名录库视图")},
    fields={
        ("ledger_view", "name"): N_("名称"),
        ("ledger_view", "query"): N_("筛选条件"),
        ("ledger_view", "office"): N_("共享单位"),
    },
    permissions={"view.use": N_("使用名录库视图"), "view.keep": N_("管理名录库视图")},
)
