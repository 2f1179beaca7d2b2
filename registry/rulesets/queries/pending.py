"""Drafts of rules that this very person may check."""

from __future__ import annotations

from sqlalchemy import Select

from registry.base.labels import N_
from registry.base.pending import Pending
from registry.base.permissions import Actor, can
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts


def to_check(actor: Actor) -> Select[RuleDraft] | None:
    return drafts.to_check(actor) if can(actor, "ruleset.draft") else None


def own_drafts(actor: Actor) -> Select[RuleDraft] | None:
    """What the person is still writing."""
    if not can(actor, "reference.draft"):
        return None
    mine = RuleDraft.prepared_by_id == actor.user_id
    return drafts.drafts(actor).where(mine, RuleDraft.outcome.is_(None), RuleDraft.submitted_at.is_(None))


WAITING = (
    Pending("rule", N_("规则草案待复核"), "rulesets.drafts", to_check, is_task=False, counter="rules"),
    Pending("own_rule", N_("本人未送核的草案"), "rulesets.drafts", own_drafts, is_task=False),
)
