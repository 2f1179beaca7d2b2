"""Every row against its seal, and every anchor against both chains; what was found stands on the trail itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.steady import steady_view
from registry.trail.services import anchoring, recounting, trail

NAMED = 20
"""Rows that the entry names; how many there are in all stands beside them."""


def rows(actor: Actor, *, at: datetime) -> dict[str, Any]:
    """Check and record; the facts that were recorded. People and fields are not named in it, rows are by number."""
    with steady_view():
        found = recounting.recount(db.session())
        differs, unread = None, ""
        try:
            differs = anchoring.first_that_differs(anchoring.place())
        except (anchoring.BadAnchors, OSError) as error:
            unread = type(error).__name__
    fault = found.fault or ("rows" if found.faults else "") or ("anchor" if differs or unread else "")
    facts = {
        "rows": found.rows, "head": found.head, "fault": fault or None, "broken": found.broken,
        "count": len(found.faults) or None,
        "fields": [f"{one.table} {one.key} {one.field} {one.fault}" for one in found.faults[:NAMED]] or None,
    }  # fmt: skip
    trail.record(actor, "recount", "trail", at=at, after={key: value for key, value in facts.items() if value})
    return facts
