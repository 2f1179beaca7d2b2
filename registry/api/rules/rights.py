"""Who may ask for, confirm, take out and revoke tokens, and what that is called."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.trail.texts import Words

_KEEPERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


def _keeps(actor: Actor, _: Any) -> bool:
    return actor.holds(*_KEEPERS)


def _confirms(actor: Actor, token: Any) -> bool:
    """Another administrator than the one who asked: what a token reads is seen by neither of them alone."""
    waits = token.confirmed_at is None and token.revoked_at is None
    return waits and actor.holds(Role.SECURITY_ADMIN) and actor.user_id != token.asked_by_id


def _issues(actor: Actor, token: Any) -> bool:
    """Whoever asked, once, after it was confirmed."""
    ready = token.confirmed_at is not None and token.issued_at is None and token.revoked_at is None
    return ready and actor.holds(Role.SYSTEM_ADMIN) and actor.user_id == token.asked_by_id


def _revokes(actor: Actor, token: Any) -> bool:
    """One alone: it takes something away and gives nobody anything."""
    return token.revoked_at is None and actor.holds(*_KEEPERS)


PERMISSIONS = {
    "token.list": _keeps,
    "token.ask": lambda actor, _: actor.holds(Role.SYSTEM_ADMIN),
    "token.confirm": _confirms,
    "token.issue": _issues,
    "token.revoke": _revokes,
}
WORDS = Words(
    verbs={
        "ask_token": N_("申请接口令牌"),
        "confirm_token": N_("确认接口令牌"),
        "issue_token": N_("取出接口令牌"),
        "revoke_token": N_("停用接口令牌"),
        "use_token": N_("接口取数汇总"),
    },
    subjects={"api_token": N_("接口令牌"), "api_use": N_("接口取数")},
    fields={
        ("api_token", "scopes"): N_("可读范围"),
        ("api_token", "expires_on"): N_("到期日"),
        ("api_use", "resource"): N_("资源"),
        ("api_use", "requests"): N_("次数"),
        ("api_use", "since"): N_("自"),
    },
    permissions={
        "token.list": N_("查看接口令牌"),
        "token.ask": N_("申请接口令牌"),
        "token.confirm": N_("确认接口令牌"),
        "token.issue": N_("取出接口令牌"),
        "token.revoke": N_("停用接口令牌"),
    },
)
