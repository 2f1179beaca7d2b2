"""A bureau's desk: its cases by age, the overdue on top, and one press to begin with the oldest."""

from __future__ import annotations

from typing import Any

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.vocabulary import Role, Stage
from registry.notices.queries import nudged
from registry.notices.rules import Matter
from registry.proposals.queries import waiting
from registry.proposals.views import cases

SHOWN = 8


def desk(actor: Actor) -> dict[str, Any] | None:
    if not actor.holds(Role.OFFICER):
        return None
    found = list(db.session.scalars(waiting.to_review(actor)).unique())
    waits = {case.id: cases.wait(case) for case in found}
    late = sum(1 for wait in waits.values() if wait is not None and wait.overdue)
    return {
        "cases": found[:SHOWN],
        "count": len(found),
        "waits": waits,
        "nudged": nudged.open_counts((Matter.REVIEW, case.id) for case in found[:SHOWN]),
        "late": late,
        "begun": sum(case.firm.stage == Stage.UNDER_REVIEW for case in found),
    }
