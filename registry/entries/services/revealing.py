"""A contact is shown in full for a purpose: whosever it is, looking is itself an act on the trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from registry.base import contacts
from registry.base.errors import NotAllowed, ReasonNeeded
from registry.base.permissions import Actor, can
from registry.trail.services import trail


def reveal(actor: Actor, permission: str, row: Any, *, at: datetime, purpose: str) -> dict[str, str]:
    """Both contacts of the row by field. Raises NotAllowed, ReasonNeeded('purpose')."""
    if not can(actor, permission, row):
        raise NotAllowed
    if not purpose.strip():
        raise ReasonNeeded("purpose")
    trail.record(actor, "reveal", row, at=at, reason=purpose)
    return contacts.of(row)
