"""催办 for everything overdue at once: each by its own feature's rules, what was nudged meanwhile left out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from registry.base.permissions import Actor
from registry.cases.services import nudging as cases
from registry.home.queries import late
from registry.home.queries.late import Late
from registry.notices.rules import Matter, NudgedAlready
from registry.nudges.services import nudging as proposals
from registry.plans.services import tasks


def nudge_all(actor: Actor, shown: Collection[str], *, at: datetime, on: date) -> list[Late]:
    """Of what was shown (`Late.key`), whatever is still overdue and not nudged today; those that were nudged."""
    wanted = [one for one in late.overdue(actor, on) if one.key in shown and one.nudged_on is None]
    return [one for one in wanted if _nudged(actor, one, at, on)]


def _nudged(actor: Actor, one: Late, at: datetime, on: date) -> bool:
    try:
        if one.matter is Matter.TASK:
            tasks.nudge(actor, one.record, at=at, on=on)
        elif one.matter is Matter.CASE:
            cases.nudge(actor, one.record, at=at, on=on)
        else:
            proposals.nudge_case(actor, one.record, at=at, on=on)
    except NudgedAlready:
        return False
    return True
