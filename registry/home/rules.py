"""Who may nudge for everything overdue at once, who looks at exceptions, and what that is called."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.vocabulary import Role
from registry.trail.texts import Words

PERMISSIONS = {
    "overdue.nudge": lambda actor, _: actor.holds(Role.CITY_OFFICE),
    "exception.read": lambda actor, _: actor.holds(Role.AUDITOR),
}
WORDS = Words(
    permissions={"overdue.nudge": N_("一并催办逾期事项"), "exception.read": N_("查看例外事项")},
)
